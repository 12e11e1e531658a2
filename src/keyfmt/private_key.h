#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "keyfmt/public_key.h"

namespace sshkeep::keyfmt {

/// What a private key file tells without being decrypted. No secret byte is kept.
struct PrivateKeyHeader {
    enum class Format : std::uint8_t { openssh, pem_rsa, pem_dsa, pem_ec, pkcs8, pkcs8_encrypted };
    Format format = Format::openssh;
    bool encrypted = false;
    std::string cipher;   ///< "none", "aes256-ctr", "aes-128-cbc" ...
    std::string kdf;      ///< "none", "bcrypt", "md5" for the old PEM encryption, "pbkdf2", "scrypt" for PKCS #8
    unsigned rounds = 0;  ///< of bcrypt, iterations of PBKDF2, cost of scrypt; 1 for the old PEM encryption
    /// The openssh format carries it in clear; of the others it is read when they are not encrypted.
    std::optional<PublicKey> public_key;
};

/// Errors: invalid (not a private key, or damaged).
[[nodiscard]] Result<PrivateKeyHeader> parse_private_key_header(std::string_view bytes);
/// A quick look at the first bytes: does this look like a private key file?
[[nodiscard]] bool looks_like_private_key(std::string_view bytes) noexcept;

}  // namespace sshkeep::keyfmt
