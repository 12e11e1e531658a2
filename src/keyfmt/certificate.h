#pragma once

#include "base/result.h"
#include "keyfmt/public_key.h"
#include "keyfmt/wire.h"

namespace sshkeep::keyfmt {

/// What follows the plain key in a certificate: PROTOCOL.certkeys. The signature's form is read, not its truth.
[[nodiscard]] Result<Certificate> read_certificate(WireReader& reader);

}  // namespace sshkeep::keyfmt
