#pragma once

#include <compare>
#include <string_view>

namespace sshkeep::rules {

/// The order of Debian package versions, as deb-version(7) defines it: "1:9.2p1-2+deb12u3" is later than
/// "1:9.2p1-2~rc1". Total on any text.
[[nodiscard]] std::strong_ordering compare_debian_versions(std::string_view a, std::string_view b) noexcept;

}  // namespace sshkeep::rules
