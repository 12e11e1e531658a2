// AllowUsers, AllowGroups, DenyUsers, DenyGroups: what they say and what they were meant to say.

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "model/address.h"
#include "rules/checks_support.h"

namespace sshkeep::rules {

namespace {

using sshdconf::Effective;

constexpr std::array limits{std::string_view{"allowusers"}, std::string_view{"allowgroups"},
                            std::string_view{"denyusers"}, std::string_view{"denygroups"}};

struct UserPattern {
    std::string_view user;
    std::string_view host;  ///< empty: any
};

UserPattern parse_user_pattern(std::string_view pattern) {
    const std::size_t at_sign = pattern.find('@');
    return at_sign == std::string_view::npos ? UserPattern{pattern, {}}
                                             : UserPattern{pattern.substr(0, at_sign), pattern.substr(at_sign + 1)};
}

bool is_literal(std::string_view pattern) {
    return !pattern.empty() && pattern.front() != '!' && pattern.find_first_of("*?") == std::string_view::npos;
}

bool is_star(std::string_view pattern) {
    return !pattern.empty() && pattern.find_first_not_of('*') == std::string_view::npos;
}

/// A host pattern that no numeric address can match: it holds letters and is not an IPv6 address or network.
bool needs_a_name(std::string_view host) {
    if (host.starts_with('!')) {
        host.remove_prefix(1);
    }
    if (host.contains(':') || Cidr::parse(host)) {
        return false;
    }
    return std::ranges::any_of(host, [](char c) { return ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z'; });
}

Results access_limit(const CheckInput& input) {
    return judge_contexts(
        input, {"allowusers", "allowgroups", "denyusers", "denygroups"},
        [](const facts::Context& context) -> std::optional<CheckResult> {
            for (const std::string_view option : limits) {
                if (!words_of(*context.effective, option).empty()) {
                    return std::nullopt;
                }
            }
            return CheckResult{.detail =
                                   "No AllowUsers, AllowGroups, DenyUsers or DenyGroups: every account that has a "
                                   "credential may log in."};
        },
        "AllowUsers, AllowGroups, DenyUsers or DenyGroups limits who may log in.");
}

Results allow_everybody(const CheckInput& input) {
    return judge_contexts(
        input, {"allowusers", "allowgroups"},
        [](const facts::Context& context) -> std::optional<CheckResult> {
            const auto users = words_of(*context.effective, "allowusers");
            const auto groups = words_of(*context.effective, "allowgroups");
            const auto open_user = std::ranges::find_if(users, [](std::string_view pattern) {
                const UserPattern parsed = parse_user_pattern(pattern);
                return is_star(parsed.user) && (parsed.host.empty() || is_star(parsed.host));
            });
            const auto open_group = std::ranges::find_if(groups, is_star);
            const bool users_open = open_user != users.end();
            const bool groups_open = open_group != groups.end();
            // A list that limits makes the other one's star harmless.
            if ((!users_open && !groups_open) || (users_open && !groups.empty() && !groups_open) ||
                (groups_open && !users.empty() && !users_open)) {
                return std::nullopt;
            }
            return CheckResult{.detail = fmt::format("{} {} lets every account in, so the line limits nothing.",
                                                     users_open ? "AllowUsers" : "AllowGroups",
                                                     shown(users_open ? *open_user : *open_group))};
        },
        "No AllowUsers or AllowGroups line lets everybody in.");
}

/// Literal names in the four lists of any context that the host does not have.
struct MissingNames {
    std::set<std::string> users;
    std::set<std::string> groups;
};

MissingNames missing_names(const KnownNames& known, const Effective& effective) {
    MissingNames missing;
    for (const std::string_view option : limits) {
        const bool groups = option.ends_with("groups");
        for (const std::string_view pattern : words_of(effective, option)) {
            const std::string_view name = groups ? pattern : parse_user_pattern(pattern).user;
            if (!is_literal(name)) {
                continue;
            }
            if (groups && !known.groups.contains(name)) {
                missing.groups.emplace(name);
            } else if (!groups && !known.users.contains(name)) {
                missing.users.emplace(name);
            }
        }
    }
    return missing;
}

Results access_names_missing(const CheckInput& input) {
    if (!input.facts.accounts || !input.facts.group_names) {
        return not_known(input.facts.accounts ? input.facts.group_names.error() : input.facts.accounts.error());
    }
    const KnownNames known(input.facts);
    return judge_contexts(
        input, {"allowusers", "allowgroups", "denyusers", "denygroups"},
        [&](const facts::Context& context) -> std::optional<CheckResult> {
            const MissingNames missing = missing_names(known, *context.effective);
            if (missing.users.empty() && missing.groups.empty()) {
                return std::nullopt;
            }
            const auto named = [](const std::set<std::string>& names, std::string_view noun) {
                return names.empty() ? std::string{}
                                     : fmt::format("{}{} {}", noun, names.size() == 1 ? "" : "s",
                                                   listed({names.begin(), names.end()}));
            };
            const std::string users = named(missing.users, "user");
            const std::string groups = named(missing.groups, "group");
            return CheckResult{.detail = fmt::format("There is no {}{}{}: whoever creates the name gets the access, or "
                                                     "escapes the ban.",
                                                     users, users.empty() || groups.empty() ? "" : ", no ", groups)};
        },
        "Every user and group that an Allow or Deny line names exists.");
}

/// Names in "Match Host" lines and after the @ of the four lists, none of which match an address.
Results host_names_without_dns(const CheckInput& input) {
    return judge_contexts(
        input, {"allowusers", "denyusers", "usedns"},
        [](const facts::Context& context) -> std::optional<CheckResult> {
            if (is_yes(*context.effective, "usedns")) {
                return std::nullopt;
            }
            for (const std::string_view option : {std::string_view{"allowusers"}, std::string_view{"denyusers"}}) {
                for (const std::string_view pattern : words_of(*context.effective, option)) {
                    if (needs_a_name(parse_user_pattern(pattern).host)) {
                        return CheckResult{
                            .detail =
                                fmt::format("UseDNS is no, so sshd knows addresses and no names: \"{}\" never "
                                            "matches and {}.",
                                            shown(pattern), option == "allowusers" ? "lets nobody in" : "bans nobody")};
                    }
                }
            }
            return std::nullopt;
        },
        "No Allow or Deny line needs the name of a host that sshd does not look up.");
}

Results allow_deny_conflict(const CheckInput& input) {
    return judge_contexts(
        input, {"allowusers", "denyusers", "allowgroups", "denygroups"},
        [](const facts::Context& context) -> std::optional<CheckResult> {
            for (const auto& [allow, deny] :
                 {std::pair{"allowusers", "denyusers"}, std::pair{"allowgroups", "denygroups"}}) {
                const auto denied = words_of(*context.effective, deny);
                for (const std::string_view name : words_of(*context.effective, allow)) {
                    if (is_literal(name) && std::ranges::find(denied, name) != denied.end()) {
                        return CheckResult{.detail =
                                               fmt::format("{} is both allowed and denied; a Deny line always wins, "
                                                           "wherever it stands.",
                                                           shown(name))};
                    }
                }
            }
            return std::nullopt;
        },
        "No user or group is both allowed and denied.");
}

constexpr std::array checks{
    NamedCheck{"access_limit", access_limit},
    NamedCheck{"allow_everybody", allow_everybody},
    NamedCheck{"access_names_missing", access_names_missing},
    NamedCheck{"host_names_without_dns", host_names_without_dns},
    NamedCheck{"allow_deny_conflict", allow_deny_conflict},
};

}  // namespace

std::span<const NamedCheck> access_checks() { return checks; }

}  // namespace sshkeep::rules
