#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace sshkeep::keyfmt {

/// One block of RFC 7468 or RFC 1421.
struct PemBlock {
    std::string_view label;  ///< "RSA PRIVATE KEY"
    std::string_view body;   ///< headers, if any, and base64
};

/// The first private key; a certificate or EC PARAMETERS may stand before it.
[[nodiscard]] Result<PemBlock> find_private_key_block(std::string_view bytes);
/// Takes the headers of RFC 1421 off `body`. For "DEK-Info: AES-128-CBC,IV" gives the cipher; empty when not encrypted.
[[nodiscard]] Result<std::string> take_pem_cipher(std::string_view& body);

/// Fit to be shown as it is: short, and of letters, digits and "-@._".
[[nodiscard]] bool is_algorithm_name(std::string_view name);
[[nodiscard]] std::unexpected<Error> damaged_private_key(std::string_view what);

}  // namespace sshkeep::keyfmt
