#include "ledger/checkpoint.h"

#include <algorithm>
#include <optional>

#include "ledger/encoding.h"

namespace sshkeep::ledger {
namespace {

constexpr std::string_view proof_header = "c2sp.org/tlog-proof@v1";

/// Takes the next line off `rest`, without its newline; nothing when none ends.
std::optional<std::string_view> take_line(std::string_view& rest) {
    const auto end = rest.find('\n');
    if (end == std::string_view::npos) {
        return std::nullopt;
    }
    const auto line = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    return line;
}

std::optional<std::string_view> after(std::optional<std::string_view> line, std::string_view keyword) {
    if (!line || !line->starts_with(keyword)) {
        return std::nullopt;
    }
    return line->substr(keyword.size());
}

/// Base64 hashes, a line each, up to an empty line.
Result<std::vector<Hash>> take_hashes(std::string_view& rest) {
    std::vector<Hash> hashes;
    for (;;) {
        const auto line = take_line(rest);
        if (line && line->empty()) {
            return hashes;
        }
        const auto hash = line ? parse_base64_hash(*line) : std::nullopt;
        if (!hash || hashes.size() == max_proof_hashes) {
            return fail(ErrorCode::invalid, "a proof is up to 63 lines of base64 hashes and an empty line");
        }
        hashes.push_back(*hash);
    }
}

std::string render_hashes(const std::vector<Hash>& hashes) {
    std::string text;
    for (const auto& hash : hashes) {
        text += to_base64(hash) + '\n';
    }
    return text + '\n';
}

}  // namespace

std::string render_checkpoint(const Checkpoint& checkpoint) {
    return checkpoint.origin + '\n' + std::to_string(checkpoint.size) + '\n' + to_base64(checkpoint.root) + '\n';
}

Result<Checkpoint> parse_checkpoint(std::string_view text) {
    Checkpoint checkpoint;
    const auto origin = take_line(text);
    const auto size = take_line(text);
    const auto root = take_line(text);
    const auto number = size ? parse_decimal(*size) : std::nullopt;
    const auto hash = root ? parse_base64_hash(*root) : std::nullopt;
    if (!origin || origin->empty() || !number || !hash || text.starts_with('\n') ||
        text.find("\n\n") != std::string_view::npos) {
        return fail(ErrorCode::invalid, "a checkpoint is origin, size and root, a line each");
    }
    return Checkpoint{std::string(*origin), *number, *hash};
}

std::string sign_checkpoint(const Checkpoint& checkpoint, const PrivateKey& key) {
    Note note{.text = render_checkpoint(checkpoint)};
    note.signatures.push_back(sign_note(note.text, checkpoint.origin, key));
    return render_note(note);
}

Result<SignedCheckpoint> parse_signed_checkpoint(std::string_view bytes) {
    SignedCheckpoint parsed{.note = TRY(parse_note(bytes))};
    parsed.checkpoint = TRY(parse_checkpoint(parsed.note.text));
    return parsed;
}

std::string render_proof(const InclusionProof& proof) {
    return std::string(proof_header) + "\nextra " + to_base64(proof.record) + "\nindex " + std::to_string(proof.index) +
           '\n' + render_hashes(proof.hashes) + proof.checkpoint;
}

Result<InclusionProof> parse_proof(std::string_view bytes) {
    if (bytes.size() > max_proof) {
        return fail(ErrorCode::too_large, "longer than a proof can be");
    }
    InclusionProof proof;
    if (take_line(bytes) != proof_header) {
        return fail(ErrorCode::invalid, "not a proof: the first line is " + std::string(proof_header));
    }
    const auto extra = after(take_line(bytes), "extra ");
    const auto record = extra ? parse_base64(*extra) : std::nullopt;
    const auto index = after(take_line(bytes), "index ");
    const auto number = index ? parse_decimal(*index) : std::nullopt;
    if (!record || !number) {
        return fail(ErrorCode::invalid, "a proof has a line \"extra BASE64\" and a line \"index NUMBER\"");
    }
    proof.record = *record;
    proof.index = *number;
    proof.hashes = TRY(take_hashes(bytes));
    proof.checkpoint = bytes;
    return proof;
}

std::string render_proofs(const std::vector<InclusionProof>& proofs) {
    std::string text;
    for (const auto& proof : proofs) {
        text += render_proof(proof);
    }
    return text;
}

Result<std::vector<InclusionProof>> parse_proofs(std::string_view bytes) {
    std::vector<InclusionProof> proofs;
    const std::string border = '\n' + std::string(proof_header) + '\n';
    while (!bytes.empty()) {
        const auto next = bytes.find(border);
        const auto length = next == std::string_view::npos ? bytes.size() : next + 1;
        if (proofs.size() == max_proofs) {
            return fail(ErrorCode::too_large, "more than " + std::to_string(max_proofs) + " proofs");
        }
        proofs.push_back(TRY(parse_proof(bytes.substr(0, length))));
        bytes.remove_prefix(length);
    }
    if (proofs.empty()) {
        return fail(ErrorCode::invalid, "there is no proof");
    }
    return proofs;
}

/// A note ends where a line that is no signature follows one that is.
Result<std::vector<SignedCheckpoint>> parse_checkpoint_file(std::string_view bytes) {
    constexpr std::string_view signature = "\xE2\x80\x94 ";
    std::vector<SignedCheckpoint> checkpoints;
    std::size_t start = 0;
    bool in_signatures = false;
    for (std::size_t at = 0; at < bytes.size();) {
        const auto end = std::min(bytes.find('\n', at), bytes.size() - 1) + 1;
        const bool is_signature = bytes.substr(at).starts_with(signature);
        if (in_signatures && !is_signature) {
            checkpoints.push_back(TRY(parse_signed_checkpoint(bytes.substr(start, at - start))));
            start = at;
        }
        in_signatures = is_signature;
        at = end;
    }
    checkpoints.push_back(TRY(parse_signed_checkpoint(bytes.substr(start))));
    return checkpoints;
}

std::string render_witness_request(const WitnessRequest& request) {
    return "old " + std::to_string(request.old_size) + '\n' + render_hashes(request.hashes) + request.checkpoint;
}

Result<WitnessRequest> parse_witness_request(std::string_view bytes) {
    if (bytes.size() > max_proof) {
        return fail(ErrorCode::too_large, "longer than a request can be");
    }
    WitnessRequest request;
    const auto old_size = after(take_line(bytes), "old ");
    const auto number = old_size ? parse_decimal(*old_size) : std::nullopt;
    if (!number) {
        return fail(ErrorCode::invalid, "the first line is \"old SIZE\"");
    }
    request.old_size = *number;
    request.hashes = TRY(take_hashes(bytes));
    request.checkpoint = bytes;
    return request;
}

}  // namespace sshkeep::ledger
