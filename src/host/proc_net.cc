#include "host/proc_net.h"

#include <arpa/inet.h>

#include <array>
#include <cstring>
#include <limits>
#include <optional>

#include "base/text.h"

namespace sshkeep::host {
namespace {

std::optional<std::string> parse_hex_address(std::string_view hex) {
    std::array<std::uint32_t, 4> words{};
    if (hex.size() != 8 && hex.size() != 32) {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < hex.size() / 8; ++i) {
        const auto word = parse_uint(hex.substr(i * 8, 8), 16);
        if (!word) {
            return std::nullopt;
        }
        words.at(i) = static_cast<std::uint32_t>(*word);
    }
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (::inet_ntop(hex.size() == 8 ? AF_INET : AF_INET6, words.data(), text.data(), text.size()) == nullptr) {
        return std::nullopt;
    }
    return std::string(text.data());
}

struct Endpoint {
    std::string address;
    std::uint16_t port = 0;
};

std::optional<Endpoint> parse_endpoint(std::string_view text) {
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) {
        return std::nullopt;
    }
    auto address = parse_hex_address(text.substr(0, colon));
    const auto port = parse_uint(text.substr(colon + 1), 16);
    if (!address || !port || *port > std::numeric_limits<std::uint16_t>::max()) {
        return std::nullopt;
    }
    return Endpoint{*std::move(address), static_cast<std::uint16_t>(*port)};
}

struct Socket {
    Endpoint local;
    Endpoint peer;
    std::uint64_t inode = 0;
};

/// Every socket in one state.
std::vector<Socket> parse_sockets(std::string_view text, std::string_view state) {
    std::vector<Socket> sockets;
    for (const auto line : split(text, '\n')) {
        const auto fields = split_words(line);
        if (fields.size() < 10 || fields[3] != state) {
            continue;
        }
        auto local = parse_endpoint(fields[1]);
        auto peer = parse_endpoint(fields[2]);
        const auto inode = parse_uint(fields[9]);
        if (local && peer && inode) {
            sockets.push_back({*std::move(local), *std::move(peer), *inode});
        }
    }
    return sockets;
}

std::string without_mapping(const std::string& address) {
    constexpr std::string_view mapped = "::ffff:";
    return address.starts_with(mapped) && address.contains('.') ? address.substr(mapped.size()) : address;
}

}  // namespace

std::vector<ProcListener> parse_proc_net_tcp(std::string_view text) {
    std::vector<ProcListener> listeners;
    for (auto& socket : parse_sockets(text, "0A")) {
        listeners.push_back({std::move(socket.local.address), socket.local.port, socket.inode});
    }
    return listeners;
}

std::vector<ProcConnection> parse_proc_net_connections(std::string_view text) {
    std::vector<ProcConnection> connections;
    for (auto& socket : parse_sockets(text, "01")) {
        connections.push_back({without_mapping(socket.local.address), socket.local.port,
                               without_mapping(socket.peer.address), socket.peer.port, socket.inode});
    }
    return connections;
}

}  // namespace sshkeep::host
