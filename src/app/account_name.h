#pragma once

#include <string_view>

namespace sshkeep::app {

/// Letters, digits, '.', '_' and '-', not '-' first, at most 32: what every tool takes for a name, and no shell for
/// anything else.
[[nodiscard]] bool is_plain_account_name(std::string_view name) noexcept;

}  // namespace sshkeep::app
