#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "ledger/hash.h"

/// Bytes as text and numbers as bytes: the few encodings that the ledger's formats use.
namespace sshkeep::ledger {

[[nodiscard]] std::string to_base64(std::string_view bytes);
/// RFC 4648 section 4 with padding; refuses every second spelling of the same bytes.
[[nodiscard]] std::optional<std::string> parse_base64(std::string_view text);
[[nodiscard]] std::string to_hex(std::string_view bytes);
[[nodiscard]] std::optional<std::string> parse_hex(std::string_view text);

[[nodiscard]] std::string to_base64(const Hash& hash);
[[nodiscard]] std::string to_hex(const Hash& hash);
[[nodiscard]] std::optional<Hash> parse_base64_hash(std::string_view text);
[[nodiscard]] std::optional<Hash> parse_hex_hash(std::string_view text);
[[nodiscard]] std::optional<Hash> to_hash(std::string_view bytes);

/// A decimal number as the C2SP formats write it: no sign, no leading zero.
[[nodiscard]] std::optional<std::uint64_t> parse_decimal(std::string_view text);

/// UTC with nanoseconds, RFC 3339: 2026-11-22T09:59:04.000000001Z. Years 0 to 9999; outside of them "-".
[[nodiscard]] std::string render_time(std::int64_t nanoseconds);
/// "2026-11-22", "2026-11-22T09:59", "2026-11-22T09:59:04", each with or without a final Z; UTC.
[[nodiscard]] std::optional<std::int64_t> parse_time(std::string_view text);

}  // namespace sshkeep::ledger
