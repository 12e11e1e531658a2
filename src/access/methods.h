#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "access/state.h"

/// AuthenticationMethods and the methods that are on: auth2.c. Used within the room.
namespace sshkeep::access {

/// "keyboard-interactive" of "keyboard-interactive:pam".
[[nodiscard]] std::string_view method_of(std::string_view element);
[[nodiscard]] bool is_enabled(const Policy& policy, std::string_view method);
/// The lists that sshd keeps: those that name no method that is off. Without AuthenticationMethods, one of a single
/// element for each method that is on, `none` too.
[[nodiscard]] std::vector<std::vector<std::string>> usable_chains(const Policy& policy);
/// PermitRootLogin against one method; `rights` of the key that was used, if any.
[[nodiscard]] Verdict root_verdict(const facts::Account& account, const Policy& policy, std::string_view method,
                                   const Rights* rights);

}  // namespace sshkeep::access
