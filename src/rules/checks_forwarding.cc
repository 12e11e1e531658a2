// What may be forwarded, and by whom.

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.h"
#include "rules/checks_support.h"

namespace sshkeep::rules {

namespace {

using sshdconf::Effective;

/// sftp is all that the context is meant for.
bool is_sftp_only(const Effective& effective) {
    const std::string_view command = effective.value("forcecommand");
    const std::string_view program = command.substr(0, command.find(' '));
    return program == "internal-sftp" || program.ends_with("/sftp-server");
}

/// DisableForwarding counts as closing everything: what it leaves open in old releases is a matter of the version.
bool all_disabled(const Effective& effective) { return is_yes(effective, "disableforwarding"); }

bool tcp_forwarding(const Effective& effective) {
    return !all_disabled(effective) && effective.value("allowtcpforwarding") != "no";
}

Results sftp_only_forwarding(const CheckInput& input) {
    return judge_contexts(
        input,
        {"forcecommand", "disableforwarding", "allowtcpforwarding", "allowstreamlocalforwarding",
         "allowagentforwarding", "x11forwarding", "permittunnel"},
        [&](const facts::Context& context) -> std::optional<CheckResult> {
            const Effective& effective = *context.effective;
            if (!is_sftp_only(effective) || all_disabled(effective)) {
                return std::nullopt;
            }
            constexpr std::array options{
                std::pair{std::string_view{"allowtcpforwarding"}, std::string_view{"AllowTcpForwarding"}},
                std::pair{std::string_view{"allowstreamlocalforwarding"},
                          std::string_view{"AllowStreamLocalForwarding"}},
                std::pair{std::string_view{"allowagentforwarding"}, std::string_view{"AllowAgentForwarding"}},
                std::pair{std::string_view{"x11forwarding"}, std::string_view{"X11Forwarding"}},
                std::pair{std::string_view{"permittunnel"}, std::string_view{"PermitTunnel"}},
            };
            std::vector<std::string> open;
            for (const auto& [key, name] : options) {
                const std::string_view value = effective.value(key);
                if (!value.empty() && value != "no") {
                    open.push_back(fmt::format("{} {}", name, shown(value)));
                }
            }
            if (open.empty()) {
                return std::nullopt;
            }
            CheckResult found{.detail = fmt::format("Only sftp is meant, but {} {} open.", join(open, ", "),
                                                    open.size() == 1 ? "is left" : "are left")};
            found.where = at(*input.facts.config, *effective.find("forcecommand"));
            return found;
        },
        "Whoever may only use sftp can forward nothing.");
}

bool is_any(const Effective& effective, std::string_view option) {
    const std::string_view value = effective.value(option);
    return value.empty() || value == "any";
}

Results gateway_ports_open(const CheckInput& input) {
    return judge_contexts(
        input, {"gatewayports", "allowtcpforwarding", "disableforwarding", "permitlisten"},
        [](const facts::Context& context) -> std::optional<CheckResult> {
            const Effective& effective = *context.effective;
            const std::string_view gateway = effective.value("gatewayports");
            const std::string_view tcp = effective.value("allowtcpforwarding");
            if (gateway.empty() || gateway == "no" || !tcp_forwarding(effective) || tcp == "local" ||
                !is_any(effective, "permitlisten")) {
                return std::nullopt;
            }
            return CheckResult{
                .detail = fmt::format("GatewayPorts {} lets ssh -R open ports of this host to the whole network, "
                                      "and PermitListen does not limit which.",
                                      shown(gateway))};
        },
        "No remote forwarding can be opened to the whole network.");
}

Results forwarding_unbounded(const CheckInput& input) {
    return judge_contexts(
        input, {"allowtcpforwarding", "disableforwarding", "permitopen", "permitlisten"},
        [](const facts::Context& context) -> std::optional<CheckResult> {
            const Effective& effective = *context.effective;
            const std::string_view tcp = effective.value("allowtcpforwarding");
            const bool opens = tcp != "remote" && is_any(effective, "permitopen");
            const bool listens = tcp != "local" && is_any(effective, "permitlisten");
            if (!tcp_forwarding(effective) || (!opens && !listens)) {
                return std::nullopt;
            }
            return CheckResult{.detail = fmt::format("AllowTcpForwarding is {} and {} sets no bound.", shown(tcp),
                                                     opens && listens ? "neither PermitOpen nor PermitListen"
                                                     : opens          ? "no PermitOpen"
                                                                      : "no PermitListen")};
        },
        "TCP forwarding is off or bounded by PermitOpen and PermitListen.");
}

constexpr std::array checks{
    NamedCheck{"sftp_only_forwarding", sftp_only_forwarding},
    NamedCheck{"gateway_ports_open", gateway_ports_open},
    NamedCheck{"forwarding_unbounded", forwarding_unbounded},
};

}  // namespace

std::span<const NamedCheck> forwarding_checks() { return checks; }

}  // namespace sshkeep::rules
