#include "app/ledger_proofs.h"

#include <algorithm>

namespace sshkeep::app {
namespace {

constexpr std::size_t max_epochs = ledger::max_proofs - 1;

ledger::NodeReader nodes_of(ledger::LogReader& log) {
    return ledger::nodes_from([&log](ledger::TileId id) { return log.read_tile(id); });
}

Result<ledger::Record> read_epoch(ledger::LogReader& log, std::uint64_t sequence) {
    const auto bytes = TRY(log.read_record(sequence));
    auto record = ledger::decode_record(bytes.value_or(""));
    if (!record || record->kind != ledger::Kind::epoch) {
        return fail(ErrorCode::invalid,
                    "record " + std::to_string(sequence) + " of an epoch is damaged; see: sshkeep log verify");
    }
    return record;
}

}  // namespace

Result<std::vector<ledger::Epoch>> read_epochs(ledger::LogReader& log) {
    std::vector<ledger::Epoch> epochs;
    const auto head = TRY(log.read_head());
    if (head.size == 0) {
        return fail(ErrorCode::not_found, "the ledger is empty");
    }
    for (auto next = head.epoch; next != ledger::no_reference;) {
        const auto record = TRY(read_epoch(log, next));
        epochs.push_back({next, TRY(ledger::parse_verifier_key(record.detail))});
        if (epochs.size() > max_epochs || (record.refers_to != ledger::no_reference && record.refers_to >= next)) {
            return fail(ErrorCode::invalid, "the chain of epochs is damaged; see: sshkeep log verify");
        }
        next = record.refers_to;
    }
    std::ranges::reverse(epochs);
    return epochs;
}

Result<std::vector<ledger::InclusionProof>> prove_succession(ledger::LogReader& log) {
    std::vector<ledger::InclusionProof> proofs;
    const auto epochs = TRY(read_epochs(log));
    const auto head = TRY(log.read_head());
    const auto kept = TRY(log.read_checkpoints());
    const auto head_note = TRY(ledger::parse_note(head.note));
    const auto node = nodes_of(log);
    for (std::size_t i = 1; i < epochs.size(); ++i) {
        const auto sequence = epochs[i].record;
        const auto closing =
            std::ranges::lower_bound(kept, sequence + 1, {}, &std::pair<std::uint64_t, std::string>::first);
        if (sequence + 1 == head.size && !ledger::is_signed_by(head_note, epochs[i].key)) {
            break;  // still the key before signed this head
        }
        if (closing == kept.end() || closing->first != sequence + 1) {
            return fail(ErrorCode::invalid, "the last checkpoint of an epoch is missing; see: sshkeep log verify");
        }
        proofs.push_back({TRY(log.read_record(sequence)).value_or(""), sequence,
                          TRY(ledger::prove_inclusion(sequence, sequence + 1, node)), closing->second});
    }
    return proofs;
}

Result<std::vector<ledger::InclusionProof>> prove_record(ledger::LogReader& log, std::uint64_t sequence,
                                                         std::optional<std::string> record) {
    const auto head = TRY(log.read_head());
    auto hashes = TRY(ledger::prove_inclusion(sequence, head.size, nodes_of(log)));
    if (!record) {
        record = TRY(log.read_record(sequence));
    }
    if (!record) {
        return fail(ErrorCode::not_found,
                    "record " + std::to_string(sequence) + " is not in the database" +
                        (sequence < head.archived_below ? "; name its archive with --archive" : ""));
    }
    if (!TRY(matches_tree(log, sequence, *record))) {
        return fail(ErrorCode::invalid,
                    "record " + std::to_string(sequence) + " is not the one of the tree; see: sshkeep log verify");
    }
    auto proofs = TRY(prove_succession(log));
    proofs.push_back({*std::move(record), sequence, std::move(hashes), head.note});
    return proofs;
}

Result<ledger::Record> verify_proofs(std::span<const ledger::InclusionProof> proofs, const ledger::VerifierKey& first) {
    if (proofs.empty()) {
        return fail(ErrorCode::invalid, "there is no proof");
    }
    // Whoever pinned a later key than the first: the proofs before it are not needed.
    const auto tail = proofs.first(proofs.size() - 1);
    for (std::size_t skip = 0; skip <= tail.size(); ++skip) {
        const auto keys = ledger::verify_succession(tail.subspan(skip), first);
        if (keys) {
            if (auto record = ledger::verify_proof(proofs.back(), keys->back()); record || skip == tail.size()) {
                return record;
            }
        }
    }
    return fail(ErrorCode::invalid, "the checkpoint is not signed by the trusted key");
}

Result<std::vector<ledger::Hash>> prove_growth(ledger::LogReader& log, std::uint64_t old_size) {
    return ledger::prove_consistency(old_size, TRY(log.read_head()).size, nodes_of(log));
}

Result<bool> matches_tree(ledger::LogReader& log, std::uint64_t sequence, std::string_view record) {
    const auto tile = TRY(log.read_tile({0, sequence / ledger::tile_width}));
    const auto at = sequence % ledger::tile_width;
    return at < tile.size() && tile[at] == ledger::leaf_hash(record);
}

}  // namespace sshkeep::app
