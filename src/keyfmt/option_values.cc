#include "keyfmt/option_values.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>
#include <string>

#include "base/text.h"
#include "model/address.h"

namespace sshkeep::keyfmt {
namespace {

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_letter(char c) noexcept { return ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z'; }

constexpr std::string_view white_space = " \t\n\v\f\r";

/// A field of a date as strptime(3) takes it: white space, then digits to the field's end.
std::optional<int> parse_field(std::string_view field, int min, int max) {
    field.remove_prefix(std::min(field.find_first_not_of(white_space), field.size()));
    if (field.empty() || !std::ranges::all_of(field, is_digit)) {
        return std::nullopt;
    }
    int number = 0;
    for (const char c : field) {
        number = number * 10 + (c - '0');
    }
    return number >= min && number <= max ? std::optional(number) : std::nullopt;
}

/// Takes a zone's suffix off; true when there was one. A lone suffix is no time at all, so it may stay.
bool take_utc_suffix(std::string_view& text) {
    for (const std::string_view suffix : {"Z", "UTC"}) {
        if (text.size() > suffix.size() && iequals(text.substr(text.size() - suffix.size()), suffix)) {
            text.remove_suffix(suffix.size());
            return true;
        }
    }
    return false;
}

/// A word that /etc/services could hold (RFC 6335 section 5.1, without its bound of 15 characters).
bool looks_like_service(std::string_view text) {
    return std::ranges::any_of(text, is_letter) && std::ranges::all_of(text, [](char c) {
               return is_letter(c) || is_digit(c) || std::string_view("-_+.").find(c) != std::string_view::npos;
           });
}

/// "10.1.2.3" and the shorter and hexadecimal forms of inet_aton(3), in which "10" is 0.0.0.10.
std::optional<std::uint32_t> parse_ipv4(std::string_view text) {
    in_addr address{};
    const bool strange = text.find_first_not_of("0123456789abcdefABCDEFxX.") != std::string_view::npos;
    if (strange || inet_aton(std::string(text).c_str(), &address) == 0) {
        return std::nullopt;
    }
    return ntohl(address.s_addr);
}

/// An address or network whose prefix is longer than the address, or has bits set beyond the prefix.
/// What is no address at all is a host pattern, and cannot be wrong.
bool is_bad_network(std::string_view entry) {
    constexpr std::size_t longest_address = 63;
    if (entry.size() > longest_address) {
        return false;
    }
    const auto slash = entry.find('/');
    std::optional<std::int64_t> prefix;
    if (slash != std::string_view::npos) {
        prefix = parse_c_number(entry.substr(slash + 1), 0, std::numeric_limits<int>::max());
        if (!prefix) {
            return false;
        }
    }
    const auto text = entry.substr(0, slash);
    if (const auto v4 = parse_ipv4(text)) {
        return prefix && (*prefix > 32 || (*prefix < 32 && (*v4 & (~std::uint32_t{0} >> *prefix)) != 0));
    }
    const auto v6 = Address::parse(text.substr(0, text.find('%')));
    return v6 && prefix && (*prefix > v6->bits() || !Cidr{*v6, static_cast<unsigned>(*prefix)}.strict());
}

}  // namespace

std::optional<std::int64_t> parse_c_number(std::string_view text, std::int64_t min, std::int64_t max) {
    text.remove_prefix(std::min(text.find_first_not_of(white_space), text.size()));
    if (text.starts_with('+') && text.size() > 1 && is_digit(text[1])) {
        text.remove_prefix(1);
    }
    const auto number = parse_int(text);
    return number && *number >= min && *number <= max ? number : std::nullopt;
}

std::optional<std::int64_t> parse_expiry_time(std::string_view text, std::int32_t utc_offset) {
    namespace chrono = std::chrono;
    const bool utc = take_utc_suffix(text);
    if (text.size() != 8 && text.size() != 12 && text.size() != 14) {
        return std::nullopt;
    }
    const auto field = [&](std::size_t at, int min, int max) {
        return at < text.size() ? parse_field(text.substr(at, 2), min, max) : std::optional(0);
    };
    const auto year = parse_field(text.substr(0, 4), 0, 9999);
    const auto month = field(4, 1, 12);
    const auto day = field(6, 1, 31);
    const auto hour = field(8, 0, 23);
    const auto minute = field(10, 0, 59);
    const auto second = field(12, 0, 61);
    if (!year || !month || !day || !hour || !minute || !second) {
        return std::nullopt;
    }
    // A day that the month does not have runs over into the next month, as with mktime(3).
    const chrono::sys_days first_of_month = chrono::year(*year) / *month / 1;
    const auto days = first_of_month.time_since_epoch().count() + *day - 1;
    const auto time = ((std::int64_t{days} * 24 + *hour) * 60 + *minute) * 60 + *second - (utc ? 0 : utc_offset);
    return time > 0 ? std::optional(time) : std::nullopt;
}

std::optional<int> parse_tunnel(std::string_view text) {
    constexpr int any = std::numeric_limits<int>::max();
    if (iequals(text, "any")) {
        return any;
    }
    const auto number = parse_c_number(text, 0, any - 2);
    return number ? std::optional(static_cast<int>(*number)) : std::nullopt;
}

PermitFault check_permit(std::string_view text) {
    constexpr std::size_t host_limit = 1025;  // NI_MAXHOST
    std::size_t host_end = 0;
    if (text.starts_with('[')) {
        host_end = text.find(']');
        if (host_end == std::string_view::npos) {
            return PermitFault::host;
        }
        ++host_end;
        if (host_end < text.size() && text[host_end] != ':' && text[host_end] != '/') {
            return PermitFault::host;
        }
    } else {
        host_end = std::min(text.find_first_of(":/"), text.size());
    }
    if (host_end >= host_limit) {
        return PermitFault::host;
    }
    if (host_end == text.size()) {
        return PermitFault::port;
    }
    const auto port = text.substr(host_end + 1);
    const bool known = port == "*" || parse_c_number(port, 1, 65535) || looks_like_service(port);
    return known ? PermitFault::none : PermitFault::port;
}

FromFault check_from_list(std::string_view list) {
    bool positive = false;
    for (bool more = true; more;) {
        const auto comma = list.find(',');
        auto entry = list.substr(0, comma);
        more = comma != std::string_view::npos;
        list.remove_prefix(more ? comma + 1 : list.size());
        if (entry.starts_with('!')) {
            entry.remove_prefix(1);
        } else {
            positive = true;
        }
        if (entry.empty() || is_bad_network(entry)) {
            return FromFault::invalid;
        }
    }
    return positive ? FromFault::none : FromFault::negative;
}

bool is_environment_name(std::string_view name) noexcept {
    return !name.empty() && std::ranges::all_of(name, [](char c) { return is_letter(c) || is_digit(c) || c == '_'; });
}

}  // namespace sshkeep::keyfmt
