#pragma once

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
    std::string cipher;  ///< "none", "aes256-ctr", "aes-128-cbc" ...
    std::string kdf;     ///< "none", "bcrypt", or "md5" for the old PEM encryption
    unsigned rounds = 0;  ///< of bcrypt
    std::optional<PublicKey> public_key;  ///< the openssh format carries it in clear
};

/// Errors: invalid (not a private key, or damaged).
[[nodiscard]] Result<PrivateKeyHeader> parse_private_key_header(std::string_view bytes);
/// A quick look at the first bytes: does this look like a private key file?
[[nodiscard]] bool looks_like_private_key(std::string_view bytes) noexcept;

}  // namespace sshkeep::keyfmt
