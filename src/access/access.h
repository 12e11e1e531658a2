#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "facts/facts.h"
#include "keyfmt/public_key.h"
#include "sshdconf/effective.h"

/// Who can get in, how, from where, and with what power: what sshd and PAM decide, worked out from facts alone.
namespace sshkeep::access {

enum class Answer : std::uint8_t {
    refused,
    admitted,
    unknown,  ///< hangs on something that was not read, is never run, or is not modelled; the reason says what
};

/// One step of an explanation: what decided, and where that is written.
struct Reason {
    std::string text;  ///< one sentence, fit for people (escaped)
    std::string path;  ///< file of the host; empty when there is none
    std::uint32_t line = 0;
};

/// Somebody at the door.
struct Visitor {
    std::string user;
    std::string address;                   ///< of the client, numeric
    std::optional<std::string> host_name;  ///< of the client, as UseDNS would find it; unset: none is found
    std::optional<std::string> local_address;
    std::optional<std::uint16_t> local_port;
    std::vector<keyfmt::PublicKey> keys;  ///< keys and certificates he can use, in the order in which he offers them
    std::uint32_t other_offers = 0;       ///< keys offered before these, none of which is accepted
    bool password = false;                ///< he knows the account's password
};

/// What a session is once it is open.
struct Session {
    enum class Kind : std::uint8_t { shell, command, sftp, none };
    Kind kind = Kind::shell;
    std::string command;  ///< forced command (key's or ForceCommand); "internal-sftp"; empty for a shell
    std::string chroot;   ///< empty: none
    std::vector<std::string> restrictions;  ///< "no-pty", "no-port-forwarding", ... sorted
    std::string ends;  ///< not empty: it ends at once, for this reason (shell nologin, unsafe chroot)
};

/// The answer to a visitor.
struct Decision {
    Answer answer = Answer::unknown;
    std::vector<std::string> methods;  ///< with which he gets in: {"publickey"}, {"publickey", "password"}
    std::string key;                   ///< fingerprint of the key that opened; empty without one
    std::optional<Session> session;    ///< when admitted
    std::vector<Reason> reasons;       ///< in the order in which sshd decides; the last one decided
};

/// What an account may do once inside.
struct Power {
    enum class Kind : std::uint8_t {
        none,
        some,    ///< some commands by sudo
        all,     ///< everything by sudo
        root,    ///< uid 0
        unknown  ///< sudoers could not be read
    };
    Kind kind = Kind::none;
    bool password_needed = false;  ///< sudo asks for the account's password
    bool password_usable = false;  ///< and it has one
    std::string via;               ///< "uid 0", "group sudo (/etc/sudoers:47)"

    /// Full power that he can really use.
    [[nodiscard]] bool administers() const noexcept {
        return kind == Kind::root || (kind == Kind::all && (!password_needed || password_usable));
    }
};

/// One way in: an account and a chain of methods, with a credential that exists on the host.
struct Path {
    std::string user;
    std::vector<std::string> methods;  ///< the chain, as AuthenticationMethods would write it
    std::string key;                   ///< fingerprint, of the CA when `authority`; empty for a way without a key
    std::string key_type;              ///< "ssh-ed25519"
    unsigned key_bits = 0;
    Untrusted comment;                    ///< of the key
    bool authority = false;               ///< any certificate that this CA signed for one of `principals`
    std::vector<std::string> principals;  ///< escaped
    std::vector<std::string> from;  ///< sources it is limited to, as written, each one sufficient; empty: anywhere
    std::optional<std::int64_t> expires;  ///< seconds since the epoch
    Session session;
    Power power;
    std::string via;        ///< where the credential is: "/root/.ssh/authorized_keys:3", "password (shadow)", ...
    std::string uncertain;  ///< not empty: may not hold, for this reason

    /// Opens a session that lasts (a shell, command or sftp), for certain.
    [[nodiscard]] bool usable() const noexcept { return uncertain.empty() && session.ends.empty(); }
};

/// What to list.
struct Query {
    std::optional<std::string> user;     ///< one account
    std::optional<std::string> address;  ///< only what works from there; unset: from anywhere at all
};

/// Answers for one host. Keeps references to the facts and the evaluator, which outlive it. Not thread-safe.
class Model {
public:
    /// `now`: seconds since the epoch.
    Model(const facts::HostFacts& facts, sshdconf::Evaluator& evaluator, std::int64_t now);
    ~Model();
    Model(Model&&) noexcept;
    Model& operator=(Model&&) noexcept;

    [[nodiscard]] Decision check(const Visitor& visitor) const;
    /// Ordered by account, then as sshd tries them. Error: accounts or configuration are unknown.
    [[nodiscard]] Result<std::vector<Path>> paths(const Query& query) const;
    [[nodiscard]] Power power_of(const facts::Account& account) const;
    /// Whether sshd would start and answer at all: a host key that it can load and offer, an address to listen on,
    /// no fatal line, the privilege separation directory. Reasons for a no or a doubt.
    [[nodiscard]] Decision reachable() const;

    struct State;
    /// For the room itself.
    [[nodiscard]] const State& state() const noexcept { return *state_; }

private:
    std::unique_ptr<State> state_;
};

}  // namespace sshkeep::access
