#include "access/state.h"

#include <algorithm>

#include "base/escape.h"
#include "base/text.h"
#include "sshdconf/version_number.h"

namespace sshkeep::access {

std::string shown(std::string_view text) {
    constexpr std::size_t longest = 200;
    return escape_for_terminal(text, longest);
}

Model::State::State(const facts::HostFacts& host_facts, sshdconf::Evaluator& host_evaluator, std::int64_t time)
    : facts(host_facts),
      evaluator(host_evaluator),
      now(time),
      version(sshdconf::version_number(host_facts.build)),
      policies(version, host_facts.config ? &*host_facts.config : nullptr),
      private_groups(host_facts) {
    if (facts.accounts) {
        for (const auto& account : *facts.accounts) {
            accounts.try_emplace(account.name, &account);
        }
    }
    if (facts.group_names) {
        for (const auto& [gid, name] : *facts.group_names) {
            gids.try_emplace(name, gid);
        }
    }
    for (const auto& home : facts.homes) {
        home_directories.try_emplace(home.account, &home);
        if (home.home) {
            homes.try_emplace(home.account, home.home->path);
        }
    }
    for (const auto& file : facts.authorized_keys) {
        key_files.try_emplace(file.path, &file);
    }
    for (const auto& file : facts.principals) {
        principals_files.try_emplace(file.path, &file);
    }
    for (const auto& file : facts.revoked_keys) {
        revoked_files.try_emplace(file.path, &file);
    }
    for (const auto& named : facts.named_paths) {
        if (named.option == "chrootdirectory" && named.walk) {
            chroots.try_emplace(named.walk->named, &named);
        }
    }
}

const facts::Account* Model::State::find(std::string_view name) const {
    const auto found = accounts.find(name);
    return found == accounts.end() ? nullptr : found->second;
}

const EntryIndex& Model::State::entries_of(const facts::AuthorizedKeysFile& file) const {
    const auto [known, is_new] = entry_indexes.try_emplace(&file);
    if (is_new && file.entries) {
        for (const auto& entry : *file.entries) {
            if (entry.key && entry.rejected.empty()) {
                known->second[entry.key->fingerprint].push_back(&entry);
            }
        }
    }
    return known->second;
}

sshdconf::Connection Model::State::connection(const facts::Account& account, const Origin& origin) const {
    return {.user = account.name,
            .groups = account.groups,
            .host = use_dns() ? origin.host_name.value_or(origin.address) : origin.address,
            .address = origin.address,
            .local_address = origin.local_address,
            .local_port = origin.local_port};
}

const Policy& Model::State::policy(const facts::Account& account, const Origin& origin) const {
    return policies.of(evaluator.at(connection(account, origin)));
}

std::string Model::State::host_of(const Policy& policy, const Origin& origin) const {
    return policy.use_dns ? origin.host_name.value_or(origin.address) : origin.address;
}

/// UseDNS cannot stand in a Match block.
bool Model::State::use_dns() const {
    if (!known_use_dns) {
        known_use_dns = evaluator.at(sshdconf::Connection{}).value("usedns") == "yes";
    }
    return *known_use_dns;
}

const Verdict& Model::State::known_file_verdict(const facts::Account& account, const Policy& policy,
                                                const facts::AuthorizedKeysFile& file) const {
    if (file_verdicts.account != &account || file_verdicts.policy != &policy) {
        file_verdicts = {&account, &policy, {}};
    }
    const auto [known, is_new] = file_verdicts.verdicts.try_emplace(&file);
    if (is_new) {
        known->second = file_verdict(*this, account, policy, file.walk);
    }
    return known->second;
}

const keyfmt::PublicKey* Model::State::key_of(std::string_view user, std::string_view fingerprint) const {
    if (fingerprint.empty()) {
        return nullptr;
    }
    for (const auto& file : facts.authorized_keys) {
        const bool own = file.account == user || std::ranges::find(file.shared_with, user) != file.shared_with.end();
        if (!own) {
            continue;
        }
        const auto& index = entries_of(file);
        if (const auto found = index.find(fingerprint); found != index.end()) {
            return &*found->second.front()->key;
        }
    }
    return nullptr;
}

std::vector<const keyfmt::PublicKey*> Model::State::keys_of(std::string_view user) const {
    std::vector<const keyfmt::PublicKey*> keys;
    for (const auto& file : facts.authorized_keys) {
        const bool own = file.account == user || std::ranges::find(file.shared_with, user) != file.shared_with.end();
        for (const auto& [fingerprint, entries] : own ? entries_of(file) : EntryIndex()) {
            if (!entries.front()->options.cert_authority) {
                keys.push_back(&*entries.front()->key);
            }
        }
    }
    return keys;
}

bool Model::State::has_sftp(std::string_view user) const {
    const auto* account = find(user);
    if (account == nullptr) {
        return false;
    }
    const auto& subsystems = policies.of(evaluator.at({.user = account->name, .groups = account->groups})).subsystems;
    return std::ranges::any_of(
        subsystems, [](const std::string& subsystem) { return ascii_lower(subsystem).starts_with("sftp "); });
}

std::string expand_tokens(std::string_view text, const facts::Account& account) {
    std::string expanded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char token = text[i] == '%' && i + 1 < text.size() ? text[i + 1] : '\0';
        switch (token) {
            case 'h':
                expanded += account.home;
                break;
            case 'u':
                expanded += account.name;
                break;
            case 'U':
                expanded += std::to_string(account.uid);
                break;
            case '%':
                expanded += '%';
                break;
            default:
                expanded += text[i];
                continue;
        }
        ++i;
    }
    return expanded;
}

std::string expand_account_path(std::string_view text, const facts::Account& account) {
    auto path = expand_tokens(text, account);
    return path.starts_with('/') ? path : account.home + "/" + path;
}

}  // namespace sshkeep::access
