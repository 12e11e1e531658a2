#include "sshdconf/values.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "base/text.h"

namespace sshkeep::sshdconf {

namespace {

constexpr std::int64_t int_max = std::numeric_limits<std::int32_t>::max();

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_alphanumeric(char c) { return is_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z'); }

/// strtol(3) in base 10 at the front of the text, saturating; nothing without a digit.
std::optional<std::int64_t> take_number(std::string_view& text) {
    std::size_t at = std::min(text.find_first_not_of(" \t\n\v\f\r"), text.size());
    const bool negative = at < text.size() && text[at] == '-';
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) {
        ++at;
    }
    const std::size_t begin = at;
    std::int64_t number = 0;
    for (; at < text.size() && is_digit(text[at]); ++at) {
        const int digit = text[at] - '0';
        const bool fits = number <= (std::numeric_limits<std::int64_t>::max() - digit) / 10;
        number = fits ? number * 10 + digit : std::numeric_limits<std::int64_t>::max();
    }
    if (at == begin) {
        return std::nullopt;
    }
    text.remove_prefix(at);
    return negative ? -number : number;
}

std::optional<std::int64_t> unit_seconds(char unit) {
    switch (ascii_lower(unit)) {
        case 's':
            return 1;
        case 'm':
            return 60;
        case 'h':
            return 3600;
        case 'd':
            return 86400;
        case 'w':
            return 604800;
        default:
            return std::nullopt;
    }
}

std::optional<double> parse_fractional_time(std::string_view text) {
    double total = 0;
    bool seen_seconds = false;
    while (!text.empty()) {
        const std::size_t length = std::min(text.find_first_not_of("0123456789."), text.size());
        const std::string_view number = text.substr(0, length);
        const std::size_t point = number.find('.');
        const bool fraction = point != std::string_view::npos;
        if (number.empty() || number.find('.', fraction ? point + 1 : length) != std::string_view::npos ||
            (fraction && !is_digit(number.back())) || number.size() > 300) {
            return std::nullopt;
        }
        double value = 0;
        double scale = 1;
        for (std::size_t i = 0; i < length; ++i) {
            if (i != point) {
                value = value * 10 + (number[i] - '0');
                scale *= fraction && i > point ? 10 : 1;
            }
        }
        value /= scale;
        text.remove_prefix(length);
        const char unit = text.empty() ? 's' : text.front();
        const auto seconds = unit_seconds(unit);
        if (!seconds || (*seconds == 1 && seen_seconds) || (*seconds > 1 && fraction)) {
            return std::nullopt;
        }
        seen_seconds = seen_seconds || *seconds == 1;
        total += value * static_cast<double>(*seconds);
        text.remove_prefix(text.empty() ? 0 : 1);
    }
    return total;
}

struct NamedQos {
    std::string_view name;
    int value;
};
constexpr int qos_none = -2;  // none of the numbers
constexpr NamedQos qos_names[] = {
    {"none", qos_none}, {"af11", 0x28},       {"af12", 0x30},        {"af13", 0x38}, {"af21", 0x48}, {"af22", 0x50},
    {"af23", 0x58},     {"af31", 0x68},       {"af32", 0x70},        {"af33", 0x78}, {"af41", 0x88}, {"af42", 0x90},
    {"af43", 0x98},     {"cs0", 0x00},        {"cs1", 0x20},         {"cs2", 0x40},  {"cs3", 0x60},  {"cs4", 0x80},
    {"cs5", 0xa0},      {"cs6", 0xc0},        {"cs7", 0xe0},         {"ef", 0xb8},   {"le", 0x04},   {"va", 0xb0},
    {"lowdelay", 0x10}, {"throughput", 0x08}, {"reliability", 0x04},
};

/// The C library's headers gave "le" another number when the older releases were built.
constexpr int qos_number(const NamedQos& entry, int version) {
    return entry.name == "le" && version < 805 ? 0x01 : entry.value;
}

bool qos_known(const NamedQos& entry, int version) {
    if (entry.name == "le") {
        return version >= 802;
    }
    return entry.name != "va" || version >= 1003;
}

std::string qos_text(int value, int version, bool tos_words_are_void) {
    for (const NamedQos& entry : qos_names) {
        const bool tos = entry.name == "lowdelay" || entry.name == "throughput" || entry.name == "reliability";
        if (qos_number(entry, version) == value && qos_known(entry, version) && !(tos && tos_words_are_void)) {
            return std::string(entry.name);
        }
    }
    constexpr std::string_view digits = "0123456789abcdef";
    return {'0', 'x', digits[static_cast<unsigned>(value) / 16], digits[static_cast<unsigned>(value) % 16]};
}

/// strtol(3) with base 0, whole text.
std::optional<std::int64_t> parse_any_base(std::string_view text) {
    if (text.size() > 2 && text[0] == '0' && ascii_lower(text[1]) == 'x') {
        const auto number = parse_uint(text.substr(2), 16);
        return number ? std::optional(static_cast<std::int64_t>(*number)) : std::nullopt;
    }
    if (text.size() > 1 && text[0] == '0') {
        const auto number = parse_uint(text.substr(1), 8);
        return number ? std::optional(static_cast<std::int64_t>(*number)) : std::nullopt;
    }
    return parse_bounded(text, 0, 255);
}

}  // namespace

std::optional<std::int64_t> parse_bounded(std::string_view text, std::int64_t least, std::int64_t most) {
    const auto number = take_number(text);
    if (!number || !text.empty() || *number < least || *number > most) {
        return std::nullopt;
    }
    return number;
}

std::optional<int> parse_port(std::string_view text, int version) {
    if (const auto port = parse_bounded(text, 0, 65535)) {
        return static_cast<int>(*port);
    }
    struct Service {
        std::string_view name;
        int port;
    };
    static constexpr Service services[] = {
        {"ssh", 22},    {"ftp", 21},         {"telnet", 23},       {"smtp", 25},   {"domain", 53},
        {"http", 80},   {"pop3", 110},       {"imap2", 143},       {"imap", 143},  {"ldap", 389},
        {"https", 443}, {"submission", 587}, {"ldaps", 636},       {"imaps", 993}, {"pop3s", 995},
        {"rsync", 873}, {"mysql", 3306},     {"postgresql", 5432}, {"x11", 6000},  {"http-alt", 8080},
    };
    const auto* const found = std::ranges::find(services, text, &Service::name);
    return version >= 800 && found != std::end(services) ? std::optional(found->port) : std::nullopt;
}

std::optional<double> parse_time(std::string_view text, int version) {
    if (text.empty()) {
        return std::nullopt;
    }
    if (version >= 1003) {
        return parse_fractional_time(text);
    }
    const std::int64_t most = version < 805 ? std::numeric_limits<std::int64_t>::max() / 2 : int_max;
    std::int64_t total = 0;
    while (!text.empty()) {
        if (version >= 908 && !is_digit(text.front())) {
            return std::nullopt;
        }
        const auto number = take_number(text);
        const auto unit = text.empty() ? std::optional<std::int64_t>(1) : unit_seconds(text.front());
        if (!number || !unit || *number < 0 || *number > most / *unit || total > most - *number * *unit) {
            return std::nullopt;
        }
        total += *number * *unit;
        text.remove_prefix(text.empty() ? 0 : 1);
    }
    return static_cast<double>(static_cast<std::int32_t>(total));  // kept in an int; before 8.5 it may wrap
}

std::optional<std::int64_t> parse_scaled(std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of(" \t\n\v\f\r"), text.size()));
    const bool negative = text.starts_with('-');
    text.remove_prefix(negative || text.starts_with('+') ? 1 : 0);
    const std::size_t length = std::min(text.find_first_not_of("0123456789."), text.size());
    const std::string_view number = text.substr(0, length);
    const std::string_view digits = number.substr(0, number.find('.'));
    const std::string_view decimals = number.substr(std::min(digits.size() + 1, number.size()));
    constexpr std::size_t most_digits = 18;
    if (digits.size() > most_digits || decimals.find('.') != std::string_view::npos) {
        return std::nullopt;
    }
    const auto whole = static_cast<std::int64_t>(parse_uint(digits).value_or(0));
    if (length == text.size()) {
        return negative ? -whole : whole;
    }
    constexpr std::string_view scales = "bkmgtpe";
    const std::size_t power = scales.find(ascii_lower(text[length]));
    const bool word_goes_on = length + 1 < text.size() && is_alphanumeric(text[length + 1]);
    if (power == std::string_view::npos || word_goes_on) {
        return std::nullopt;
    }
    const std::int64_t factor = std::int64_t{1} << (10 * power);
    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
    if (whole > most / factor) {
        return std::nullopt;
    }
    std::size_t places = std::min(decimals.size(), most_digits);
    auto part = static_cast<std::int64_t>(parse_uint(decimals.substr(0, places)).value_or(0));
    for (; part >= most / factor; --places) {  // precision that would not fit is dropped
        part /= 10;
    }
    part *= factor;
    for (; places > 0; --places) {
        part /= 10;
    }
    const std::int64_t value = whole * factor;
    if (part > most - value) {
        return std::nullopt;
    }
    return negative ? -(value + part) : value + part;
}

std::optional<std::string> parse_ip_qos(std::string_view text, int version, bool tos_words_are_void) {
    for (const NamedQos& entry : qos_names) {
        if (iequals(entry.name, text) && qos_known(entry, version)) {
            const bool tos = entry.name == "lowdelay" || entry.name == "throughput" || entry.name == "reliability";
            if (entry.value == qos_none || (tos && tos_words_are_void)) {
                return "none";
            }
            return qos_text(qos_number(entry, version), version, tos_words_are_void);
        }
    }
    const auto number = version < 908 ? parse_any_base(text) : parse_bounded(text, 0, 255);
    if (!number || *number < 0 || *number > 255) {
        return std::nullopt;
    }
    return qos_text(static_cast<int>(*number), version, tos_words_are_void);
}

std::optional<HostPort> parse_host_port(std::string_view text, int version) {
    std::size_t end = 0;
    if (text.starts_with('[')) {
        end = text.find(']');
        if (end == std::string_view::npos) {
            return std::nullopt;
        }
        ++end;
    } else {
        end = std::min(text.find_first_of(":/"), text.size());
    }
    if (end == text.size()) {
        return HostPort{std::string(text), std::nullopt};
    }
    const bool slash = text[end] == '/';
    if ((!slash && text[end] != ':') || (slash && version >= 800)) {
        return std::nullopt;
    }
    return HostPort{std::string(text.substr(0, end)), std::string(text.substr(end + 1))};
}

}  // namespace sshkeep::sshdconf
