#pragma once

#include <memory>

#include "ports/commands.h"

namespace sshkeep::host {

/// Programs of the running host.
[[nodiscard]] std::unique_ptr<ports::Commands> make_local_commands();

}  // namespace sshkeep::host
