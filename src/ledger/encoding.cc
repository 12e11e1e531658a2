#include "ledger/encoding.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/text.h"

namespace sshkeep::ledger {
namespace {

constexpr std::string_view base64_letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view hex_digits = "0123456789abcdef";
constexpr std::int64_t second = 1'000'000'000;
constexpr std::int64_t seconds_a_day = 86'400;

/// Days since 1970-01-01 of a date in the proleptic Gregorian calendar, and back; the year begins in March here.
std::int64_t days_from_date(std::int64_t year, std::int64_t month, std::int64_t day) {
    year -= month <= 2 ? 1 : 0;
    const auto era = (year >= 0 ? year : year - 399) / 400;
    const auto year_of_era = year - era * 400;
    const auto day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146'097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719'468;
}

struct Date {
    std::int64_t year = 0;
    std::int64_t month = 0;
    std::int64_t day = 0;
};

Date date_from_days(std::int64_t days) {
    days += 719'468;
    const auto era = (days >= 0 ? days : days - 146'096) / 146'097;
    const auto day_of_era = days - era * 146'097;
    const auto year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
    const auto day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const auto shifted = (5 * day_of_year + 2) / 153;
    const auto month = shifted < 10 ? shifted + 3 : shifted - 9;
    return {year_of_era + era * 400 + (month <= 2 ? 1 : 0), month, day_of_year - (153 * shifted + 2) / 5 + 1};
}

}  // namespace

std::string to_base64(std::string_view bytes) {
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const auto group = bytes.substr(i, 3);
        std::uint32_t bits = 0;
        for (std::size_t j = 0; j < 3; ++j) {
            bits = bits << 8 | (j < group.size() ? static_cast<std::uint8_t>(group[j]) : 0U);
        }
        for (std::size_t j = 0; j < 4; ++j) {
            text += j <= group.size() ? base64_letters[bits >> (18 - 6 * j) & 63U] : '=';
        }
    }
    return text;
}

std::optional<std::string> parse_base64(std::string_view text) {
    if (text.size() % 4 != 0) {
        return std::nullopt;
    }
    const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
    std::string bytes;
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < text.size() - padding; ++i) {
        const auto value = base64_letters.find(text[i]);
        if (value == std::string_view::npos) {
            return std::nullopt;
        }
        bits = bits << 6 | static_cast<std::uint32_t>(value);
        if (i % 4 != 0) {
            bytes += static_cast<char>(bits >> (6 - i % 4 * 2) & 0xFFU);
        }
    }
    if (to_base64(bytes) != text) {  // bits left over behind the last byte
        return std::nullopt;
    }
    return bytes;
}

std::string to_hex(std::string_view bytes) {
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const char c : bytes) {
        text += hex_digits[static_cast<std::uint8_t>(c) >> 4];
        text += hex_digits[static_cast<std::uint8_t>(c) & 15U];
    }
    return text;
}

std::optional<std::string> parse_hex(std::string_view text) {
    if (text.size() % 2 != 0) {
        return std::nullopt;
    }
    std::string bytes;
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const auto high = hex_digits.find(text[i]);
        const auto low = hex_digits.find(text[i + 1]);
        if (high == std::string_view::npos || low == std::string_view::npos) {
            return std::nullopt;
        }
        bytes += static_cast<char>(high << 4 | low);
    }
    return bytes;
}

std::string to_base64(const Hash& hash) { return to_base64(as_text(hash)); }

std::string to_hex(const Hash& hash) { return to_hex(as_text(hash)); }

std::optional<Hash> to_hash(std::string_view bytes) {
    Hash hash;
    if (bytes.size() != hash.size()) {
        return std::nullopt;
    }
    std::ranges::copy(as_bytes(bytes), hash.begin());
    return hash;
}

std::optional<Hash> parse_base64_hash(std::string_view text) {
    const auto bytes = parse_base64(text);
    return bytes ? to_hash(*bytes) : std::nullopt;
}

std::optional<Hash> parse_hex_hash(std::string_view text) {
    const auto bytes = parse_hex(text);
    return bytes ? to_hash(*bytes) : std::nullopt;
}

std::optional<std::uint64_t> parse_decimal(std::string_view text) {
    if (text.size() > 1 && text[0] == '0') {
        return std::nullopt;
    }
    return parse_uint(text);
}

std::string render_time(std::int64_t nanoseconds) {
    auto seconds = nanoseconds / second;
    auto fraction = nanoseconds % second;
    if (fraction < 0) {
        --seconds;
        fraction += second;
    }
    auto days = seconds / seconds_a_day;
    auto rest = seconds % seconds_a_day;
    if (rest < 0) {
        --days;
        rest += seconds_a_day;
    }
    const auto date = date_from_days(days);
    std::array<char, 64> text;
    const int length = std::snprintf(text.data(), text.size(), "%04lld-%02lld-%02lldT%02lld:%02lld:%02lld.%09lldZ",
                                     static_cast<long long>(date.year), static_cast<long long>(date.month),
                                     static_cast<long long>(date.day), static_cast<long long>(rest / 3600),
                                     static_cast<long long>(rest / 60 % 60), static_cast<long long>(rest % 60),
                                     static_cast<long long>(fraction));
    return length == 30 ? std::string(text.data(), 30) : "-";
}

std::optional<std::int64_t> parse_time(std::string_view text) {
    if (text.ends_with('Z')) {
        text.remove_suffix(1);
    }
    constexpr std::string_view form = "0000-00-00T00:00:00";
    if (text.size() != 10 && text.size() != 16 && text.size() != 19) {
        return std::nullopt;
    }
    std::string whole = std::string(text) + std::string(form.substr(text.size()));
    for (std::size_t i = 0; i < form.size(); ++i) {
        const bool digit = whole[i] >= '0' && whole[i] <= '9';
        if (form[i] == '0' ? !digit : whole[i] != form[i]) {
            return std::nullopt;
        }
    }
    const auto number = [&](std::size_t at, std::size_t length) {
        return *parse_int(std::string_view(whole).substr(at, length));
    };
    const auto month = number(5, 2);
    const auto days = days_from_date(number(0, 4), month, number(8, 2));
    const auto back = date_from_days(days);
    if (back.month != month || back.day != number(8, 2) || number(11, 2) > 23 || number(14, 2) > 59 ||
        number(17, 2) > 59 || number(0, 4) < 1678 || number(0, 4) > 2261) {
        return std::nullopt;
    }
    return (days * seconds_a_day + number(11, 2) * 3600 + number(14, 2) * 60 + number(17, 2)) * second;
}

}  // namespace sshkeep::ledger
