#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ports/host.h"
#include "sshdconf/glob.h"

namespace sshkeep::app {

using sshdconf::glob_matches;

/// glob(3) with no flags, on an absolute pattern: the existing paths that match, sorted bytewise.
/// Error permission: a directory on the way cannot be listed; too_large: more than 4096 paths.
[[nodiscard]] Result<std::vector<std::string>> read_glob(ports::Host& host, std::string_view pattern);

}  // namespace sshkeep::app
