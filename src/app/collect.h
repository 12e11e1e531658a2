#pragma once

#include <cstdint>
#include <string>

#include "app/observe.h"
#include "app/paths.h"
#include "app/views.h"

namespace sshkeep::app {

/// What the collectors share.
struct Collection {
    ports::Host& host;
    PathReader paths{host};
    facts::HostFacts facts;
};

/// Most bytes read of each kind of file; a larger one is unknown.
namespace limits {
constexpr std::uint64_t kib = 1024;
constexpr std::uint64_t mib = 1024 * kib;
constexpr std::size_t account_count = 200'000;
constexpr std::uint64_t accounts = 64 * mib;        ///< /etc/passwd, /etc/shadow
constexpr std::uint64_t authorized_keys = 8 * mib;  ///< one file
constexpr std::size_t key_lines = 65536;            ///< in one authorized_keys file
constexpr std::size_t all_key_lines = 524288;
constexpr std::uint64_t all_dot_ssh = 256 * mib;  ///< files looked into for private keys
constexpr std::uint64_t key = 64 * kib;           ///< a private or public key
constexpr std::uint64_t moduli = 16 * mib;
constexpr std::uint64_t package_database = 64 * mib;
constexpr std::uint64_t program = 32 * mib;
constexpr std::uint64_t access_file = 1 * mib;  ///< sudoers, access.conf, hosts.allow and the like
constexpr std::uint64_t small_file = 64 * kib;  ///< units, PAM services, os-release and the like
}  // namespace limits

void collect_system(Collection& collection);  ///< host name, operating system, installed OpenSSH and its build
void collect_config(Collection& collection, const std::string& path);
void collect_accounts(Collection& collection);  ///< with group names
void collect_authorized_keys(Collection& collection, Views& views);
void collect_homes(Collection& collection);
void collect_host_keys(Collection& collection, const sshdconf::Effective& effective);
void collect_named_paths(Collection& collection, Views& views);  ///< and the keys of TrustedUserCAKeys
void collect_moduli(Collection& collection, const sshdconf::Effective& effective);
void collect_pam(Collection& collection, const sshdconf::Effective& effective);
void collect_access(Collection& collection);  ///< what else decides on access; after PAM
void collect_units(Collection& collection);
void collect_listeners(Collection& collection);
void collect_other_files(Collection& collection);

/// The text of a small file that follows links; nullopt when there is none.
[[nodiscard]] Result<std::optional<std::string>> read_small_file(ports::Host& host, const std::string& path,
                                                                 std::uint64_t limit = limits::small_file);

/// %h, %u, %U and %% as sshd expands them for files of an account. An unknown token stays as it is.
[[nodiscard]] std::string expand_tokens(std::string_view text, const facts::Account& account);

}  // namespace sshkeep::app
