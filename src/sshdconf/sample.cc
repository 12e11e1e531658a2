#include <algorithm>

#include "base/text.h"
#include "sshdconf/conditions.h"
#include "sshdconf/passes.h"
#include "sshdconf/patterns.h"
#include "sshdconf/values.h"
#include "sshdconf/version_number.h"

namespace sshkeep::sshdconf {

namespace {

using Kind = Criterion::Kind;

/// A text that the pattern matches: `*` stands for "x" (or nothing at its edges), `?` for one letter.
std::string fill_pattern(std::string_view pattern) {
    std::string text;
    for (const char c : pattern) {
        text += c == '*' || c == '?' ? 'x' : c;
    }
    return text;
}

/// The first pattern of a list that yields a text which the whole list matches.
std::optional<std::string> sample_of_list(std::string_view list, bool lower) {
    for (const std::string_view pattern : split(list, ',')) {
        if (pattern.empty() || pattern.starts_with('!')) {
            continue;
        }
        std::string text = fill_pattern(lower ? ascii_lower(pattern) : std::string(pattern));
        if (match_pattern_list(text, list, lower) == ListMatch::positive) {
            return text;
        }
    }
    return std::nullopt;
}

/// The address after `address`, for networks whose first address stands for the network itself.
std::string next_address(const Address& address) {
    std::string text = address.text();
    if (address.family() == Address::Family::v6) {
        return text.ends_with("::") ? text + "1" : text;
    }
    const std::size_t dot = text.rfind('.');
    const auto last = parse_uint(text.substr(dot + 1)).value_or(255);
    return last < 255 ? text.substr(0, dot + 1) + std::to_string(last + 1) : text;
}

std::optional<std::string> sample_address(std::string_view list, int version) {
    for (const std::string_view piece : split(list, ',')) {
        if (piece.empty() || piece.starts_with('!')) {
            continue;
        }
        std::vector<std::string> candidates;
        if (const auto network = Cidr::parse(piece)) {
            candidates = {next_address(network->address), network->address.text()};
        }
        std::string digits(piece);
        std::ranges::replace(digits, '?', '1');
        for (std::size_t star = digits.find('*'); star != std::string::npos; star = digits.find('*')) {
            // A lone star may stand for several numbers: as many as an IPv4 address lacks.
            const auto dots = std::ranges::count(digits, '.');
            const auto missing_dots = digits.find('*', star + 1) == std::string::npos && dots < 3 ? 3 - dots : 0;
            std::string fill = "1";
            for (auto i = missing_dots; i > 0; --i) {
                fill += ".1";
            }
            digits.replace(star, 1, fill);
        }
        candidates.push_back(digits);
        for (const std::string& candidate : candidates) {
            if (match_address_list(candidate, list, version) == AddressMatch::positive) {
                return candidate;
            }
        }
    }
    return std::nullopt;
}

/// Adds what a criterion needs, where nothing contradicts it yet.
bool satisfy(const Criterion& criterion, Connection& connection, int version) {
    const auto want = [](std::optional<std::string>& field, std::optional<std::string> text) {
        if (!field) {
            field = std::move(text);
        }
        return field.has_value();
    };
    switch (criterion.kind) {
        case Kind::user:
            return want(connection.user, sample_of_list(criterion.argument, false));
        case Kind::group: {
            const auto group = sample_of_list(criterion.argument, false);
            if (group && std::ranges::find(connection.groups, *group) == connection.groups.end()) {
                connection.groups.push_back(*group);
            }
            return group.has_value();
        }
        case Kind::host:
            return want(connection.host, sample_of_list(criterion.argument, true));
        case Kind::address:
            return want(connection.address, sample_address(criterion.argument, version));
        case Kind::local_address:
            return want(connection.local_address, sample_address(criterion.argument, version));
        case Kind::rdomain:
            return want(connection.rdomain, sample_of_list(criterion.argument, false));
        case Kind::local_port: {
            const auto port = parse_port(criterion.argument, version);
            if (port && !connection.local_port) {
                connection.local_port = static_cast<std::uint16_t>(*port);
            }
            return port.has_value();
        }
        case Kind::invalid_user:
            connection.user_exists = false;
            return true;
        case Kind::all:
        case Kind::version:
            return true;
    }
    return false;
}

}  // namespace

std::optional<Connection> sample_connection(const Config& config, std::uint32_t block) {
    const int version = version_number(config.build);
    if (block >= config.blocks.size()) {
        return std::nullopt;
    }
    Connection connection;
    for (std::uint32_t at = block; at != 0; at = config.blocks[at].parent) {
        for (const Criterion& criterion :
             parse_condition(config.line(config.blocks[at].origin), config.build).criteria) {
            if (!satisfy(criterion, connection, version)) {
                return std::nullopt;
            }
        }
    }
    const bool needs_user = !connection.groups.empty() || !connection.user_exists;
    if (needs_user && !connection.user) {
        connection.user = "somebody";
    }
    if (evaluate_block(config, block, connection) == Tri::no) {
        return std::nullopt;
    }
    return connection;
}

}  // namespace sshkeep::sshdconf
