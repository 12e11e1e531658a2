#pragma once

#include <string_view>
#include <vector>

#include "access/state.h"

/// Representative sources of connections. Used within the room.
namespace sshkeep::access {

/// Most sources that are looked at for what the configuration names, and for what one key names.
inline constexpr std::size_t max_origins = 128;
inline constexpr std::size_t max_key_origins = 32;

/// First an address like any other, then one sample for each source that Match blocks, AllowUsers, DenyUsers,
/// access.conf and TCP wrappers tell apart.
[[nodiscard]] std::vector<Origin> origins_of(const State& state);
/// Samples for a list of hosts and networks as from= and AllowUsers write it: one for each pattern, or one for the
/// whole list where it excludes some.
[[nodiscard]] std::vector<Origin> origins_of_list(std::string_view list, int version);

}  // namespace sshkeep::access
