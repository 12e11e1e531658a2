#include "facts/accounts.h"

#include <algorithm>
#include <array>
#include <limits>
#include <ranges>
#include <utility>

#include "base/text.h"

namespace sshkeep::facts {
namespace {

/// Calls `take(fields, line number)` for each line that can name an account.
template <class Take>
void for_each_account(std::string_view text, Take take) {
    for (std::uint32_t number = 1; !text.empty(); ++number) {
        const auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        const auto first = line.empty() ? '#' : line.front();
        if (first == '#' || first == '+' || first == '-' || first == ':' || !line.contains(':')) {
            continue;
        }
        take(split(line, ':'), number);
    }
}

/// As fgetspent(3) has it: nothing or a number of 32 bits in each field, either the five of old or all nine.
bool is_shadow_line(const std::vector<std::string_view>& fields) {
    constexpr std::size_t old_fields = 5;
    constexpr std::size_t all_fields = 9;
    const auto is_number = [](std::string_view field) {
        field.remove_prefix(std::min(field.find_first_not_of(" \t"), field.size()));
        const auto number = parse_uint(field);
        return field.empty() || (number && *number <= std::numeric_limits<std::uint32_t>::max());
    };
    return (fields.size() == old_fields || fields.size() == all_fields) &&
           std::ranges::all_of(fields | std::views::drop(2), is_number);
}

std::int64_t days(const std::vector<std::string_view>& fields, std::size_t index) {
    constexpr std::int64_t unset = -1;
    return index < fields.size() ? parse_int(trim(fields[index])).value_or(unset) : unset;
}

struct Scheme {
    std::string_view prefix;
    std::string_view name;
};

constexpr std::array<Scheme, 13> schemes{{{"$y$", "yescrypt"},
                                          {"$gy$", "gost-yescrypt"},
                                          {"$7$", "scrypt"},
                                          {"$2a$", "bcrypt"},
                                          {"$2b$", "bcrypt"},
                                          {"$2x$", "bcrypt"},
                                          {"$2y$", "bcrypt"},
                                          {"$6$", "sha512"},
                                          {"$5$", "sha256"},
                                          {"$sha1$", "sha1"},
                                          {"$md5", "sunmd5"},
                                          {"$1$", "md5"},
                                          {"$3$", "nt"}}};

bool is_crypt_text(std::string_view text) {
    return std::ranges::all_of(
        text, [](char c) { return (c >= '.' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); });
}

}  // namespace

std::unordered_map<std::string, PasswdLine> parse_passwd(std::string_view text) {
    std::unordered_map<std::string, PasswdLine> lines;
    for_each_account(text, [&](const std::vector<std::string_view>& fields, std::uint32_t number) {
        lines.try_emplace(std::string(fields[0]), PasswdLine{number, std::string(fields[1])});
    });
    return lines;
}

std::unordered_map<std::string, ShadowLine> parse_shadow(std::string_view text) {
    std::unordered_map<std::string, ShadowLine> lines;
    for_each_account(text, [&](const std::vector<std::string_view>& fields, std::uint32_t) {
        if (!is_shadow_line(fields)) {
            return;
        }
        lines.try_emplace(std::string(fields[0]), ShadowLine{.password = std::string(fields[1]),
                                                             .changed = days(fields, 2),
                                                             .max_days = days(fields, 4),
                                                             .inactive_days = days(fields, 6),
                                                             .expires = days(fields, 7)});
    });
    return lines;
}

PasswordState password_state_of(std::string_view field) noexcept {
    if (field.empty()) {
        return PasswordState::none;
    }
    if (field.starts_with('!')) {
        return PasswordState::locked;
    }
    return hash_scheme_of(field).empty() ? PasswordState::impossible : PasswordState::hashed;
}

std::string_view hash_scheme_of(std::string_view field) noexcept {
    field.remove_prefix(std::min(field.find_first_not_of('!'), field.size()));
    for (const auto& scheme : schemes) {
        if (field.starts_with(scheme.prefix)) {
            return scheme.name;
        }
    }
    if (field.starts_with('$') && field.find('$', 1) != std::string_view::npos) {
        return "other";
    }
    constexpr std::size_t des_length = 13;
    constexpr std::size_t bsdi_length = 20;
    if (field.size() == des_length && is_crypt_text(field)) {
        return "des";
    }
    return field.size() == bsdi_length && field.starts_with('_') && is_crypt_text(field.substr(1)) ? "bsdi" : "";
}

}  // namespace sshkeep::facts
