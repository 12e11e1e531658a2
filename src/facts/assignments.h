#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "facts/facts.h"

namespace sshkeep::facts {

/// The value of NAME=value in a file of assignments (os-release(5), EnvironmentFile= of systemd.exec(5)): the last one
/// counts, quotes and backslashes are removed, nothing is expanded. nullopt: not set.
[[nodiscard]] std::optional<std::string> find_assignment(std::string_view text, std::string_view name);

[[nodiscard]] OsRelease parse_os_release(std::string_view text);

}  // namespace sshkeep::facts
