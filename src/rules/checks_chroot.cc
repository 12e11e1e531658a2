// ChrootDirectory: sshd ends the session unless every directory of it is root's and closed to others.

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.h"
#include "rules/checks_paths.h"

namespace sshkeep::rules {

namespace {

bool some_context_has_chroot(const CheckInput& input) {
    return std::ranges::any_of(input.contexts, [](const facts::Context& context) {
        return is_set(context.effective->value("chrootdirectory"));
    });
}

Results chroot_unsafe(const CheckInput& input) {
    if (!input.facts.config) {
        return not_known(input.facts.config.error());
    }
    PathFindings found(input.facts);
    Doubts doubts;
    bool any = false;
    for (const facts::NamedPath& named : input.facts.named_paths) {
        if (named.option != "chrootdirectory") {
            continue;
        }
        any = true;
        if (!named.walk) {
            doubts.add(named.account.empty() ? named.option : named.account, named.walk.error());
        } else if (!named.walk->exists()) {
            found.add_missing(named.walk->named, named.account);
        } else if (const auto defect = defect_of(*named.walk, {.only_root = true})) {
            found.add(*defect, named.account);
        } else if (named.walk->steps.front().type != facts::FileType::directory) {
            found.add({.step = &named.walk->steps.front(),
                       .wrong = fmt::format("{} is not a directory", shown(named.walk->named))},
                      named.account);
        }
    }
    if (!any && some_context_has_chroot(input)) {
        doubts.add("ChrootDirectory", Error{ErrorCode::unsupported, "its directories are not known"});
    }
    std::string detail = fmt::format("{}; sshd ends every session{} that should start there.", found.text(),
                                     found.subjects().empty() ? "" : fmt::format(" of {}", found.subjects()));
    return std::move(found).conclude(doubts, std::move(detail),
                                     "Every directory of every ChrootDirectory is root's and closed to others.");
}

Results chroot_needs_programs(const CheckInput& input) {
    return judge_contexts(
        input, {"chrootdirectory", "forcecommand"},
        [](const facts::Context& context) -> std::optional<CheckResult> {
            const std::string_view chroot = context.effective->value("chrootdirectory");
            const std::string_view command = context.effective->value("forcecommand");
            if (!is_set(chroot) || command == "internal-sftp" || command.starts_with("internal-sftp ")) {
                return std::nullopt;
            }
            if (!is_set(command)) {
                return CheckResult{
                    .detail = fmt::format("Within {} a session gets the account's shell, and sftp the programs "
                                          "that were copied there; ForceCommand internal-sftp needs none.",
                                          shown(chroot))};
            }
            return CheckResult{.detail =
                                   fmt::format("{} is looked for within {}: the program, a shell and their libraries "
                                               "must be copied there; internal-sftp needs none.",
                                               shown(command), shown(chroot))};
        },
        "No chroot, or internal-sftp is forced in it.");
}

constexpr std::array checks{
    NamedCheck{"chroot_unsafe", chroot_unsafe},
    NamedCheck{"chroot_needs_programs", chroot_needs_programs},
};

}  // namespace

std::span<const NamedCheck> chroot_checks() { return checks; }

}  // namespace sshkeep::rules
