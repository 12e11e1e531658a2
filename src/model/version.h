#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace sshkeep {

/// An OpenSSH release: 9.2p1 is {9, 2, 1}; 0 when the portable number is not known.
struct OpensshVersion {
    int major = 0;
    int minor = 0;
    int portable = 0;

    friend auto operator<=>(const OpensshVersion&, const OpensshVersion&) = default;
};

/// Reads "9.2", "9.2p1", and the same after "OpenSSH_" ("OpenSSH_9.2p1 Debian-2+deb12u3"); nothing for anything else.
[[nodiscard]] std::optional<OpensshVersion> parse_openssh_version(std::string_view text);
[[nodiscard]] std::string render_openssh_version(const OpensshVersion& version);

}  // namespace sshkeep
