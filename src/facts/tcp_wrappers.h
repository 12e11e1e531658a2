#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sshkeep::facts {

/// One rule of hosts.allow or hosts.deny: hosts_access(5).
struct WrapperRule {
    std::uint32_t line = 0;
    std::vector<std::string> daemons;  ///< with "EXCEPT" as a word among them
    std::vector<std::string> clients;
    std::vector<std::string> options;  ///< fields after the clients: shell commands, "deny", "allow", ...
};

struct TcpWrappers {
    bool used = false;  ///< sshd is linked with libwrap
    std::vector<WrapperRule> allow;
    std::vector<WrapperRule> deny;
};

[[nodiscard]] std::vector<WrapperRule> parse_wrapper_rules(std::string_view text);

}  // namespace sshkeep::facts
