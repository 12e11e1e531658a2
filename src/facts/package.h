#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/version.h"

namespace sshkeep::facts {

/// The version of a package that dpkg's status file says is unpacked or installed; nullopt when it is not.
/// One search through the bytes: the file can be tens of megabytes.
[[nodiscard]] std::optional<std::string> find_dpkg_version(std::string_view status, std::string_view package);
/// The same in apk's database (/lib/apk/db/installed).
[[nodiscard]] std::optional<std::string> find_apk_version(std::string_view installed, std::string_view package);

/// What the bytes of a program say it is: "OpenSSH_9.2p1 Debian-2+deb12u3".
struct VersionMarker {
    OpensshVersion version;
    std::string vendor;  ///< "Debian-2+deb12u3"; empty for most
};

/// The first release name with a portable number; patterns of other releases in the compatibility table
/// ("OpenSSH_7.0*") have none.
[[nodiscard]] std::optional<VersionMarker> find_version_marker(std::string_view program);

}  // namespace sshkeep::facts
