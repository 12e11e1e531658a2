#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "ports/host.h"

namespace sshkeep::host {

/// The SSH session in which this process runs.
struct LoginSession {
    std::string user;           ///< as sshd let him in; empty: not known
    std::string address;        ///< of the client
    std::string local_address;  ///< that he reached; empty: not known
    std::uint16_t local_port = 0;
    /// The same for all processes of one connection and for no other: sshd's process and when it started, or, where
    /// that cannot be seen (a terminal multiplexer), what SSH_CONNECTION says.
    std::string identity;
    std::int64_t began = 0;  ///< seconds since the boot when sshd accepted the connection; 0: not known
    bool connected = false;  ///< the connection was found alive; else the rest is what the environment claims
};

/// From the process's ancestors and their sockets, else from their environment, which a user can set as he likes.
/// Nothing: no SSH session (a console, a service). `self`: 0 for this process.
[[nodiscard]] std::optional<LoginSession> read_login_session(ports::Host& host, std::uint32_t self = 0);

/// "alice" of "sshd: alice [priv]" and "sshd-session: alice@pts/0"; empty when it is none of sshd's titles.
[[nodiscard]] std::string user_of_title(std::string_view title);

}  // namespace sshkeep::host
