#pragma once

#include "sshdconf/config.h"
#include "sshdconf/options.h"

namespace sshkeep::sshdconf {

/// Adds what sshd would complain about when it starts with this configuration.
void check_config(Config& config);

}  // namespace sshkeep::sshdconf
