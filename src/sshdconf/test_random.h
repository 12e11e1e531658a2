#pragma once

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "sshdconf/config.h"
#include "sshdconf/effective.h"
#include "sshdconf/glob.h"

/// Configurations made by chance, for property tests: nests of Include and Match over options of every kind.
namespace sshkeep::sshdconf {

/// Files by path, found by patterns as glob(3) does.
class RandomFiles final : public FileSource {
public:
    std::map<std::string, std::string> files;

    Result<std::string> read(const std::string& path) override {
        const auto file = files.find(path);
        return file == files.end() ? Result<std::string>(fail(ErrorCode::not_found, path)) : file->second;
    }
    Result<std::vector<std::string>> glob(const std::string& pattern) override {
        std::vector<std::string> paths;
        for (const auto& [path, bytes] : files) {
            if (path_matches(pattern, path)) {
                paths.push_back(path);
            }
        }
        return paths;
    }
};

class RandomConfig {
public:
    explicit RandomConfig(std::uint32_t seed) : random_(seed) {}

    [[nodiscard]] std::size_t below(std::size_t n) { return random_() % n; }
    [[nodiscard]] const std::string& one_of(const std::vector<std::string>& words) {
        return words[below(words.size())];
    }

    /// A valid line of an option that a Match block may hold.
    [[nodiscard]] std::string anywhere() {
        return one_of({"PermitRootLogin yes",
                       "PermitRootLogin no",
                       "permitrootlogin prohibit-password",
                       "PasswordAuthentication no",
                       "PasswordAuthentication = yes",
                       "X11Forwarding yes",
                       "X11Forwarding no",
                       "MaxAuthTries 3",
                       "MaxAuthTries \"9\"",
                       "AllowTcpForwarding no",
                       "ClientAliveInterval 60",
                       "AllowUsers bob root",
                       "AllowUsers *",
                       "DenyUsers eve",
                       "AcceptEnv LANG",
                       "AcceptEnv LC_* LD_*",
                       "ForceCommand /bin/echo \"a b\" # c",
                       "PermitTTY no",
                       "PubkeyAcceptedAlgorithms ssh-ed25519,rsa-sha2-512",
                       "KbdInteractiveAuthentication no",
                       "AuthenticationMethods publickey",
                       "LogLevel VERBOSE",
                       "Banner none"});
    }
    /// One that must stand outside.
    [[nodiscard]] std::string global() {
        return one_of({"LoginGraceTime 30", "LoginGraceTime 2m", "Port 2222", "UsePAM yes", "UseDNS no",
                       "StrictModes no", "Ciphers aes256-ctr,aes128-ctr,aes256-cbc", "MACs -hmac-sha1",
                       "MaxStartups 10:30:60", "Compression no", "TCPKeepAlive yes", "SyslogFacility AUTHPRIV",
                       "ListenAddress ::1"});
    }
    [[nodiscard]] std::string match() {
        return "Match " + one_of({"User bob", "User root,eve", "Address 192.0.2.0/24", "all", "Group users",
                                  "User bob Address 192.0.2.0/24", "User *,!bob"});
    }

    /// The main file and what it includes. `strange`: lines that sshd refuses, too.
    [[nodiscard]] std::map<std::string, std::string> files(bool strange) {
        std::map<std::string, std::string> files;
        for (const char* name : {"d/10.conf", "d/50-a.conf", "e/x", "e/y.conf"}) {
            if (below(3) != 0) {
                files["/etc/ssh/" + std::string(name)] = text(below(2) == 0, name[0] == 'd', strange);
            }
        }
        files["/etc/ssh/sshd_config"] = text(true, true, strange);
        return files;
    }

private:
    std::string include(bool may_nest) {
        return "Include " + (may_nest ? one_of({"e/*", "/etc/ssh/e/y.conf", "\"e/x\"", "/etc/ssh/d/*.conf", "d/* e/x",
                                                "/nothing/*", "/etc/ssh/[de]/*.conf", "/etc/ssh/d/10.conf"})
                                      : one_of({"e/x", "/nothing/*", "e/?.conf"}));
    }

    std::string text(bool with_global, bool includes, bool strange) {
        std::string text;
        bool in_match = false;
        for (auto n = below(9); n > 0; --n) {
            const auto kind = below(20);
            std::string line = anywhere();
            if (kind < 5 && with_global && !in_match) {
                line = global();
            } else if (kind < 7) {
                line = match();
                in_match = true;
            } else if (kind < 10 && includes) {
                line = include(with_global);
            } else if (kind < 12) {
                line = one_of({"# PermitRootLogin no", "", "   ", "#"});
            } else if (kind == 12 && strange) {
                line = one_of({"Include", "Include \"e/x", "Nonsense 1", "Include e/x \"\"", "MaxAuthTries"});
            }
            text += one_of({"", "", "", "  ", "\t"}) + line + one_of({"", "", " ", "\r"}) + "\n";
        }
        if (!text.empty() && below(4) == 0) {
            text.pop_back();
        }
        return text;
    }

    std::mt19937 random_;
};

/// Connections that the blocks of RandomConfig tell apart.
inline std::vector<Connection> random_connections() {
    std::vector<Connection> connections{{}};
    for (const char* user : {"bob", "root", "eve", "carol"}) {
        for (const char* address : {"192.0.2.7", "198.51.100.1"}) {
            connections.push_back({.user = user, .groups = {user, "users"}, .host = address, .address = address});
        }
    }
    connections[3].groups = {"root"};
    return connections;
}

}  // namespace sshkeep::sshdconf
