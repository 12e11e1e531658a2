#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "model/address.h"

namespace sshkeep::sshdconf {

/// Shell-like pattern with `*` and `?`; time is bounded by the product of the lengths.
[[nodiscard]] bool match_pattern(std::string_view text, std::string_view pattern) noexcept;

enum class ListMatch : std::int8_t { negated = -1, none = 0, positive = 1 };

/// Comma-separated patterns, `!` negates; a negated match wins.
[[nodiscard]] ListMatch match_pattern_list(std::string_view text, std::string_view list, bool lower_pattern = false);

enum class AddressMatch : std::int8_t { invalid = -2, negated = -1, none = 0, positive = 1 };

/// Comma-separated addresses, CIDR networks and wildcards, as Match Address takes them. With no address only the
/// form is checked: `invalid` or `none`. `version` is a version_number().
[[nodiscard]] AddressMatch match_address_list(std::string_view address, std::string_view list, int version);

/// Numeric address as getaddrinfo(3) reads it: also "127.1" and "0x7f000001".
[[nodiscard]] std::optional<Address> parse_numeric_address(std::string_view text);

/// Whether a pattern of AllowUsers and its like is well-formed ("user", "user@host").
[[nodiscard]] bool valid_user_pattern(std::string_view pattern, int version);

}  // namespace sshkeep::sshdconf
