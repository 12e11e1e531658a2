#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sshdconf/patterns.h"

/// Names and addresses of a client against patterns, as match.c has it.
namespace sshkeep::access {

/// The other end of a connection.
struct Peer {
    std::string host;
    std::string address;
    int version;
};

enum class HostMatch : std::uint8_t { no, yes, invalid };

/// A list of from= or behind the @ of AllowUsers: an address that the list excludes is never matched.
[[nodiscard]] HostMatch match_host_and_address(const Peer& peer, std::string_view patterns);
/// "USER" or "USER@HOSTS".
[[nodiscard]] HostMatch match_user(std::string_view user, const Peer& peer, std::string_view pattern);

}  // namespace sshkeep::access
