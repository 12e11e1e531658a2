#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sshkeep::sshdconf {

// The values of single arguments, as each release (a version_number()) reads and prints them.

/// strtonum(3): blanks and a sign before the digits are fine, anything after them is not.
[[nodiscard]] std::optional<std::int64_t> parse_bounded(std::string_view text, std::int64_t least, std::int64_t most);
/// A number, or since 8.0 the name of a TCP service.
[[nodiscard]] std::optional<int> parse_port(std::string_view text, int version);
/// "90", "1h30m", and since 10.3 "1.5": seconds.
[[nodiscard]] std::optional<double> parse_time(std::string_view text, int version);
/// "16", "1.5G": bytes.
[[nodiscard]] std::optional<std::int64_t> parse_scaled(std::string_view text);
/// The name that sshd prints for a quality-of-service word or number.
[[nodiscard]] std::optional<std::string> parse_ip_qos(std::string_view text, int version, bool tos_words_are_void);

/// Host and port around the last step of `HOST:PORT` and `[HOST]:PORT`; a slash in place of the colon was taken
/// until 7.9.
struct HostPort {
    std::string host;                 ///< brackets kept
    std::optional<std::string> port;  ///< absent: there was no separator
};
[[nodiscard]] std::optional<HostPort> parse_host_port(std::string_view text, int version);

}  // namespace sshkeep::sshdconf
