#include <algorithm>
#include <map>

#include "base/text.h"
#include "sshdconf/patterns.h"
#include "sshdconf/present.h"
#include "sshdconf/version_number.h"

namespace sshkeep::sshdconf {

namespace {

std::string endpoint(const std::string& host, const std::string& port, const std::string& rdomain) {
    const bool v6 = host.find(':') != std::string::npos;
    return (v6 ? "[" + host + "]:" : host + ":") + port + (rdomain.empty() ? "" : " rdomain " + rdomain);
}

/// Addresses that getaddrinfo(3) makes of one, in the order in which sshd prints them.
std::vector<std::string> resolve(const std::string& host, std::string_view family, ListenAddresses& result) {
    const std::size_t zone = std::min(host.find('%'), host.size());  // fe80::1%eth0
    const auto address = parse_numeric_address(host.substr(0, zone));
    if (!address) {
        const bool may_be_name = std::ranges::all_of(host, [](char c) {
            return (c >= '0' && c <= '9') || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || c == '-' || c == '.' ||
                   c == '_';
        });
        (may_be_name ? result.unresolved : result.refused) = host;
        return {host};
    }
    const bool v4 = address->family() == Address::Family::v4;
    if (v4 && zone != host.size()) {
        result.refused = host;
        return {};
    }
    if ((family == "inet" && !v4) || (family == "inet6" && v4)) {
        result.refused = host;
        return {};
    }
    return {address->text() + host.substr(zone)};
}

}  // namespace

std::vector<std::string> parts_of(const std::string& element) {
    std::vector<std::string> parts;
    for (const std::string_view part : split(element, part_separator)) {
        parts.emplace_back(part);
    }
    return parts;
}

ListenAddresses listen_addresses(const Slots& start, const Build& build) {
    const auto values = [&](Option option) {
        return start[option].set() ? start[option].values : default_values(option, build);
    };
    const std::string family = values(Option::address_family).front();
    const auto ports = values(Option::port);
    ListenAddresses result;
    if (!start[Option::listen_address].set()) {
        for (const std::string& port : ports) {
            if (family != "inet") {
                result.lines.push_back(endpoint("::", port, ""));
            }
            if (family != "inet6") {
                result.lines.push_back(endpoint("0.0.0.0", port, ""));
            }
        }
        return result;
    }
    constexpr std::size_t most_lines = 65536;
    std::size_t count = 0;
    std::vector<std::vector<std::string>> groups;  // one for each routing domain, in the order of appearance
    std::map<std::string, std::size_t> by_rdomain;
    for (const std::string& element : start[Option::listen_address].values) {
        const auto parts = parts_of(element);  // host, port, routing domain
        const auto [entry, is_new] = by_rdomain.try_emplace(parts[2], groups.size());
        if (is_new) {
            groups.emplace_back();
        }
        for (const std::string& port : parts[1].empty() ? ports : std::vector{parts[1]}) {
            for (const std::string& host : resolve(parts[0], family, result)) {
                groups[entry->second].push_back(endpoint(host, port, parts[2]));
                ++count;
            }
        }
        if (count > most_lines) {
            result.unresolved = "(too many to list)";
            break;
        }
    }
    for (const auto& lines : groups) {
        result.lines.insert(result.lines.end(), lines.begin(), lines.end());
    }
    return result;
}

}  // namespace sshkeep::sshdconf
