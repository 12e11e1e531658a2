#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "access/access.h"
#include "facts/pam.h"
#include "sshdconf/test_support.h"

/// A host put together by hand, for the tests of this room.
namespace sshkeep::access::testing {

inline constexpr std::int64_t now = 1795305600;  // 2026-11-22
inline constexpr std::int64_t day = 86400;
inline constexpr std::int64_t today = now / day;

/// The account stack of Debian's sshd, with pam_nologin, and its auth stack.
inline constexpr const char* debian_pam =
    "auth [success=1 default=ignore] pam_unix.so nullok\n"
    "auth requisite pam_deny.so\n"
    "auth required pam_permit.so\n"
    "account required pam_nologin.so\n"
    "account [success=1 new_authtok_reqd=done default=ignore] pam_unix.so\n"
    "account requisite pam_deny.so\n"
    "account required pam_permit.so\n";

inline keyfmt::PublicKey ed25519(const std::string& name) {
    return {.kind = keyfmt::KeyKind::ed25519,
            .type = "ssh-ed25519",
            .bits = 256,
            .fingerprint = "SHA256:" + name,
            .blob = name};
}
inline keyfmt::PublicKey rsa(unsigned bits, const std::string& name) {
    return {
        .kind = keyfmt::KeyKind::rsa, .type = "ssh-rsa", .bits = bits, .fingerprint = "SHA256:" + name, .blob = name};
}

inline facts::PathInfo info_of(std::string path, facts::FileType type, std::uint32_t mode, std::uint32_t uid) {
    return {.path = std::move(path), .exists = true, .type = type, .uid = uid, .gid = uid, .mode = mode};
}

/// A file and the directories above it: those below the home are the account's, the others root's.
inline facts::PathWalk walk_of(const std::string& path, const facts::Account& account, std::uint32_t mode = 0600) {
    const auto owner = [&](const std::string& step) { return step.starts_with(account.home) ? account.uid : 0; };
    facts::PathWalk walk{.named = path, .steps = {info_of(path, facts::FileType::regular, mode, owner(path))}};
    for (std::string step = path; step.size() > 1;) {
        step.resize(std::max<std::size_t>(step.rfind('/'), 1));
        walk.steps.push_back(info_of(step, facts::FileType::directory, 0755, owner(step)));
    }
    return walk;
}

class TestHost {
public:
    facts::HostFacts facts;

    /// Debian 12; root and bob exist, with shells and without passwords; PAM as Debian ships it.
    explicit TestHost(const std::string& config = "UsePAM yes\n", sshdconf::Build build = sshdconf::bookworm()) {
        facts.build = std::move(build);
        facts.config = sshdconf::config_of(config, facts.build);
        facts.accounts = std::vector<facts::Account>{};
        facts.group_names = std::map<std::uint32_t, std::string>{{0, "root"}, {27, "sudo"}};
        facts.running = true;
        facts.nologin = false;
        facts.run_nologin = false;
        facts.shells = std::vector<std::string>{"/bin/sh", "/bin/bash"};
        facts.tcp_wrappers = facts::TcpWrappers{};
        facts.faillock = facts::Faillock{};
        facts.sudoers = facts::Sudoers{};
        facts.units = std::vector<facts::Unit>{};
        facts.other_paths.emplace("/run/sshd", info_of("/run/sshd", facts::FileType::directory, 0755, 0));
        facts.accounts->reserve(32);
        pam(debian_pam);
        host_key("/etc/ssh/ssh_host_ed25519_key", ed25519("host"));
        account("root", 0);
        account("bob", 1000);
    }

    facts::Account& account(const std::string& name, std::uint32_t uid, std::vector<std::string> groups = {}) {
        facts::Account account{
            .name = name, .uid = uid, .gid = uid, .home = uid == 0 ? "/root" : "/home/" + name, .shell = "/bin/bash"};
        (*facts.group_names)[uid] = name;
        account.groups = std::move(groups);
        account.groups.insert(account.groups.begin(), name);
        account.password = facts::PasswordState::impossible;
        account.shell_exists = true;
        account.shell_usable = true;
        account.password_changed = today - 100;
        account.line = uid + 1;
        facts.accounts->push_back(std::move(account));
        return facts.accounts->back();
    }
    facts::Account& find(const std::string& name) {
        return *std::ranges::find(*facts.accounts, name, &facts::Account::name);
    }

    /// Adds a line to ~/.ssh/authorized_keys.
    keyfmt::AuthorizedKey& key(const std::string& user, keyfmt::PublicKey key, keyfmt::KeyOptions options = {}) {
        auto& file = key_file(user, find(user).home + "/.ssh/authorized_keys");
        file.entries->push_back({.line = static_cast<std::uint32_t>(file.entries->size()) + 1,
                                 .key = std::move(key),
                                 .options = std::move(options)});
        return file.entries->back();
    }
    facts::AuthorizedKeysFile& key_file(const std::string& user, const std::string& path) {
        for (auto& file : facts.authorized_keys) {
            if (file.path == path) {
                if (file.walk && !file.walk->exists()) {
                    file.walk = walk_of(path, find(user));
                }
                return file;
            }
        }
        facts::AuthorizedKeysFile file{.path = path, .account = user};
        file.walk = walk_of(path, find(user));
        file.entries = std::vector<keyfmt::AuthorizedKey>{};
        facts.authorized_keys.push_back(std::move(file));
        return facts.authorized_keys.back();
    }
    void host_key(const std::string& path, keyfmt::PublicKey key) {
        facts::HostKey host_key{.path = path};
        host_key.private_walk = walk_of(path, facts::Account{.home = "/root"});
        host_key.header = keyfmt::PrivateKeyHeader{.public_key = std::move(key)};
        facts.host_keys.push_back(std::move(host_key));
    }
    void pam(const std::string& text) {
        facts.pam = facts::expand_pam("sshd", [&](const std::string& name) -> Result<facts::PamFile> {
            return facts::PamFile{"/etc/pam.d/" + name, text};
        });
    }

    /// Valid until the next call. Files that an account could have and that nobody has given are absent.
    Model& model() {
        for (const auto& account : *facts.accounts) {
            for (const auto* name : {"/.ssh/authorized_keys", "/.ssh/authorized_keys2"}) {
                const auto path = account.home + name;
                const bool given =
                    std::ranges::any_of(facts.authorized_keys, [&](const auto& file) { return file.path == path; });
                if (!given) {
                    facts::AuthorizedKeysFile file{.path = path, .account = account.name};
                    file.walk = facts::PathWalk{.named = path, .steps = {facts::PathInfo{.path = path}}};
                    file.entries = std::vector<keyfmt::AuthorizedKey>{};
                    facts.authorized_keys.push_back(std::move(file));
                }
            }
        }
        model_.reset();
        evaluator_ = std::make_unique<sshdconf::Evaluator>(*facts.config);
        model_ = std::make_unique<Model>(facts, *evaluator_, now);
        return *model_;
    }

    Decision check(Visitor visitor) {
        if (visitor.address.empty()) {
            visitor.address = "192.0.2.10";
        }
        return model().check(visitor);
    }
    Decision check_key(const std::string& user, const std::string& name) {
        return check({.user = user, .keys = {ed25519(name)}});
    }

private:
    std::unique_ptr<sshdconf::Evaluator> evaluator_;
    std::unique_ptr<Model> model_;
};

/// "admitted", "refused", "unknown", and for what is not admitted the reason that decided.
inline std::string answer(const Decision& decision) {
    switch (decision.answer) {
        case Answer::admitted:
            return "admitted";
        case Answer::refused:
            return "refused";
        case Answer::unknown:
            break;
    }
    return "unknown";
}

inline std::string reasons(const Decision& decision) {
    std::string text;
    for (const auto& reason : decision.reasons) {
        text += reason.text + "\n";
    }
    return text;
}

/// "bob publickey SHA256:a", "root password", ... of every path, one after the other.
inline std::vector<std::string> listed(TestHost& host, const Query& query = {}) {
    std::vector<std::string> lines;
    const auto paths = host.model().paths(query).value();
    for (const auto& path : paths) {
        std::string line = path.user;
        for (std::size_t i = 0; i < path.methods.size(); ++i) {
            line += (i == 0 ? " " : ",") + path.methods[i];
        }
        line += path.key.empty() ? "" : " " + path.key;
        for (const auto& source : path.from) {
            line += " from " + source;
        }
        line += path.uncertain.empty() ? "" : " ?";
        line += path.session.ends.empty() ? "" : " ends";
        lines.push_back(std::move(line));
    }
    return lines;
}

}  // namespace sshkeep::access::testing
