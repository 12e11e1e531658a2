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

/// The sockets in state LISTEN; lines that do not parse are skipped. The kernel writes addresses as 32-bit words in the
/// machine's own byte order.
[[nodiscard]] std::vector<ProcListener> parse_proc_net_tcp(std::string_view text);

}  // namespace sshkeep::host
