// Accounts whose state says one thing and whose keys say another.

#include <algorithm>
#include <array>
#include <unordered_set>

#include <fmt/format.h>

#include "rules/checks_keys.h"

namespace sshkeep::rules {

namespace {

constexpr std::int64_t seconds_per_day = 86400;

std::unordered_set<std::string_view> accounts_with_keys(const CheckInput& input, Doubts& doubts) {
    std::unordered_set<std::string_view> names;
    for (const facts::AuthorizedKeysFile& file : input.facts.authorized_keys) {
        doubts.add_unless_known(path_of(file), file.entries);
        if (file.entries && std::ranges::any_of(*file.entries, [](const keyfmt::AuthorizedKey& entry) {
                return entry.key && entry.rejected.empty();
            })) {
            names.insert(file.account);
        }
    }
    return names;
}

/// The first authorized_keys file of an account with something in it.
Location keys_of(const CheckInput& input, std::string_view account, std::string_view remark) {
    for (const facts::AuthorizedKeysFile& file : input.facts.authorized_keys) {
        if (file.account == account && file.entries && !file.entries->empty()) {
            return {.path = path_of(file), .text = Untrusted(std::string(remark))};
        }
    }
    return {};
}

Results uid_zero_accounts(const CheckInput& input) {
    if (!input.facts.accounts) {
        return not_known(input.facts.accounts.error());
    }
    Tally found;
    for (const facts::Account& account : *input.facts.accounts) {
        if (account.uid == 0 && account.name != "root") {
            found.add(
                [&] {
                    return Location{
                        .path = "/etc/passwd", .line = account.line, .text = Untrusted(account.name + " has uid 0")};
                },
                account.name);
        }
    }
    std::string detail =
        fmt::format("{} {} root under another name.", found.subjects(), found.count() == 1 ? "is" : "are");
    return conclude(std::move(found), {}, {.detail = std::move(detail)}, "Only root has uid 0.");
}

Results locked_account_keys(const CheckInput& input) {
    if (auto unknown = keys_not_known(input)) {
        return *unknown;
    }
    const Accounts accounts(input);
    Tally found;
    Doubts doubts;
    const auto with_keys = accounts_with_keys(input, doubts);
    for (const facts::Account& account : *input.facts.accounts) {
        if (!with_keys.contains(account.name)) {
            continue;
        }
        doubts.add_unless_known(account.name, account.password);
        // "!" before a hash: somebody locked it. "!" alone is how key-only accounts are made.
        const bool locked = account.password == facts::PasswordState::locked && !account.hash_scheme.empty();
        const sshdconf::Effective* effective = accounts.effective(account.name, doubts);
        if (locked && effective != nullptr && is_yes(*effective, "usepam") &&
            is_yes(*effective, "pubkeyauthentication")) {
            found.add([&] { return keys_of(input, account.name, "password locked, keys in force"); }, account.name);
        }
    }
    std::string detail = fmt::format("The password of {} is locked, but with UsePAM sshd still accepts {} keys.",
                                     found.subjects(), found.count() == 1 ? "its" : "their");
    return conclude(std::move(found), doubts, {.detail = std::move(detail)},
                    "No account was locked while its keys stay in force.");
}

Results expired_account_keys(const CheckInput& input) {
    if (auto unknown = keys_not_known(input)) {
        return *unknown;
    }
    Tally found;
    Doubts doubts;
    const auto with_keys = accounts_with_keys(input, doubts);
    const std::int64_t today = input.now / seconds_per_day;
    for (const facts::Account& account : *input.facts.accounts) {
        if (!with_keys.contains(account.name)) {
            continue;
        }
        doubts.add_unless_known(account.name, account.password);  // from the same file
        if (account.account_expires >= 0 && account.account_expires <= today) {
            found.add([&] { return keys_of(input, account.name, "account expired"); }, account.name);
        }
    }
    std::string detail =
        fmt::format("{} {} expired, and keys are left.", found.subjects(), found.count() == 1 ? "has" : "have");
    return conclude(std::move(found), doubts, {.detail = std::move(detail)}, "No expired account has keys.");
}

/// An account without a usable shell that has keys, in a context where something can be forwarded: ssh -N works.
Results nologin_forwarding(const CheckInput& input) {
    if (auto unknown = keys_not_known(input)) {
        return *unknown;
    }
    const Accounts accounts(input);
    Tally found;
    Doubts doubts;
    for (const facts::AuthorizedKeysFile& file : input.facts.authorized_keys) {
        doubts.add_unless_known(path_of(file), file.entries);
        const facts::Account* account = accounts.find(file.account);
        const sshdconf::Effective* effective = accounts.effective(file.account, doubts);
        if (!file.entries || file.entries->empty() || account == nullptr || effective == nullptr) {
            continue;
        }
        doubts.add_unless_known(file.account, account->shell_usable);
        const bool forwarding =
            effective->value("disableforwarding") != "yes" &&
            (effective->value("allowtcpforwarding") != "no" || effective->value("allowstreamlocalforwarding") != "no");
        if (account->shell_usable.value_or(true) || !forwarding) {
            continue;
        }
        const auto open = std::ranges::find_if(*file.entries, [](const keyfmt::AuthorizedKey& entry) {
            return entry.key && entry.rejected.empty() && entry.options.port_forwarding;
        });
        if (open != file.entries->end()) {
            found.add([&] { return at(file, *open); }, file.account);
        }
    }
    std::string detail =
        fmt::format("The shell of {} refuses a session, but the keys still forward ports (ssh -N).", found.subjects());
    return conclude(std::move(found), doubts, {.detail = std::move(detail)},
                    "No account without a shell can forward ports with a key.");
}

constexpr std::array checks{
    NamedCheck{"uid_zero_accounts", uid_zero_accounts},
    NamedCheck{"locked_account_keys", locked_account_keys},
    NamedCheck{"expired_account_keys", expired_account_keys},
    NamedCheck{"nologin_forwarding", nologin_forwarding},
};

}  // namespace

std::span<const NamedCheck> account_checks() { return checks; }

}  // namespace sshkeep::rules
