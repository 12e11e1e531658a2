#include <algorithm>
#include <array>
#include <unordered_map>

#include "app/collect.h"
#include "facts/accounts.h"

namespace sshkeep::app {
namespace {

using Shadow = Result<std::unordered_map<std::string, facts::ShadowLine>>;

/// Names of each user's groups from the member lists, and of each group by number. Linear in the size of the database.
struct Groups {
    std::map<std::uint32_t, std::string> names;
    std::unordered_map<std::string, std::vector<std::string>> of_user;
};

Groups index_groups(const std::vector<ports::GroupEntry>& entries) {
    Groups groups;
    for (const auto& entry : entries) {
        groups.names.try_emplace(entry.gid, entry.name);
        for (const auto& member : entry.members) {
            auto& names = groups.of_user[member];
            if (names.empty() || names.back() != entry.name) {
                names.push_back(entry.name);
            }
        }
    }
    return groups;
}

std::vector<std::string> groups_of(const ports::PasswdEntry& entry, const Groups& groups) {
    std::vector<std::string> names;
    const auto primary = groups.names.find(entry.gid);
    if (primary != groups.names.end()) {
        names.push_back(primary->second);
    }
    if (const auto others = groups.of_user.find(entry.name); others != groups.of_user.end()) {
        std::ranges::copy_if(others->second, std::back_inserter(names),
                             [&](const auto& name) { return names.empty() || name != names.front(); });
    }
    return names;
}

Shadow read_shadow(ports::Host& host) {
    const auto text = TRY(read_small_file(host, "/etc/shadow", limits::accounts));
    return text ? facts::parse_shadow(*text) : std::unordered_map<std::string, facts::ShadowLine>{};
}

void add_password(facts::Account& account, const std::string& passwd_field, const Shadow& shadow) {
    auto field = passwd_field;
    if (field == "x") {
        if (!shadow) {
            account.password = std::unexpected(shadow.error());
            return;
        }
        // Without a shadow line the "x" itself is the password field: nothing fits it.
        const auto line = shadow->find(account.name);
        account.shadow_missing = line == shadow->end();
        if (!account.shadow_missing) {
            field = line->second.password;
            account.account_expires = line->second.expires;
            account.password_changed = line->second.changed;
            account.password_max_days = line->second.max_days;
            account.password_inactive_days = line->second.inactive_days;
        }
    }
    account.password = facts::password_state_of(field);
    account.hash_scheme = facts::hash_scheme_of(field);
}

/// As sshd's allowed_user asks.
facts::Fact<bool> read_shell_exists(Collection& collection, const std::string& shell) {
    const auto info = TRY(collection.paths.info(shell));
    return info.exists && info.type == facts::FileType::regular && (info.mode & 0111U) != 0;
}

/// One of the programs that end a session at once.
bool refuses_sessions(std::string_view shell) {
    constexpr std::array<std::string_view, 5> refusing{"nologin", "false", "sync", "halt", "shutdown"};
    return std::ranges::find(refusing, shell.substr(shell.rfind('/') + 1)) != refusing.end();
}

/// Looks at each shell once.
class Shells {
public:
    explicit Shells(Collection& collection) : collection_(collection) {}
    void add_to(facts::Account& account) {
        const std::string shell = account.shell.empty() ? "/bin/sh" : account.shell;
        const auto [known, is_new] = exists_.try_emplace(shell, facts::not_collected<bool>());
        if (is_new) {
            known->second = read_shell_exists(collection_, shell);
        }
        account.shell_exists = known->second;
        account.shell_usable = refuses_sessions(shell) ? facts::Fact<bool>(false) : known->second;
    }

private:
    Collection& collection_;
    std::unordered_map<std::string, facts::Fact<bool>> exists_;
};

}  // namespace

void collect_accounts(Collection& collection) {
    auto& host = collection.host;
    const auto group_entries = host.read_groups();
    const auto groups = group_entries ? index_groups(*group_entries) : Groups{};
    collection.facts.group_names = group_entries ? facts::Fact<std::map<std::uint32_t, std::string>>(groups.names)
                                                 : std::unexpected(group_entries.error());
    auto entries = host.read_accounts();
    if (!entries) {
        collection.facts.accounts = std::unexpected(std::move(entries).error());
        return;
    }
    if (entries->size() > limits::account_count) {
        collection.facts.accounts = fail(ErrorCode::too_large, "more than 200000 accounts");
        return;
    }
    const auto passwd_text = read_small_file(host, "/etc/passwd", limits::accounts);
    const auto passwd = facts::parse_passwd(passwd_text && *passwd_text ? **passwd_text : std::string{});
    const auto shadow = read_shadow(host);
    Shells shells(collection);

    std::vector<facts::Account> accounts;
    accounts.reserve(entries->size());
    std::unordered_map<std::string, bool> seen;
    for (auto& entry : *entries) {
        if (!seen.try_emplace(entry.name, true).second) {
            continue;  // getpwnam(3) finds the first
        }
        facts::Account account{.name = entry.name, .uid = entry.uid, .gid = entry.gid};
        account.groups = groups_of(entry, groups);
        account.home = std::move(entry.home);
        account.shell = std::move(entry.shell);
        shells.add_to(account);
        if (const auto line = passwd.find(account.name); line != passwd.end()) {
            account.line = line->second.line;
            add_password(account, line->second.password, shadow);
        } else {
            account.password = fail(ErrorCode::unsupported, "the account comes from another name service");
        }
        accounts.push_back(std::move(account));
    }
    collection.facts.accounts = std::move(accounts);
}

}  // namespace sshkeep::app
