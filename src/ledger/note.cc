#include "ledger/note.h"

#include <algorithm>
#include <array>

#include "base/escape.h"
#include "base/text.h"
#include "ledger/encoding.h"

namespace sshkeep::ledger {
namespace {

constexpr std::string_view dash = "\xE2\x80\x94 ";  // U+2014 and a space

std::string big_endian(std::uint64_t value, std::size_t size) {
    std::string bytes;
    while (size-- > 0) {
        bytes += static_cast<char>(value >> (8 * size) & 0xFFU);
    }
    return bytes;
}

std::uint64_t parse_big_endian(std::string_view bytes) {
    std::uint64_t value = 0;
    for (const char c : bytes) {
        value = value << 8 | static_cast<std::uint8_t>(c);
    }
    return value;
}

std::string cosigned_text(std::string_view text, std::uint64_t time) {
    return "cosignature/v1\ntime " + std::to_string(time) + '\n' + std::string(text);
}

bool has_control_character(std::string_view text) {
    return std::ranges::any_of(text, [](char c) { return static_cast<std::uint8_t>(c) < 0x20 && c != '\n'; });
}

bool fits(const NoteSignature& signature, std::string_view text, const VerifierKey& key) {
    std::string_view bytes = signature.bytes;
    std::string message(text);
    if (key.kind == KeyKind::cosignature) {
        if (bytes.size() < 8) {
            return false;
        }
        message = cosigned_text(text, parse_big_endian(bytes.substr(0, 8)));
        bytes.remove_prefix(8);
    }
    Signature raw;
    if (bytes.size() != raw.size()) {
        return false;
    }
    std::ranges::copy(as_bytes(bytes), raw.begin());
    return is_signed(key.key, message, raw);
}

}  // namespace

bool is_key_name(std::string_view name) {
    return !name.empty() && std::ranges::all_of(name, [](char c) { return c > ' ' && c < '\x7F' && c != '+'; });
}

std::uint32_t key_id(const VerifierKey& key) {
    const std::array<char, 2> middle{'\n', static_cast<char>(key.kind)};
    const std::array<std::string_view, 3> pieces{key.name, std::string_view(middle.data(), 2), as_text(key.key)};
    const auto hash = sha256(pieces);
    return static_cast<std::uint32_t>(parse_big_endian(as_text(hash).substr(0, 4)));
}

std::string render_verifier_key(const VerifierKey& key) {
    std::string bytes(1, static_cast<char>(key.kind));
    bytes += as_text(key.key);
    return key.name + '+' + to_hex(big_endian(key_id(key), 4)) + '+' + to_base64(bytes);
}

Result<VerifierKey> parse_verifier_key(std::string_view line) {
    const auto first = line.find('+');
    const auto second = first == std::string_view::npos ? first : line.find('+', first + 1);
    if (second == std::string_view::npos || !is_key_name(line.substr(0, first))) {
        return fail(ErrorCode::invalid, "a verifier key is NAME+ID+BASE64");
    }
    const auto id = parse_hex(line.substr(first + 1, second - first - 1));
    const auto bytes = parse_base64(line.substr(second + 1));
    if (!id || id->size() != 4 || !bytes || bytes->size() != 33) {
        return fail(ErrorCode::invalid, "the verifier key's ID or base64 is malformed");
    }
    VerifierKey key{.name = std::string(line.substr(0, first)), .kind = static_cast<KeyKind>((*bytes)[0])};
    if (key.kind != KeyKind::ed25519 && key.kind != KeyKind::cosignature) {
        return fail(ErrorCode::unsupported, "the verifier key is of a kind that is not known here");
    }
    std::ranges::copy(as_bytes(std::string_view(*bytes).substr(1)), key.key.begin());
    if (parse_big_endian(*id) != key_id(key)) {
        return fail(ErrorCode::invalid, "the verifier key's ID is another key's");
    }
    return key;
}

Result<NoteSignature> parse_signature(std::string_view line) {
    if (!line.starts_with(dash)) {
        return fail(ErrorCode::invalid, "a signature line begins with an em dash");
    }
    line.remove_prefix(dash.size());
    const auto space = line.find(' ');
    if (space == std::string_view::npos || !is_key_name(line.substr(0, space))) {
        return fail(ErrorCode::invalid, "a signature line without a key name");
    }
    const auto bytes = parse_base64(line.substr(space + 1));
    if (!bytes || bytes->size() < 5) {
        return fail(ErrorCode::invalid, "a signature line without a signature");
    }
    const std::string_view view = *bytes;
    return NoteSignature{std::string(line.substr(0, space)),
                         static_cast<std::uint32_t>(parse_big_endian(view.substr(0, 4))), std::string(view.substr(4))};
}

std::string render_signature(const NoteSignature& signature) {
    return std::string(dash) + signature.name + ' ' + to_base64(big_endian(signature.id, 4) + signature.bytes) + '\n';
}

Result<Note> parse_note(std::string_view bytes) {
    if (bytes.size() > max_note) {
        return fail(ErrorCode::too_large, "the note is longer than " + std::to_string(max_note) + " bytes");
    }
    const auto border = bytes.rfind("\n\n");
    if (border == std::string_view::npos || !bytes.ends_with('\n') || has_control_character(bytes) ||
        valid_utf8(bytes) != bytes) {
        return fail(ErrorCode::invalid, "not a signed note");
    }
    Note note{.text = std::string(bytes.substr(0, border + 1))};
    auto rest = bytes.substr(border + 2);
    while (!rest.empty()) {
        const auto end = rest.find('\n');
        if (note.signatures.size() == max_signatures) {
            return fail(ErrorCode::too_large, "more than " + std::to_string(max_signatures) + " signatures");
        }
        note.signatures.push_back(TRY(parse_signature(rest.substr(0, end))));
        rest.remove_prefix(end + 1);
    }
    if (note.signatures.empty()) {
        return fail(ErrorCode::invalid, "a note without a signature");
    }
    return note;
}

std::string render_note(const Note& note) {
    std::string bytes = note.text + '\n';
    for (const auto& signature : note.signatures) {
        bytes += render_signature(signature);
    }
    return bytes;
}

NoteSignature sign_note(std::string_view text, std::string_view name, const PrivateKey& key) {
    const auto signature = key.sign(text);
    return {std::string(name), key_id({std::string(name), KeyKind::ed25519, key.public_key()}),
            std::string(as_text(signature))};
}

NoteSignature cosign_note(std::string_view text, std::string_view name, const PrivateKey& key, std::uint64_t time) {
    const auto signature = key.sign(cosigned_text(text, time));
    return {std::string(name), key_id({std::string(name), KeyKind::cosignature, key.public_key()}),
            big_endian(time, 8) + std::string(as_text(signature))};
}

SignatureCheck check_signature(const Note& note, const VerifierKey& key) {
    const auto id = key_id(key);
    for (const auto& signature : note.signatures) {
        if (signature.id == id && signature.name == key.name) {
            return fits(signature, note.text, key) ? SignatureCheck::valid : SignatureCheck::wrong;
        }
    }
    return SignatureCheck::absent;
}

bool is_signed_by(const Note& note, const VerifierKey& key) {
    return check_signature(note, key) == SignatureCheck::valid;
}

}  // namespace sshkeep::ledger
