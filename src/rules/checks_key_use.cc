// What an authorized key may do, and for whom.

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.h"
#include "model/address.h"
#include "rules/checks_keys.h"

namespace sshkeep::rules {

namespace {

using facts::AuthorizedKeysFile;
using keyfmt::AuthorizedKey;
using keyfmt::PublicKey;

bool is_unrestricted(const keyfmt::KeyOptions& options) {
    return !options.cert_authority && !options.restrict_all && !options.from && !options.command;
}

bool prints_login_message(const keyfmt::KeyOptions& options) {
    if (!options.command) {
        return false;
    }
    const std::string command = ascii_lower(options.command->raw());
    return command.contains("please login as") || command.contains("please log in as");
}

/// Calls `use(file, entry, effective)` for accepted keys of accounts whose settings are known.
template <class Use>
void each_key_in_force(const CheckInput& input, const Accounts& accounts, Doubts& doubts, Use use) {
    const std::string* last = nullptr;
    const sshdconf::Effective* effective = nullptr;
    each_key(input, doubts, [&](const AuthorizedKeysFile& file, const AuthorizedKey& entry, const PublicKey&) {
        if (last != &file.account) {
            last = &file.account;
            effective = accounts.effective(file.account, doubts);
        }
        if (effective != nullptr) {
            use(file, entry, *effective);
        }
    });
}

bool is_root(const Accounts& accounts, std::string_view name) {
    const facts::Account* account = accounts.find(name);
    return account != nullptr && account->uid == 0;
}

Results authorized_key_unrestricted(const CheckInput& input) {
    if (auto unknown = keys_not_known(input)) {
        return *unknown;
    }
    const bool root = input.parameter && input.parameter("accounts", "others") == "root";
    const Accounts accounts(input);
    Tally open;
    Doubts doubts;
    each_key_in_force(input, accounts, doubts, [&](const auto& file, const auto& entry, const auto& effective) {
        const bool login_refused = root && effective.value("permitrootlogin") == "no";
        if (is_unrestricted(entry.options) && !login_refused && is_root(accounts, file.account) == root) {
            open.add([&] { return at(file, entry); }, file.account);
        }
    });
    std::string detail =
        fmt::format("{} of {} {} from every address and may do everything; from= or restrict is wanted.",
                    open.counted("key"), open.subjects(), open.count() == 1 ? "works" : "work");
    return conclude(std::move(open), doubts, {.detail = std::move(detail)},
                    root ? "No key of root is without from=, restrict or command=, or root cannot log in."
                         : "Every key has from=, restrict or command=.");
}

Results authorized_ca_without_principals(const CheckInput& input) {
    if (auto unknown = keys_not_known(input)) {
        return *unknown;
    }
    Tally open;
    Doubts doubts;
    each_key(input, doubts, [&](const auto& file, const auto& entry, const PublicKey&) {
        if (entry.options.cert_authority && entry.options.principals.empty()) {
            open.add([&] { return at(file, entry); }, file.account);
        }
    });
    // OpenSSH 10.3 stopped accepting certificates that name nobody.
    const bool empty_accepted = input.facts.build.version < OpensshVersion{10, 3, 0};
    std::string detail =
        fmt::format("{} of {} {} no principals=: every certificate that it signs for the account's name{} logs in.",
                    open.counted("cert-authority line"), open.subjects(), open.count() == 1 ? "has" : "have",
                    empty_accepted ? ", and every certificate without any name," : "");
    return conclude(std::move(open), doubts, {.detail = std::move(detail)},
                    "Every cert-authority line names its principals.");
}

/// A pattern of from= that lets nearly everybody in; empty when there is none.
std::string_view widest_source(std::string_view patterns) {
    constexpr unsigned narrow_v4 = 8;
    constexpr unsigned narrow_v6 = 16;
    for (const std::string_view pattern : split(patterns, ',')) {
        const std::string_view word = trim(pattern);
        if (word.empty() || word.front() == '!') {
            continue;
        }
        const bool only_wildcards = word.find_first_not_of("*.:") == std::string_view::npos && word.contains('*');
        const auto network = word.contains('/') ? Cidr::parse(word) : std::nullopt;
        const bool wide =
            network && network->prefix < (network->address.family() == Address::Family::v4 ? narrow_v4 : narrow_v6);
        if (only_wildcards || wide) {
            return word;
        }
    }
    return {};
}

Results authorized_key_from_anywhere(const CheckInput& input) {
    if (auto unknown = keys_not_known(input)) {
        return *unknown;
    }
    Tally open;
    Doubts doubts;
    std::string example;
    each_key(input, doubts, [&](const auto& file, const auto& entry, const PublicKey&) {
        if (!entry.options.from) {
            return;
        }
        if (const std::string_view wide = widest_source(entry.options.from->raw()); !wide.empty()) {
            if (open.empty()) {
                example = shown(wide);
            }
            open.add([&] { return at(file, entry); }, file.account);
        }
    });
    std::string detail = fmt::format("The from= of {} of {} allows (nearly) every address, such as \"{}\".",
                                     open.counted("key"), open.subjects(), example);
    return conclude(std::move(open), doubts, {.detail = std::move(detail)}, "No from= allows every address.");
}

Results authorized_key_environment(const CheckInput& input) {
    if (auto unknown = keys_not_known(input)) {
        return *unknown;
    }
    const Accounts accounts(input);
    Tally found;
    Doubts doubts;
    each_key_in_force(input, accounts, doubts, [&](const auto& file, const auto& entry, const auto& effective) {
        const std::string_view permitted = effective.value("permituserenvironment");
        if (!entry.options.environment.empty() && !permitted.empty() && permitted != "no") {
            found.add([&] { return at(file, entry); }, file.account);
        }
    });
    std::string detail =
        fmt::format("{} of {} {} environment variables and PermitUserEnvironment lets {}.", found.counted("key"),
                    found.subjects(), found.count() == 1 ? "sets" : "set", found.count() == 1 ? "it" : "them");
    return conclude(std::move(found), doubts, {.detail = std::move(detail)},
                    "No authorized key sets environment variables, or sshd ignores them.");
}

Results root_key_without_command(const CheckInput& input) {
    if (auto unknown = keys_not_known(input)) {
        return *unknown;
    }
    const Accounts accounts(input);
    Tally useless;
    Doubts doubts;
    each_key_in_force(input, accounts, doubts, [&](const auto& file, const auto& entry, const auto& effective) {
        if (is_root(accounts, file.account) && effective.value("permitrootlogin") == "forced-commands-only" &&
            !is_set(effective.value("forcecommand")) && !entry.options.command && !entry.options.cert_authority) {
            useless.add([&] { return at(file, entry); }, file.account);
        }
    });
    std::string detail = fmt::format("PermitRootLogin forced-commands-only refuses {} of {}: no command= is given.",
                                     useless.counted("key"), useless.subjects());
    return conclude(std::move(useless), doubts, {.detail = std::move(detail)},
                    "No key of root is refused for want of a forced command.");
}

Results login_message_key_open(const CheckInput& input) {
    if (auto unknown = keys_not_known(input)) {
        return *unknown;
    }
    Tally open;
    Doubts doubts;
    std::size_t recognised = 0;
    each_key(input, doubts, [&](const auto& file, const auto& entry, const PublicKey&) {
        const keyfmt::KeyOptions& options = entry.options;
        if (!prints_login_message(options)) {
            return;
        }
        ++recognised;
        if (options.port_forwarding || options.agent_forwarding || options.x11_forwarding) {
            open.add([&] { return at(file, entry); }, file.account);
        }
    });
    std::string detail =
        fmt::format("{} of {} only {} \"please login as ...\", but forwarding is left open: ssh -N -L still works.",
                    open.counted("key"), open.subjects(), open.count() == 1 ? "prints" : "print");
    return conclude(std::move(open), doubts, {.detail = std::move(detail)},
                    recognised == 0
                        ? "No key is there only to print \"please login as ...\"."
                        : fmt::format("{} only to print \"please login as ...\" and can do nothing else.",
                                      counted(recognised, "line") + (recognised == 1 ? " is there" : " are there")));
}

constexpr std::array checks{
    NamedCheck{"authorized_key_unrestricted", authorized_key_unrestricted},
    NamedCheck{"authorized_ca_without_principals", authorized_ca_without_principals},
    NamedCheck{"authorized_key_from_anywhere", authorized_key_from_anywhere},
    NamedCheck{"authorized_key_environment", authorized_key_environment},
    NamedCheck{"root_key_without_command", root_key_without_command},
    NamedCheck{"login_message_key_open", login_message_key_open},
};

}  // namespace

std::span<const NamedCheck> key_use_checks() { return checks; }

}  // namespace sshkeep::rules
