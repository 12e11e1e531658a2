#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "facts/access_table.h"
#include "facts/faillock.h"
#include "facts/sudoers.h"
#include "facts/tcp_wrappers.h"
#include "keyfmt/authorized_keys.h"
#include "keyfmt/authorized_principals.h"
#include "keyfmt/moduli.h"
#include "keyfmt/private_key.h"
#include "keyfmt/public_key.h"
#include "keyfmt/revoked_keys.h"
#include "sshdconf/config.h"

/// What is known of one host. A plain value: parsed, without a handle on anything; each part known or unknown.
namespace sshkeep::facts {

/// A value, or the reason why it is not known. An absent thing (no such file) is known; an unreadable one is not.
template <class T>
using Fact = Result<T>;

/// Not looked at yet: the initial state of every fact.
template <class T>
[[nodiscard]] Fact<T> not_collected() {
    return fail(ErrorCode::unsupported, "not collected");
}

enum class FileType : std::uint8_t { regular, directory, symlink, fifo, socket, device, other };

/// Owner and mode of one path.
struct PathInfo {
    std::string path;
    bool exists = false;
    FileType type = FileType::other;
    std::uint32_t uid = 0;
    std::uint32_t gid = 0;
    std::uint32_t mode = 0;  ///< 07777 bits
    std::uint64_t size = 0;
    std::int64_t mtime = 0;  ///< seconds since the epoch
};

/// A path as the system resolves it, and every directory above it up to "/": what StrictModes, ChrootDirectory and the
/// *Command options walk. steps[0] is the resolved path itself, the last is "/".
struct PathWalk {
    std::string named;  ///< as the configuration names it, tokens expanded
    std::vector<PathInfo> steps;
    [[nodiscard]] bool exists() const { return !steps.empty() && steps.front().exists; }
};

enum class PasswordState : std::uint8_t {
    none,        ///< empty field: logs in without a password where that is allowed
    hashed,      ///< a usable hash
    locked,      ///< "!" in front of a hash or alone: sshd without PAM refuses every login
    impossible,  ///< "*" and the like: no password fits, other methods work
};

struct Account {
    std::string name;
    std::uint32_t uid = 0;
    std::uint32_t gid = 0;
    std::string home;
    std::string shell;
    std::vector<std::string> groups;  ///< names, primary first
    Fact<PasswordState> password = not_collected<PasswordState>();
    bool shadow_missing = false;         ///< "x" in /etc/passwd, and no line in /etc/shadow that can be read
    std::string hash_scheme;             ///< "yescrypt", "sha512", "sha256", "md5", "des", ...; empty without a hash
    std::int64_t account_expires = -1;   ///< days since the epoch; -1 = never or unknown
    std::int64_t password_changed = -1;  ///< days since the epoch; -1 = unknown
    std::int64_t password_max_days = -1;
    std::int64_t password_inactive_days = -1;         ///< after password_max_days, until the account is closed
    Fact<bool> shell_exists = not_collected<bool>();  ///< a regular file that somebody may execute
    /// The shell is executable and allows a session (not nologin, false or a missing file; "" means /bin/sh).
    Fact<bool> shell_usable = not_collected<bool>();
    std::uint32_t line = 0;  ///< in /etc/passwd; 0 = from another name service

    /// Could authenticate in principle: usable shell, or any shell (sftp-only accounts have nologin and ForceCommand).
};

/// One authorized_keys file of one account, at a path that the effective AuthorizedKeysFile names.
struct AuthorizedKeysFile {
    std::string path;  ///< as sshd looks for it: tokens expanded, below the home when it is relative
    std::string account;
    std::vector<std::string> shared_with;  ///< further accounts whose AuthorizedKeysFile names this very file
    Fact<PathWalk> walk = not_collected<PathWalk>();
    /// Absent file: no entries. Unreadable: unknown.
    Fact<std::vector<keyfmt::AuthorizedKey>> entries = not_collected<std::vector<keyfmt::AuthorizedKey>>();
};

struct HomeDirectory {
    std::string account;
    Fact<PathInfo> home = not_collected<PathInfo>();
    Fact<PathInfo> dot_ssh = not_collected<PathInfo>();
    Fact<PathInfo> rc = not_collected<PathInfo>();           ///< ~/.ssh/rc
    Fact<PathInfo> environment = not_collected<PathInfo>();  ///< ~/.ssh/environment
    Fact<PathInfo> rhosts = not_collected<PathInfo>();  ///< ~/.rhosts, or ~/.shosts when that is the one that exists
    /// Private keys lying in ~/.ssh (by content, not by name).
    struct PrivateKey {
        PathInfo info;
        keyfmt::PrivateKeyHeader header;
    };
    std::vector<PrivateKey> private_keys;
    std::string private_keys_unread;  ///< why some files were not looked into; empty when all were
};

struct HostKey {
    std::string path;  ///< as HostKey names it
    Fact<PathWalk> private_walk = not_collected<PathWalk>();
    Fact<keyfmt::PrivateKeyHeader> header = not_collected<keyfmt::PrivateKeyHeader>();
    Fact<PathInfo> public_info = not_collected<PathInfo>();
    Fact<keyfmt::PublicKey> public_key = not_collected<keyfmt::PublicKey>();  ///< of PATH.pub, else from the header
};

/// A file or program that the configuration names: CA keys, principals, revoked keys, commands, banner, chroot, ...
struct NamedPath {
    std::string option;   ///< lower-case option that names it
    std::string account;  ///< for per-account paths (%u, %h); empty otherwise
    sshdconf::Origin origin;
    Fact<PathWalk> walk = not_collected<PathWalk>();
};

/// A file of public keys: TrustedUserCAKeys.
struct CaFile {
    std::string path;
    Fact<std::vector<keyfmt::AuthorizedKey>> keys = not_collected<std::vector<keyfmt::AuthorizedKey>>();
};

/// A file of RevokedKeys.
struct RevokedKeysFile {
    std::string path;
    bool exists = false;
    Fact<keyfmt::RevokedKeys> keys = not_collected<keyfmt::RevokedKeys>();
};

/// A file of AuthorizedPrincipalsFile. An absent file has no lines.
struct PrincipalsFile {
    std::string path;  ///< as sshd looks for it
    Fact<PathWalk> walk = not_collected<PathWalk>();
    Fact<std::vector<keyfmt::AuthorizedPrincipal>> lines = not_collected<std::vector<keyfmt::AuthorizedPrincipal>>();
};

/// One line of a PAM service, includes expanded: pam.d(5).
struct PamLine {
    std::string file;
    std::uint32_t line = 0;
    std::string type;     ///< "auth", "account", "password", "session"; a leading "-" removed
    std::string control;  ///< "required", "sufficient", or "[success=1 default=ignore]"
    std::string module;   ///< file name: "pam_unix.so"
    std::string path;     ///< the module as written when that is a path: "/opt/lib/pam_other.so"; else empty
    std::vector<std::string> arguments;
};

struct PamStack {
    std::string service;
    std::vector<PamLine> lines;
    std::vector<std::string> missing;  ///< included files that do not exist
};

/// A systemd unit, main file and drop-ins merged.
struct Unit {
    std::string name;                  ///< "ssh.service", "ssh.socket"
    std::vector<std::string> aliases;  ///< other names linked to it: "sshd.service" for Debian's "ssh.service"
    std::vector<std::string> files;    ///< in the order read
    bool enabled = false;              ///< linked from a .wants or .requires directory
    bool masked = false;
    std::vector<std::string> exec_start;  ///< as written, specifiers and $VARIABLES unexpanded
    std::vector<std::string> listen_streams;
    std::vector<std::string> runtime_directories;  ///< RuntimeDirectory=, below /run
    bool running = false;                          ///< only on the running host
};

struct Listener {
    std::string address;
    std::uint16_t port = 0;
    std::string process;
};

struct OsRelease {
    std::string id;          ///< "debian"
    std::string version_id;  ///< "12"
    std::string codename;
    std::string pretty_name;
};

/// The OpenSSH server that is installed.
struct OpensshServer {
    bool installed = false;
    std::string package_version;  ///< "1:9.2p1-2+deb12u10"; empty when no package database knows it
    OpensshVersion version;
    bool distribution_build = false;  ///< a distribution backports fixes: its version alone proves no CVE
    bool musl = false;                ///< the C library is musl
};

struct HostFacts {
    std::string hostname;
    std::string root = "/";  ///< the tree that was read
    bool running = false;
    std::int64_t observed_at = 0;    ///< seconds since the epoch
    std::uint32_t observer_uid = 0;  ///< whose eyes: without root much stays unknown

    Fact<OsRelease> os = not_collected<OsRelease>();
    Fact<OpensshServer> openssh = not_collected<OpensshServer>();
    sshdconf::Build build;
    Fact<sshdconf::Config> config = not_collected<sshdconf::Config>();
    std::vector<PathWalk> config_paths;  ///< the main file, each included file, and the directories of their globs
    Fact<std::vector<Account>> accounts = not_collected<std::vector<Account>>();
    Fact<std::map<std::uint32_t, std::string>> group_names = not_collected<std::map<std::uint32_t, std::string>>();
    std::vector<AuthorizedKeysFile> authorized_keys;
    std::vector<HomeDirectory> homes;
    std::vector<HostKey> host_keys;
    Fact<PathWalk> moduli_path = not_collected<PathWalk>();
    Fact<keyfmt::Moduli> moduli = not_collected<keyfmt::Moduli>();
    std::vector<NamedPath> named_paths;
    std::vector<CaFile> ca_files;
    std::vector<RevokedKeysFile> revoked_keys;
    std::vector<PrincipalsFile> principals;
    Fact<PamStack> pam = not_collected<PamStack>();
    Fact<std::vector<Unit>> units = not_collected<std::vector<Unit>>();
    /// SSHD_OPTS of /etc/default/ssh or OPTIONS of /etc/sysconfig/sshd, when set.
    std::optional<std::string> sshd_options;
    Fact<std::vector<Listener>> listeners = not_collected<std::vector<Listener>>();
    Fact<bool> nologin = not_collected<bool>();      ///< /etc/nologin exists
    Fact<bool> run_nologin = not_collected<bool>();  ///< /run/nologin (/var/run/nologin) exists
    Fact<Sudoers> sudoers = not_collected<Sudoers>();
    /// access.conf(5) of pam_access, by path; the default one and those that PAM's lines name.
    std::map<std::string, Fact<AccessTable>> access_tables;
    Fact<Faillock> faillock = not_collected<Faillock>();
    Fact<std::vector<std::string>> shells = not_collected<std::vector<std::string>>();  ///< /etc/shells
    /// What TCP wrappers read, for builds of sshd that are linked with them.
    Fact<TcpWrappers> tcp_wrappers = not_collected<TcpWrappers>();
    /// Other small files that rules ask for, by path; absent ones are not in the map.
    std::map<std::string, PathInfo> other_paths;
};

}  // namespace sshkeep::facts
