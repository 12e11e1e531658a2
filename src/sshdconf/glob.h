#pragma once

#include <string_view>

namespace sshkeep::sshdconf {

/// fnmatch(3) with FNM_PERIOD for one path component in the C locale: * ? [a-z] [!a-z] [[:alpha:]] and backslash.
/// Takes at most pattern times name steps.
[[nodiscard]] bool glob_matches(std::string_view pattern, std::string_view name) noexcept;

/// Whether glob(3) finds an existing path by an absolute pattern.
[[nodiscard]] bool path_matches(std::string_view pattern, std::string_view path);

}  // namespace sshkeep::sshdconf
