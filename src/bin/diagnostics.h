#pragma once

#include "sshdconf/config.h"

namespace sshkeep::bin {

/// Tells what sshd would complain about, on standard error. False: it would not start.
[[nodiscard]] bool tell_diagnostics(const sshdconf::Config& config);

}  // namespace sshkeep::bin
