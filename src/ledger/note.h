#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ledger/ed25519.h"

/// Signed notes (C2SP signed-note), and the two kinds of signature used here.
namespace sshkeep::ledger {

enum class KeyKind : std::uint8_t {
    ed25519 = 0x01,      ///< the log's own signature
    cosignature = 0x04,  ///< a witness's, with the time it signed (C2SP tlog-cosignature v1)
};

/// A public key with its name, as a "vkey" line: NAME+KEYID+BASE64.
struct VerifierKey {
    std::string name;
    KeyKind kind = KeyKind::ed25519;
    PublicKey key{};

    friend bool operator==(const VerifierKey&, const VerifierKey&) = default;
};

/// First four bytes of SHA-256(name || 0x0A || kind || key).
[[nodiscard]] std::uint32_t key_id(const VerifierKey& key);
[[nodiscard]] std::string render_verifier_key(const VerifierKey& key);
/// Refuses a line whose key ID does not belong to its key.
[[nodiscard]] Result<VerifierKey> parse_verifier_key(std::string_view line);
/// Not empty, printable ASCII without space and plus.
[[nodiscard]] bool is_key_name(std::string_view name);

struct NoteSignature {
    std::string name;
    std::uint32_t id = 0;
    std::string bytes;  ///< behind the key ID; what they mean is the key's matter
};

/// Text and signatures. Nothing in it may be believed before is_signed_by.
struct Note {
    std::string text;  ///< ends with a newline
    std::vector<NoteSignature> signatures;
};

constexpr std::size_t max_note = 64UZ * 1024;
constexpr std::size_t max_signatures = 64;

[[nodiscard]] Result<Note> parse_note(std::string_view bytes);
[[nodiscard]] std::string render_note(const Note& note);
/// One signature line: em dash, name, base64.
[[nodiscard]] std::string render_signature(const NoteSignature& signature);
/// The other direction, without the newline.
[[nodiscard]] Result<NoteSignature> parse_signature(std::string_view line);

[[nodiscard]] NoteSignature sign_note(std::string_view text, std::string_view name, const PrivateKey& key);
/// A witness's signature that says "I saw this at that time" (seconds since the epoch).
[[nodiscard]] NoteSignature cosign_note(std::string_view text, std::string_view name, const PrivateKey& key,
                                        std::uint64_t time);

enum class SignatureCheck : std::uint8_t {
    valid,
    absent,  ///< no signature of that name and key ID
    wrong,   ///< there is one, and it does not fit
};
[[nodiscard]] SignatureCheck check_signature(const Note& note, const VerifierKey& key);
[[nodiscard]] bool is_signed_by(const Note& note, const VerifierKey& key);

}  // namespace sshkeep::ledger
