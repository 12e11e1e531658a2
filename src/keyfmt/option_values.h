#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace sshkeep::keyfmt {

/// The values of authorized_keys options, each judged as sshd judges it. Only what sshd would ask the system for is
/// left open: a name of a service in place of a port is taken as known.

/// A decimal number as strtoll(3) takes it (white space and a sign may precede), within the bounds.
[[nodiscard]] std::optional<std::int64_t> parse_c_number(std::string_view text, std::int64_t min, std::int64_t max);

/// YYYYMMDD, YYYYMMDDHHMM or YYYYMMDDHHMMSS, then Z or UTC, or else local time. Seconds since the epoch, above 0.
[[nodiscard]] std::optional<std::int64_t> parse_expiry_time(std::string_view text, std::int32_t utc_offset);

/// "any" (2^31-1) or a number of a device.
[[nodiscard]] std::optional<int> parse_tunnel(std::string_view text);

enum class PermitFault : std::uint8_t { none, host, port };
/// "HOST:PORT", "[HOST]:PORT", "HOST/PORT"; the port may be "*".
[[nodiscard]] PermitFault check_permit(std::string_view text);

enum class FromFault : std::uint8_t {
    none,
    invalid,   ///< an empty entry, a prefix too long or host bits set: sshd then refuses every address
    negative,  ///< nothing but negated entries: matches nobody
};
[[nodiscard]] FromFault check_from_list(std::string_view list);

/// One or more ASCII letters, digits and underscores.
[[nodiscard]] bool is_environment_name(std::string_view name) noexcept;

}  // namespace sshkeep::keyfmt
