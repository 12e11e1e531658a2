#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "access/state.h"

/// The server itself: what it listens on, and whether it starts. Used within the room.
namespace sshkeep::access {

struct Endpoint {
    std::string address = {};  ///< numeric or a name; empty: any
    std::uint16_t port = 0;
    bool both_families = false;
};

struct Listening {
    std::string by;  ///< "sshd_config", or the name of the socket unit
    std::vector<Endpoint> endpoints = {};
    std::string doubt = {};  ///< why there may be others
};

/// The socket unit that takes connections instead of sshd; nullptr: sshd itself does.
[[nodiscard]] const facts::Unit* listening_socket(const State& state);
[[nodiscard]] Listening listening_of(const State& state);

}  // namespace sshkeep::access
