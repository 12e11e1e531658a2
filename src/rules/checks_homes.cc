// Home directories and the files of keys in them, as StrictModes judges them.

#include <array>
#include <unordered_set>

#include <fmt/format.h>

#include "rules/checks_keys.h"
#include "rules/checks_paths.h"

namespace sshkeep::rules {

namespace {

/// Looks at the path of every authorized_keys file of the accounts whose StrictModes is as asked.
template <class Use>
void each_key_path(const CheckInput& input, bool strict, Doubts& doubts, Use use) {
    const Accounts accounts(input);
    const PrivateGroups groups(input.facts);
    for (const facts::AuthorizedKeysFile& file : input.facts.authorized_keys) {
        const facts::Account* account = accounts.find(file.account);
        const sshdconf::Effective* effective = accounts.effective(file.account, doubts);
        if (account == nullptr || effective == nullptr) {
            continue;
        }
        if ((effective->value("strictmodes") != "no") != strict) {
            continue;
        }
        if (!file.walk) {
            doubts.add(path_of(file), file.walk.error());
            continue;
        }
        const PathDemand demand{.owner = account->uid, .stop = account->home, .groups = &groups};
        if (const auto defect = defect_of(*file.walk, demand)) {
            use(file, *defect);
        }
    }
}

Results authorized_keys_path_refused(const CheckInput& input) {
    if (auto unknown = keys_not_known(input)) {
        return *unknown;
    }
    PathFindings found(input.facts);
    Doubts doubts;
    each_key_path(input, true, doubts, [&](const facts::AuthorizedKeysFile& file, const PathDefect& defect) {
        if (file.walk->exists() && file.entries && !file.entries->empty()) {
            found.add(defect, file.account);
        }
    });
    std::string detail =
        fmt::format("StrictModes makes sshd ignore the keys of {}: {}.", found.subjects(), found.text());
    return std::move(found).conclude(doubts, std::move(detail),
                                     "StrictModes finds nothing wrong with the owners and modes of authorized keys.");
}

Results authorized_keys_path_writable(const CheckInput& input) {
    if (auto unknown = keys_not_known(input)) {
        return *unknown;
    }
    PathFindings found(input.facts);
    Doubts doubts;
    each_key_path(input, false, doubts, [&](const facts::AuthorizedKeysFile& file, const PathDefect& defect) {
        found.add(defect, file.account);
    });
    std::string detail =
        fmt::format("StrictModes is off and others may add keys for {}: {}.", found.subjects(), found.text());
    return std::move(found).conclude(
        doubts, std::move(detail),
        "Nobody but its owner and root may change an authorized_keys file, or StrictModes is on.");
}

/// Accounts for which a writable home matters: people, not daemons with a spool directory as home.
bool is_login_account(const facts::Account& account) { return account.uid == 0 || account.shell_usable.value_or(true); }

Results home_directory_unsafe(const CheckInput& input) {
    if (!input.facts.accounts) {
        return not_known(input.facts.accounts.error());
    }
    const Accounts accounts(input);
    const PrivateGroups groups(input.facts);
    PathFindings found(input.facts);
    Doubts doubts;
    for (const facts::HomeDirectory& home : input.facts.homes) {
        const facts::Account* account = accounts.find(home.account);
        if (account == nullptr || !is_login_account(*account)) {
            continue;
        }
        for (const facts::Fact<facts::PathInfo>* info : {&home.home, &home.dot_ssh}) {
            doubts.add_unless_known(home.account, *info);
            if (*info && (*info)->path != "/") {
                if (const auto defect = defect_of(**info, {.owner = account->uid, .groups = &groups})) {
                    found.add(*defect, home.account);
                }
            }
        }
    }
    std::string detail = fmt::format("Others may plant files in the home of {}: {}.", found.subjects(), found.text());
    return std::move(found).conclude(doubts, std::move(detail),
                                     "Homes and ~/.ssh can be written by their owners alone.");
}

Results dot_ssh_mode(const CheckInput& input) {
    if (!input.facts.accounts) {
        return not_known(input.facts.accounts.error());
    }
    constexpr std::uint32_t open_bits = 0077;
    PathFindings found(input.facts);
    Doubts doubts;
    for (const facts::HomeDirectory& home : input.facts.homes) {
        doubts.add_unless_known(home.account, home.dot_ssh);
        if (home.dot_ssh && home.dot_ssh->exists && (home.dot_ssh->mode & open_bits) != 0) {
            const std::string& path = home.dot_ssh->path;
            found.add({.step = &*home.dot_ssh,
                       .wrong = fmt::format("{} has mode {:04o}", shown(path), home.dot_ssh->mode),
                       .repair = "chmod 0700 " + shell_quoted(path)},
                      home.account);
        }
    }
    std::string detail = fmt::format("{}; mode 0700 is wanted.", found.text());
    return std::move(found).conclude(doubts, std::move(detail), "Every ~/.ssh is closed to others.");
}

Results user_rc_unsafe(const CheckInput& input) {
    if (!input.facts.accounts) {
        return not_known(input.facts.accounts.error());
    }
    const Accounts accounts(input);
    const PrivateGroups groups(input.facts);
    PathFindings found(input.facts);
    Doubts doubts;
    for (const facts::HomeDirectory& home : input.facts.homes) {
        const facts::Account* account = accounts.find(home.account);
        if (account == nullptr) {
            continue;
        }
        for (const facts::Fact<facts::PathInfo>* info : {&home.rc, &home.environment}) {
            doubts.add_unless_known(home.account, *info);
            if (*info) {
                if (const auto defect = defect_of(**info, {.owner = account->uid, .groups = &groups})) {
                    found.add(*defect, home.account);
                }
            }
        }
    }
    std::string detail =
        fmt::format("Others may change what runs when {} logs in: {}.", found.subjects(), found.text());
    return std::move(found).conclude(doubts, std::move(detail),
                                     "No ~/.ssh/rc or ~/.ssh/environment can be changed by others.");
}

Results rhosts_files(const CheckInput& input) {
    if (!input.facts.accounts) {
        return not_known(input.facts.accounts.error());
    }
    Tally found;
    Doubts doubts;
    std::string fix;
    const auto add = [&](const facts::PathInfo& info) {
        found.add([&] { return at(input.facts, info); });
        if (found.count() <= Tally::shown) {
            fix += fmt::format("rm {}\n", shell_quoted(info.path));
        }
    };
    for (const char* path : {"/etc/hosts.equiv", "/etc/ssh/shosts.equiv"}) {
        if (const auto known = input.facts.other_paths.find(path); known != input.facts.other_paths.end()) {
            add(known->second);
        }
    }
    for (const facts::HomeDirectory& home : input.facts.homes) {
        doubts.add_unless_known(home.account, home.rhosts);
        if (home.rhosts && home.rhosts->exists) {
            add(*home.rhosts);
        }
    }
    std::string detail = fmt::format("{} that {} whole hosts {} on this machine.", found.counted("file"),
                                     found.count() == 1 ? "trusts" : "trust", found.count() == 1 ? "lies" : "lie");
    return conclude(std::move(found), doubts, {.detail = std::move(detail), .fix = std::move(fix)},
                    "There is no hosts.equiv, shosts.equiv, .rhosts or .shosts file.");
}

constexpr std::array checks{
    NamedCheck{"authorized_keys_path_refused", authorized_keys_path_refused},
    NamedCheck{"authorized_keys_path_writable", authorized_keys_path_writable},
    NamedCheck{"home_directory_unsafe", home_directory_unsafe},
    NamedCheck{"dot_ssh_mode", dot_ssh_mode},
    NamedCheck{"user_rc_unsafe", user_rc_unsafe},
    NamedCheck{"rhosts_files", rhosts_files},
};

}  // namespace

std::span<const NamedCheck> home_checks() { return checks; }

}  // namespace sshkeep::rules
