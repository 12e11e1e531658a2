// Files and programs that the configuration names: who may change them, and whether they are there.

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.h"
#include "rules/checks_paths.h"

namespace sshkeep::rules {

namespace {

/// Paths named by any of the options; `config` unknown is the caller's matter.
template <class Use>
void each_named_path(const CheckInput& input, std::initializer_list<std::string_view> options, Doubts& doubts,
                     Use use) {
    for (const facts::NamedPath& named : input.facts.named_paths) {
        if (std::ranges::find(options, named.option) == options.end()) {
            continue;
        }
        if (named.walk) {
            use(named, *named.walk);
        } else {
            doubts.add(named.option, named.walk.error());
        }
    }
}

Results trust_file_unsafe(const CheckInput& input) {
    if (!input.facts.config) {
        return not_known(input.facts.config.error());
    }
    PathFindings found(input.facts);
    Doubts doubts;
    each_named_path(input, {"trustedusercakeys", "revokedkeys", "hostcertificate", "banner"}, doubts,
                    [&](const facts::NamedPath& named, const facts::PathWalk& walk) {
                        if (const auto defect = defect_of(walk, {})) {
                            found.add(*defect, named.option);
                        }
                    });
    std::string detail = fmt::format("Somebody besides root may change a file that sshd trusts ({}): {}.",
                                     found.subjects(), found.text());
    return std::move(found).conclude(
        doubts, std::move(detail), "Only root may change the CA keys, revoked keys, certificates and banner of sshd.");
}

Results principals_file_unsafe(const CheckInput& input) {
    if (!input.facts.config) {
        return not_known(input.facts.config.error());
    }
    const Accounts accounts(input);
    const PrivateGroups groups(input.facts);
    PathFindings found(input.facts);
    Doubts doubts;
    each_named_path(input, {"authorizedprincipalsfile"}, doubts,
                    [&](const facts::NamedPath& named, const facts::PathWalk& walk) {
                        const facts::Account* account = accounts.find(named.account);
                        PathDemand demand{.groups = &groups};
                        if (account != nullptr) {
                            demand.owner = account->uid;
                            demand.stop = account->home;
                        }
                        if (const auto defect = defect_of(walk, demand); defect && walk.exists()) {
                            found.add(*defect, named.account);
                        }
                    });
    std::string detail =
        fmt::format("Others may change which certificates open the account of {}: {}.", found.subjects(), found.text());
    return std::move(found).conclude(doubts, std::move(detail),
                                     "Nobody but its owner and root may change a principals file.");
}

Results missing_file(const CheckInput& input, std::string_view option, std::string_view consequence,
                     std::string passed_detail) {
    if (!input.facts.config) {
        return not_known(input.facts.config.error());
    }
    PathFindings found(input.facts);
    Doubts doubts;
    each_named_path(input, {option}, doubts, [&](const facts::NamedPath&, const facts::PathWalk& walk) {
        if (!walk.exists()) {
            found.add_missing(walk.named);
        } else if (walk.steps.front().type != facts::FileType::regular) {
            found.add(
                {.step = &walk.steps.front(), .wrong = fmt::format("{} is not a regular file", shown(walk.named))});
        }
    });
    std::string detail = fmt::format("{}: {}.", found.text(), consequence);
    return std::move(found).conclude(doubts, std::move(detail), std::move(passed_detail));
}

Results revoked_keys_missing(const CheckInput& input) {
    return missing_file(input, "revokedkeys", "sshd then refuses every key and certificate, the administrator's too",
                        "The RevokedKeys file is there, or none is named.");
}

Results trusted_ca_missing(const CheckInput& input) {
    return missing_file(input, "trustedusercakeys", "no certificate can log in",
                        "The TrustedUserCAKeys file is there, or none is named.");
}

/// sshd judges its helper commands like authorized_keys, with root as the only owner.
Results helper_command_unsafe(const CheckInput& input) {
    if (!input.facts.config) {
        return not_known(input.facts.config.error());
    }
    PathFindings found(input.facts);
    Doubts doubts;
    each_named_path(input, {"authorizedkeyscommand", "authorizedprincipalscommand"}, doubts,
                    [&](const facts::NamedPath& named, const facts::PathWalk& walk) {
                        if (!walk.exists()) {
                            found.add_missing(walk.named, named.option);
                        } else if (const auto defect = defect_of(walk, {.only_root = true})) {
                            found.add(*defect, named.option);
                        }
                    });
    std::string detail = fmt::format("sshd will not run the program of {}, and nobody can log in through it: {}.",
                                     found.subjects(), found.text());
    return std::move(found).conclude(doubts, std::move(detail),
                                     "The helper commands of sshd are root's all the way up, or none is named.");
}

Results helper_command_user(const CheckInput& input) {
    constexpr std::array pairs{std::pair{"authorizedkeyscommand", "authorizedkeyscommanduser"},
                               std::pair{"authorizedprincipalscommand", "authorizedprincipalscommanduser"}};
    const bool want_root = input.parameter && input.parameter("user", "missing") == "root";
    const Accounts accounts(input);
    const auto judge = [&](const facts::Context& context) -> std::optional<CheckResult> {
        for (const auto& [command, user_option] : pairs) {
            if (!is_set(context.effective->value(command))) {
                continue;
            }
            const std::string_view user = context.effective->value(user_option);
            if (!is_set(user) && !want_root) {
                return CheckResult{
                    .detail = fmt::format("{} is set and {} is not: sshd refuses to start.", command, user_option)};
            }
            if (is_set(user) && !user.contains('%') && !want_root && input.facts.accounts &&
                accounts.find(user) == nullptr) {
                return CheckResult{
                    .detail = fmt::format("{} names {}, and there is no such account: the command is never run.",
                                          user_option, shown(user))};
            }
            if (want_root && user == "root") {
                return CheckResult{.detail = fmt::format("{} runs as root.", command)};
            }
        }
        return std::nullopt;
    };
    return judge_contexts(
        input,
        {"authorizedkeyscommand", "authorizedkeyscommanduser", "authorizedprincipalscommand",
         "authorizedprincipalscommanduser"},
        judge,
        want_root ? "No helper command of sshd runs as root." : "Every helper command has an account to run as.");
}

Results session_program_unsafe(const CheckInput& input) {
    if (!input.facts.config) {
        return not_known(input.facts.config.error());
    }
    PathFindings found(input.facts);
    Doubts doubts;
    each_named_path(input, {"subsystem", "forcecommand", "xauthlocation", "sshdsessionpath", "sshdauthpath"}, doubts,
                    [&](const facts::NamedPath& named, const facts::PathWalk& walk) {
                        if (const auto defect = defect_of(walk, {})) {
                            found.add(*defect, named.option);
                        }
                    });
    std::string detail = fmt::format("Others may replace a program that sshd runs for those who log in ({}): {}.",
                                     found.subjects(), found.text());
    return std::move(found).conclude(doubts, std::move(detail), "Only root may replace the programs that sshd runs.");
}

Results session_program_missing(const CheckInput& input) {
    if (!input.facts.config) {
        return not_known(input.facts.config.error());
    }
    PathFindings found(input.facts);
    Doubts doubts;
    each_named_path(input, {"subsystem", "forcecommand"}, doubts,
                    [&](const facts::NamedPath& named, const facts::PathWalk& walk) {
                        if (!walk.exists()) {
                            found.add_missing(walk.named, named.option);
                        }
                    });
    std::string detail = fmt::format("{}: sessions that need it ({}) end at once.", found.text(), found.subjects());
    return std::move(found).conclude(doubts, std::move(detail),
                                     "The programs of Subsystem and ForceCommand are there.");
}

Results nologin_present(const CheckInput& input) {
    if (!input.facts.nologin) {
        return not_known(input.facts.nologin.error());
    }
    Tally found;
    if (*input.facts.nologin) {
        found.add([] { return Location{.path = "/etc/nologin", .text = Untrusted("exists")}; });
    }
    return conclude(
        std::move(found), {},
        {.detail = "/etc/nologin exists: nobody but root can log in until it is removed.", .fix = "rm /etc/nologin"},
        "There is no /etc/nologin.");
}

constexpr std::array checks{
    NamedCheck{"trust_file_unsafe", trust_file_unsafe},
    NamedCheck{"principals_file_unsafe", principals_file_unsafe},
    NamedCheck{"revoked_keys_missing", revoked_keys_missing},
    NamedCheck{"trusted_ca_missing", trusted_ca_missing},
    NamedCheck{"helper_command_unsafe", helper_command_unsafe},
    NamedCheck{"helper_command_user", helper_command_user},
    NamedCheck{"session_program_unsafe", session_program_unsafe},
    NamedCheck{"session_program_missing", session_program_missing},
    NamedCheck{"nologin_present", nologin_present},
};

}  // namespace

std::span<const NamedCheck> program_checks() { return checks; }

}  // namespace sshkeep::rules
