#include "access/matching.h"

#include "base/text.h"

namespace sshkeep::access {

HostMatch match_host_and_address(const Peer& peer, std::string_view patterns) {
    const auto by_address = sshdconf::match_address_list(peer.address, patterns, peer.version);
    if (by_address == sshdconf::AddressMatch::invalid) {
        return HostMatch::invalid;
    }
    if (by_address == sshdconf::AddressMatch::negated) {
        return HostMatch::no;
    }
    const auto by_name = sshdconf::match_pattern_list(ascii_lower(peer.host), patterns, true);
    if (by_name == sshdconf::ListMatch::negated) {
        return HostMatch::no;
    }
    const bool found = by_address == sshdconf::AddressMatch::positive || by_name == sshdconf::ListMatch::positive;
    return found ? HostMatch::yes : HostMatch::no;
}

HostMatch match_user(std::string_view user, const Peer& peer, std::string_view pattern) {
    const auto at = pattern.find('@');
    if (!sshdconf::match_pattern(user, pattern.substr(0, at))) {
        return HostMatch::no;
    }
    return at == std::string_view::npos ? HostMatch::yes : match_host_and_address(peer, pattern.substr(at + 1));
}

}  // namespace sshkeep::access
