#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/untrusted.h"

namespace sshkeep::keyfmt {

/// Family of a key, apart from certificate and signature algorithm.
enum class KeyKind : std::uint8_t { rsa, dsa, ecdsa, ed25519, sk_ecdsa, sk_ed25519, mldsa44_ed25519, xmss, unknown };

/// What a certificate says of itself (PROTOCOL.certkeys). Times are seconds since the epoch; 0 and 2^64-1 mean without
/// bound.
struct Certificate {
    bool host = false;
    std::uint64_t serial = 0;
    Untrusted key_id;
    std::vector<Untrusted> principals;
    std::uint64_t valid_after = 0;
    std::uint64_t valid_before = UINT64_MAX;
    std::string ca_fingerprint;  ///< of the signing key
    std::string signature_algorithm;
    std::string plain_blob;  ///< of the key without its certificate
    std::string ca_blob;     ///< of the signing key
    std::optional<Untrusted> force_command;
    std::optional<Untrusted> source_address;  ///< the list of networks as written
    std::vector<std::string> extensions;      ///< those that sshd knows: "permit-pty", ...
    std::string unusable;  ///< why sshd takes it for no login: an unknown critical option and the like
};

/// A public key: RFC 4253 section 6.6, RFC 5656, RFC 8709, PROTOCOL.u2f, PROTOCOL.certkeys.
struct PublicKey {
    KeyKind kind = KeyKind::unknown;
    std::string type;         ///< the wire name: "ssh-ed25519", "ssh-rsa-cert-v01@openssh.com"
    unsigned bits = 0;        ///< RSA: of the modulus; ECDSA: of the curve; else as ssh-keygen prints it: Ed25519 256
    std::string fingerprint;  ///< "SHA256:" and unpadded base64, as ssh-keygen -lf prints it; for a certificate, of its
                              ///< plain key
    std::optional<Certificate> certificate;
    Untrusted sk_application;  ///< for sk- keys
    std::string blob;          ///< the decoded bytes
};

[[nodiscard]] std::string_view name_of(KeyKind kind) noexcept;

/// Decodes a key blob. The whole blob must be used. Errors say what is wrong: "truncated", "RSA modulus of 16 bits",
/// ...
[[nodiscard]] Result<PublicKey> parse_public_key_blob(std::string_view blob);
/// "TYPE BASE64 [COMMENT]". The type must agree with the blob.
struct PublicKeyLine {
    PublicKey key;
    Untrusted comment;
};
[[nodiscard]] Result<PublicKeyLine> parse_public_key_line(std::string_view line);

}  // namespace sshkeep::keyfmt
