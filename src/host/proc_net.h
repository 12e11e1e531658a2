#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sshkeep::host {

/// A listening line of /proc/net/tcp or tcp6.
struct ProcListener {
    std::string address;  ///< numeric
    std::uint16_t port = 0;
    std::uint64_t inode = 0;  ///< of the socket
};

/// An established connection. IPv4 behind an IPv6 socket is shown as IPv4.
struct ProcConnection {
    std::string local_address;
    std::uint16_t local_port = 0;
    std::string address;  ///< of the peer
    std::uint16_t port = 0;
    std::uint64_t inode = 0;
};

/// The sockets in state ESTABLISHED, read like the listeners.
[[nodiscard]] std::vector<ProcConnection> parse_proc_net_connections(std::string_view text);

/// The sockets in state LISTEN; lines that do not parse are skipped. The kernel writes addresses as 32-bit words in the
/// machine's own byte order.
[[nodiscard]] std::vector<ProcListener> parse_proc_net_tcp(std::string_view text);

}  // namespace sshkeep::host
