#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "access/access.h"
#include "access/policy.h"
#include "access/verdict.h"
#include "facts/path_safety.h"

/// What the steps of a decision share. Used within the room.
namespace sshkeep::access {

/// Where a connection comes from and arrives.
struct Origin {
    std::string label;  ///< as the configuration writes it ("192.0.2.0/24"); empty: an address like any other
    std::string address;
    std::optional<std::string> host_name;
    std::optional<std::string> local_address;
    std::optional<std::uint16_t> local_port;
};

/// What a key, certificate or principal's line lets its holder do: the options of all of them together.
struct Rights {
    std::optional<std::string> command;
    bool port_forwarding = true;
    bool agent_forwarding = true;
    bool x11_forwarding = true;
    bool pty = true;
    bool user_rc = true;
    bool limited_ports = false;  ///< permitopen or permitlisten
    std::optional<std::int64_t> expires;
};

/// Entries of one file by the fingerprint of their key, in the file's order.
using EntryIndex = std::unordered_map<std::string_view, std::vector<const keyfmt::AuthorizedKey*>>;

struct Model::State {
    State(const facts::HostFacts& host_facts, sshdconf::Evaluator& host_evaluator, std::int64_t time);

    const facts::HostFacts& facts;
    sshdconf::Evaluator& evaluator;
    std::int64_t now;
    int version;
    mutable Policies policies;
    facts::PrivateGroups private_groups;
    std::unordered_map<std::string_view, const facts::Account*> accounts;
    std::unordered_map<std::string_view, std::uint32_t> gids;
    std::unordered_map<std::string_view, std::string_view> homes;  ///< account -> its home as the system resolves it
    std::unordered_map<std::string_view, const facts::HomeDirectory*> home_directories;
    std::unordered_map<std::string_view, const facts::AuthorizedKeysFile*> key_files;
    std::unordered_map<std::string_view, const facts::PrincipalsFile*> principals_files;
    std::unordered_map<std::string_view, const facts::RevokedKeysFile*> revoked_files;
    std::unordered_map<std::string, const facts::NamedPath*> chroots;
    mutable std::unordered_map<const facts::AuthorizedKeysFile*, EntryIndex> entry_indexes;
    /// What was found of the files of the account that is being looked at: all its keys ask for it.
    struct FileVerdicts {
        const facts::Account* account = nullptr;
        const Policy* policy = nullptr;
        std::unordered_map<const void*, Verdict> verdicts;
    };
    mutable FileVerdicts file_verdicts;
    mutable std::optional<bool> known_use_dns;
    /// By settings and type of key: accepted or not.
    mutable std::map<std::pair<const Policy*, std::string>, bool> accepted_types;

    [[nodiscard]] const facts::Account* find(std::string_view name) const;
    [[nodiscard]] const EntryIndex& entries_of(const facts::AuthorizedKeysFile& file) const;
    [[nodiscard]] sshdconf::Connection connection(const facts::Account& account, const Origin& origin) const;
    [[nodiscard]] const Policy& policy(const facts::Account& account, const Origin& origin) const;
    /// The client's name as sshd has it for this connection: the address without UseDNS.
    [[nodiscard]] std::string host_of(const Policy& policy, const Origin& origin) const;
    /// file_verdict, remembered for the account that was asked for last.
    [[nodiscard]] const Verdict& known_file_verdict(const facts::Account& account, const Policy& policy,
                                                    const facts::AuthorizedKeysFile& file) const;
    [[nodiscard]] bool use_dns() const;
    /// A key of the account's files by its fingerprint.
    [[nodiscard]] const keyfmt::PublicKey* key_of(std::string_view user, std::string_view fingerprint) const;
    /// All keys of the account's files, each once; certificate authorities are none.
    [[nodiscard]] std::vector<const keyfmt::PublicKey*> keys_of(std::string_view user) const;
    /// The subsystem sftp is there for the account.
    [[nodiscard]] bool has_sftp(std::string_view user) const;
};

using State = Model::State;

/// %h, %u, %U and %% as sshd expands them.
[[nodiscard]] std::string expand_tokens(std::string_view text, const facts::Account& account);
/// The same for a file of an account, which hangs below its home when it is relative.
[[nodiscard]] std::string expand_account_path(std::string_view text, const facts::Account& account);

// ---- steps before any method -----------------------------------------------------------------------------------

/// Locked, expired, without a shell (allowed_user of auth.c, first part).
[[nodiscard]] Verdict account_verdict(const State& state, const facts::Account& account, const Policy& policy);
/// AllowUsers, DenyUsers, AllowGroups, DenyGroups.
[[nodiscard]] Verdict lists_verdict(const State& state, const facts::Account& account, const Policy& policy,
                                    const Origin& origin);
/// hosts.allow and hosts.deny.
[[nodiscard]] Verdict wrappers_verdict(const State& state, const Origin& origin);

// ---- keys ------------------------------------------------------------------------------------------------------

/// Whether a key opens an account, and with what rights.
struct Grant {
    Verdict verdict;
    Rights rights;
    const keyfmt::AuthorizedKey* entry = nullptr;  ///< the line that opened
    std::string via;                               ///< "/root/.ssh/authorized_keys:3"
};

/// Type, size, revocation: what makes sshd refuse a key whatever the account.
[[nodiscard]] Verdict key_verdict(const State& state, const keyfmt::PublicKey& key, const Policy& policy);
/// The same of an authority alone, for certificates that are not at hand.
[[nodiscard]] Verdict revocation_verdict(const State& state, const keyfmt::PublicKey& key, const Policy& policy);
/// A plain key or a certificate.
[[nodiscard]] Grant grant_of(const State& state, const facts::Account& account, const Policy& policy,
                             const Origin& origin, const keyfmt::PublicKey& key);
/// Whether sshd would read a file of an account: StrictModes, and the account's own right to read it.
[[nodiscard]] Verdict file_verdict(const State& state, const facts::Account& account, const Policy& policy,
                                   const facts::Fact<facts::PathWalk>& walk);
/// What options ask of time and source (auth_authorise_keyopts).
[[nodiscard]] Verdict options_verdict(const State& state, const keyfmt::KeyOptions& options, const Policy& policy,
                                      const Origin& origin, bool authority_allowed);
[[nodiscard]] Rights rights_of(const keyfmt::KeyOptions& options);
/// Both sets of options hold; nullopt when their commands differ.
[[nodiscard]] std::optional<Rights> merged(const Rights& first, const Rights& second);
/// A certificate by a cert-authority line of the account's files.
[[nodiscard]] Grant listed_certificate_grant(const State& state, const facts::Account& account, const Policy& policy,
                                             const Origin& origin, const keyfmt::PublicKey& key);
/// A certificate by TrustedUserCAKeys.
[[nodiscard]] Grant trusted_certificate_grant(const State& state, const facts::Account& account, const Policy& policy,
                                              const Origin& origin, const keyfmt::PublicKey& key);
/// What TrustedUserCAKeys and the principals of an account say, for listing: the keys that sshd reads from the file.
[[nodiscard]] const facts::CaFile* ca_file_of(const State& state, const Policy& policy);
/// The authorities of the file up to the first line that sshd cannot read.
[[nodiscard]] std::vector<const keyfmt::PublicKey*> authorities_of(const facts::CaFile& file);

/// The lines of AuthorizedPrincipalsFile that count for an account, or why there are none.
struct Principals {
    Verdict verdict;
    std::vector<const keyfmt::AuthorizedPrincipal*> lines;
    std::string path;
};
/// Certificates of an authority that are not at hand. `entry` is its line in the account's own files, if it stands
/// there.
[[nodiscard]] Grant authority_grant(const State& state, const facts::Account& account, const Policy& policy,
                                    const Origin& origin, const keyfmt::AuthorizedKey* entry,
                                    const keyfmt::PublicKey& authority);
/// Whom its certificates must name, escaped.
[[nodiscard]] std::vector<std::string> authority_principals(const State& state, const facts::Account& account,
                                                            const Policy& policy, const keyfmt::AuthorizedKey* entry);
[[nodiscard]] Principals principals_of(const State& state, const facts::Account& account, const Policy& policy);

// ---- passwords and PAM -----------------------------------------------------------------------------------------

enum class Credential : std::uint8_t { key, password, empty_password };

/// The `account` stack; `must_change`: a new password is demanded first.
struct PamAccount {
    Verdict verdict;
    bool must_change = false;
};
[[nodiscard]] PamAccount pam_account(const State& state, const facts::Account& account, const Policy& policy,
                                     const Origin& origin, Credential credential);
/// Whether the account's password (or an empty one) opens by the method.
[[nodiscard]] Verdict password_verdict(const State& state, const facts::Account& account, const Policy& policy,
                                       const Origin& origin, std::string_view method, bool empty);

// ---- the session -----------------------------------------------------------------------------------------------

struct SessionPlan {
    Session session;
    std::string uncertain;  ///< why it may end, or be another
};
/// Why the session of who got in by these methods ends; empty: it need not.
[[nodiscard]] std::string broken_credentials(const facts::Account& account, const Policy& policy,
                                             const std::vector<std::string>& methods);
[[nodiscard]] SessionPlan session_of(const State& state, const facts::Account& account, const Policy& policy,
                                     const Rights* rights, bool must_change);

// ---- the server ------------------------------------------------------------------------------------------------

/// Whether a connection to this local address and port reaches sshd; each may be unset.
[[nodiscard]] Verdict listening_verdict(const State& state, const std::optional<std::string>& local_address,
                                        const std::optional<std::uint16_t>& local_port);

[[nodiscard]] Power power_of_account(const State& state, const facts::Account& account);

}  // namespace sshkeep::access
