#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "rules/checks_support.h"

/// A host put together by hand, for the tests of the checks.
namespace sshkeep::rules::testing {

inline constexpr std::int64_t now = 1795305600;  // 2026-11-22
inline constexpr std::int64_t day = 86400;

inline keyfmt::PublicKey key(keyfmt::KeyKind kind, unsigned bits, std::string fingerprint) {
    return {.kind = kind,
            .type = kind == keyfmt::KeyKind::rsa ? "ssh-rsa" : "ssh-ed25519",
            .bits = bits,
            .fingerprint = "SHA256:" + std::move(fingerprint)};
}
inline keyfmt::PublicKey ed25519(std::string fingerprint) {
    return key(keyfmt::KeyKind::ed25519, 256, std::move(fingerprint));
}
inline keyfmt::PublicKey rsa(unsigned bits, std::string fingerprint) {
    return key(keyfmt::KeyKind::rsa, bits, std::move(fingerprint));
}

inline facts::PathInfo file(std::string path, std::uint32_t mode, std::uint32_t uid = 0, std::uint32_t gid = 0) {
    return {.path = std::move(path),
            .exists = true,
            .type = facts::FileType::regular,
            .uid = uid,
            .gid = gid,
            .mode = mode,
            .mtime = now};
}
inline facts::PathInfo directory(std::string path, std::uint32_t mode = 0755, std::uint32_t uid = 0,
                                 std::uint32_t gid = 0) {
    facts::PathInfo info = file(std::move(path), mode, uid, gid);
    info.type = facts::FileType::directory;
    return info;
}
inline facts::PathInfo absent(std::string path) { return {.path = std::move(path)}; }

/// A walk from `leaf` up; directories above that are not given are root's.
inline facts::PathWalk walk(facts::PathInfo leaf, std::vector<facts::PathInfo> above = {}) {
    facts::PathWalk result{.named = leaf.path, .steps = {leaf}};
    std::string path = leaf.path;
    while (path.size() > 1) {
        path.resize(std::max<std::size_t>(path.rfind('/'), 1));
        facts::PathInfo step = directory(path);
        for (const facts::PathInfo& given : above) {
            step = given.path == path ? given : step;
        }
        result.steps.push_back(std::move(step));
    }
    return result;
}

using Settings = std::vector<std::pair<std::string, std::string>>;

class TestHost {
public:
    facts::HostFacts facts;
    std::vector<facts::Context> contexts;
    std::map<std::string, std::string> parameters;

    /// Everything known and empty, one context for every connection; root and bob exist.
    TestHost() {
        facts.config = sshdconf::Config{};
        facts.config->files.push_back({.path = "/etc/ssh/sshd_config"});
        facts.config->blocks.emplace_back();
        facts.accounts = std::vector<facts::Account>{};
        facts.group_names = std::map<std::uint32_t, std::string>{{0, "root"}, {100, "users"}, {1000, "bob"}};
        facts.observed_at = now;
        account("root", 0);
        account("bob", 1000);
    }

    facts::Account& account(const std::string& name, std::uint32_t uid) {
        facts::Account account{
            .name = name, .uid = uid, .gid = uid, .home = uid == 0 ? "/root" : "/home/" + name, .shell = "/bin/bash"};
        account.password = facts::PasswordState::impossible;
        account.shell_usable = true;
        facts.accounts->push_back(std::move(account));
        return facts.accounts->back();
    }

    /// The settings of every connection, those of `extra` first.
    void settings(const Settings& extra) {
        contexts.clear();
        context("every connection", extra, all_names());
    }
    void context(const std::string& label, const Settings& extra, std::vector<std::string> accounts) {
        std::vector<sshdconf::Setting> settings;
        const auto add = [&](const std::string& name, const std::string& value, bool given) {
            for (sshdconf::Setting& known : settings) {
                if (known.name == name) {
                    if (given) {
                        known.values.push_back(value);
                    }
                    return;
                }
            }
            sshdconf::Setting setting{.name = name, .values = {value}};
            if (given) {
                setting.origins = {{0, 1}};
            }
            settings.push_back(std::move(setting));
        };
        for (const auto& [name, value] : extra) {
            add(name, value, true);
        }
        for (const auto& [name, value] : defaults()) {
            add(name, value, false);
        }
        effectives_.push_back(std::make_unique<sshdconf::Effective>(std::move(settings)));
        contexts.push_back({.label = label, .accounts = std::move(accounts), .effective = effectives_.back().get()});
    }
    /// The settings of the last context are not certain.
    void make_uncertain(const std::string& option) {
        std::vector<sshdconf::Setting> settings = effectives_.back()->settings();
        for (sshdconf::Setting& setting : settings) {
            if (setting.name == option) {
                setting.uncertain = "depends on Match exec at /etc/ssh/sshd_config:3";
            }
        }
        *effectives_.back() = sshdconf::Effective(std::move(settings));
    }

    facts::AuthorizedKeysFile& keys_of(const std::string& account, std::vector<keyfmt::PublicKey> keys) {
        const std::string home = account == "root" ? "/root" : "/home/" + account;
        const std::uint32_t uid = account == "root" ? 0 : 1000;
        facts::AuthorizedKeysFile keys_file{.account = account};
        keys_file.walk = walk(file(home + "/.ssh/authorized_keys", 0600, uid, uid),
                              {directory(home + "/.ssh", 0700, uid, uid), directory(home, 0755, uid, uid)});
        keys_file.entries = std::vector<keyfmt::AuthorizedKey>{};
        std::uint32_t line = 0;
        for (keyfmt::PublicKey& one : keys) {
            keys_file.entries->push_back({.line = ++line, .key = std::move(one)});
        }
        facts.authorized_keys.push_back(std::move(keys_file));
        return facts.authorized_keys.back();
    }

    [[nodiscard]] Results run(std::string_view name) {
        if (contexts.empty()) {
            settings({});
        }
        const Check* check = find_check(name);
        return check == nullptr ? Results{} : (*check)(input());
    }
    /// The verdict of the first result, in words ("no such check" when there is none).
    [[nodiscard]] std::string verdict(std::string_view name) {
        const Results results = run(name);
        return results.empty() ? "no such check" : std::string(name_of(results.front().verdict));
    }
    [[nodiscard]] std::string detail(std::string_view name) {
        const Results results = run(name);
        return results.empty() ? "no such check" : results.front().detail;
    }

private:
    CheckInput input() {
        return {.facts = facts,
                .contexts = contexts,
                .now = now,
                .parameter = [this](std::string_view name, std::string_view fallback) {
                    const auto found = parameters.find(std::string(name));
                    return found == parameters.end() ? std::string(fallback) : found->second;
                }};
    }
    std::vector<std::string> all_names() const {
        std::vector<std::string> names;
        for (const facts::Account& account : *facts.accounts) {
            names.push_back(account.name);
        }
        return names;
    }
    static Settings defaults() {
        return {{"permitrootlogin", "without-password"},
                {"passwordauthentication", "no"},
                {"kbdinteractiveauthentication", "no"},
                {"usepam", "yes"},
                {"pubkeyauthentication", "yes"},
                {"strictmodes", "yes"},
                {"permituserenvironment", "no"},
                {"authenticationmethods", "any"},
                {"permitemptypasswords", "no"},
                {"forcecommand", "none"},
                {"usedns", "no"},
                {"chrootdirectory", "none"},
                {"disableforwarding", "no"},
                {"allowtcpforwarding", "yes"},
                {"permitopen", "any"},
                {"permitlisten", "any"},
                {"gatewayports", "no"},
                {"allowstreamlocalforwarding", "yes"},
                {"permittunnel", "no"},
                {"allowagentforwarding", "yes"},
                {"x11forwarding", "no"},
                {"authorizedkeysfile", ".ssh/authorized_keys"},
                {"authorizedkeyscommand", "none"},
                {"authorizedkeyscommanduser", "none"},
                {"listenaddress", "0.0.0.0:22"},
                {"kexalgorithms", "curve25519-sha256,diffie-hellman-group-exchange-sha256"}};
    }

    std::vector<std::unique_ptr<sshdconf::Effective>> effectives_;
};

}  // namespace sshkeep::rules::testing
