#pragma once

#include <optional>
#include <set>
#include <string>

#include "ports/host.h"

namespace sshkeep::app {

/// The addresses of a running host's interfaces, numeric. nullopt: they cannot be read, or it is an offline tree.
[[nodiscard]] std::optional<std::set<std::string>> read_local_addresses(ports::Host& host);

}  // namespace sshkeep::app
