#pragma once

#include "sshdconf/effective.h"
#include "sshdconf/settings.h"

namespace sshkeep::sshdconf {

// Puts the two passes together as sshd does and words every option as its -T prints it.

/// Until 8.6 ChallengeResponseAuthentication, on by default, switches keyboard-interactive on. For what the first pass
/// has stored, before it is presented.
void let_challenge_response_decide(Slots& start, const Build& build);

/// For connections for which the second pass sets nothing.
[[nodiscard]] std::vector<Setting> present_settings(const Slots& start, const Build& build);
/// Only the options that the pass for a connection has touched, in printing order.
[[nodiscard]] std::vector<Setting> present_touched(const Slots& start, const Slots& connection, const Build& build);

/// The addresses that sshd listens on, as it prints them.
struct ListenAddresses {
    std::vector<std::string> lines;
    std::string unresolved;  ///< a host name, which is not looked up here
    std::string refused;     ///< no address, or one that does not fit AddressFamily
};
[[nodiscard]] ListenAddresses listen_addresses(const Slots& start, const Build& build);

/// One element of an option's values split at part_separator.
[[nodiscard]] std::vector<std::string> parts_of(const std::string& element);

}  // namespace sshkeep::sshdconf
