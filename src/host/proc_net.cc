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

std::optional<ProcListener> parse_line(std::string_view line) {
    constexpr std::string_view listening = "0A";
    const auto fields = split_words(line);
    if (fields.size() < 10 || fields[3] != listening) {
        return std::nullopt;
    }
    const auto colon = fields[1].find(':');
    if (colon == std::string_view::npos) {
        return std::nullopt;
    }
    const auto address = parse_hex_address(fields[1].substr(0, colon));
    const auto port = parse_uint(fields[1].substr(colon + 1), 16);
    const auto inode = parse_uint(fields[9]);
    if (!address || !port || *port > std::numeric_limits<std::uint16_t>::max() || !inode) {
        return std::nullopt;
    }
    return ProcListener{*address, static_cast<std::uint16_t>(*port), *inode};
}

}  // namespace

std::vector<ProcListener> parse_proc_net_tcp(std::string_view text) {
    std::vector<ProcListener> listeners;
    for (const auto line : split(text, '\n')) {
        if (auto listener = parse_line(line)) {
            listeners.push_back(*std::move(listener));
        }
    }
    return listeners;
}

}  // namespace sshkeep::host
