#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ports/host.h"

namespace sshkeep::app {

/// fnmatch(3) with FNM_PERIOD for one path component in the C locale: * ? [a-z] [!a-z] [[:alpha:]] and backslash.
/// Takes at most pattern times name steps.
[[nodiscard]] bool glob_matches(std::string_view pattern, std::string_view name) noexcept;

/// glob(3) with no flags, on an absolute pattern: the existing paths that match, sorted bytewise.
/// Error permission: a directory on the way cannot be listed; too_large: more than 4096 paths.
[[nodiscard]] Result<std::vector<std::string>> read_glob(ports::Host& host, std::string_view pattern);

}  // namespace sshkeep::app
