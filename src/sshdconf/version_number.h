#pragma once

#include "sshdconf/build.h"

namespace sshkeep::sshdconf {

/// 9.2 is 902, 10.4 is 1004: what the tables of this room are keyed by.
[[nodiscard]] constexpr int version_number(const OpensshVersion& version) noexcept {
    return version.major * 100 + version.minor;
}
[[nodiscard]] constexpr int version_number(const Build& build) noexcept { return version_number(build.version); }

}  // namespace sshkeep::sshdconf
