#pragma once

#include <string>

#include "base/result.h"
#include "keyfmt/public_key.h"

namespace sshkeep::bin {

/// The key of --key: a public key, a certificate, or a private key, whose public half is in FILE.pub or in itself.
/// No secret byte is kept.
[[nodiscard]] Result<keyfmt::PublicKey> read_key(const std::string& path);

}  // namespace sshkeep::bin
