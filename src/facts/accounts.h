#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "facts/facts.h"

namespace sshkeep::facts {

/// What /etc/passwd says beyond what the name service gives.
struct PasswdLine {
    std::uint32_t line = 0;  ///< from 1
    std::string password;    ///< "x": in the shadow file
};

/// What /etc/shadow says: shadow(5). Days since the epoch; -1 = not set.
struct ShadowLine {
    std::string password;
    std::int64_t changed = -1;
    std::int64_t max_days = -1;
    std::int64_t inactive_days = -1;
    std::int64_t expires = -1;
};

/// By account name; of several lines for one name the first counts, as getpwnam(3) and getspnam(3) have it.
/// Lines without a colon, comments and NIS entries are skipped, and so are lines of the shadow file that getspnam(3)
/// takes for broken: one with "-1" is as good as none.
[[nodiscard]] std::unordered_map<std::string, PasswdLine> parse_passwd(std::string_view text);
[[nodiscard]] std::unordered_map<std::string, ShadowLine> parse_shadow(std::string_view text);

/// What a password field lets one do: crypt(5).
[[nodiscard]] PasswordState password_state_of(std::string_view field) noexcept;
/// "yescrypt", "sha512", ...: of the hash, also behind a locking "!"; empty when there is none.
[[nodiscard]] std::string_view hash_scheme_of(std::string_view field) noexcept;

}  // namespace sshkeep::facts
