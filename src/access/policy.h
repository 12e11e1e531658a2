#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sshdconf/effective.h"

namespace sshkeep::access {

enum class RootLogin : std::uint8_t { yes, without_password, forced_commands_only, no };

/// What one connection's settings mean for access, read once for all connections that share them.
/// Each `doubt_*` is empty, or says why one of the settings before it may be another.
struct Policy {
    Policy(const sshdconf::Effective& effective, int version, const sshdconf::Config* config);

    bool use_pam = false;
    bool use_dns = false;
    std::string doubt_pam;

    std::vector<std::string> deny_users;
    std::vector<std::string> allow_users;
    std::vector<std::string> deny_groups;
    std::vector<std::string> allow_groups;
    std::string doubt_lists;
    std::string chroot;  ///< tokens unexpanded; empty: none
    std::string doubt_chroot;

    RootLogin root = RootLogin::without_password;
    std::string doubt_root;

    bool publickey = true;
    bool password = true;
    bool keyboard_interactive = true;
    bool hostbased = false;
    bool gssapi = false;
    bool kerberos = false;  ///< passwords are tried with Kerberos first
    bool empty_passwords = false;
    std::vector<std::vector<std::string>> chains;  ///< of AuthenticationMethods; empty: any
    std::string doubt_methods;
    std::int64_t max_tries = 6;

    std::vector<std::string> key_files;  ///< tokens unexpanded
    bool strict_modes = true;
    bool keys_command = false;
    std::string ca_keys;           ///< empty: none
    std::string principals_file;   ///< tokens unexpanded; empty: none
    bool principals_none = false;  ///< sshd looks for a file "none" in the home, see names_none
    bool principals_command = false;
    bool revoked_none = false;  ///< sshd looks for a file "none"
    std::vector<std::string> revoked_keys;
    std::string key_algorithms;
    std::string ca_algorithms;  ///< empty: this release asks for none
    std::int64_t rsa_bits = 1024;
    std::string doubt_keys;

    std::string forced_command;             ///< empty: none
    std::vector<std::string> restrictions;  ///< sorted
    std::int64_t max_sessions = 10;
    std::vector<std::string> subsystems;  ///< "sftp /usr/lib/openssh/sftp-server"
    std::string doubt_session;
};

/// Policies by the settings they were read from.
class Policies {
public:
    /// `config` outlives it; nullptr when it is not known.
    Policies(int version, const sshdconf::Config* config) : version_(version), config_(config) {}
    [[nodiscard]] const Policy& of(const sshdconf::Effective& effective);

private:
    int version_;
    const sshdconf::Config* config_;
    std::unordered_map<const sshdconf::Effective*, std::unique_ptr<Policy>> known_;
};

}  // namespace sshkeep::access
