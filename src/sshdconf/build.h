#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/version.h"

namespace sshkeep::sshdconf {

/// Whose build of OpenSSH it is: it decides some defaults and which options exist.
enum class Flavour : std::uint8_t { upstream, debian };

/// The sshd whose behaviour is modelled.
struct Build {
    OpensshVersion version{9, 2, 1};
    Flavour flavour = Flavour::debian;
    /// The package's whole version ("1:9.2p1-2+deb12u10"), for distribution changes within a release; may be empty.
    std::string package_version;
    bool gssapi = true;    ///< built with GSSAPI (Debian leaves it out of the plain package from 10.4p1-5)
    bool kerberos = true;  ///< built with Kerberos 5
};

/// The build that a Debian openssh-server package version describes ("1:9.2p1-2+deb12u10"). A version that cannot be
/// read gives the newest known release.
[[nodiscard]] Build build_of_debian_package(std::string_view package_version);
/// Upstream's own build of a release, as ./configure --with-pam makes it.
[[nodiscard]] Build build_of_upstream(const OpensshVersion& version);

}  // namespace sshkeep::sshdconf
