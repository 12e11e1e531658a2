#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Locale-free helpers for ASCII text.
namespace sshkeep {

[[nodiscard]] char ascii_lower(char c) noexcept;
[[nodiscard]] std::string ascii_lower(std::string_view text);
[[nodiscard]] bool iequals(std::string_view a, std::string_view b) noexcept;
/// Without spaces, tabs, CR, LF, FF and VT at both ends.
[[nodiscard]] std::string_view trim(std::string_view text) noexcept;
/// Pieces between separators; empty pieces are kept ("a,,b" gives three).
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);
/// Words between runs of blanks (space and tab).
[[nodiscard]] std::vector<std::string_view> split_words(std::string_view text);
[[nodiscard]] std::string join(const std::vector<std::string>& pieces, std::string_view separator);
/// The whole text as a decimal number; nothing else, no sign for unsigned, no overflow.
[[nodiscard]] std::optional<std::int64_t> parse_int(std::string_view text) noexcept;
[[nodiscard]] std::optional<std::uint64_t> parse_uint(std::string_view text, int base = 10) noexcept;

}  // namespace sshkeep
