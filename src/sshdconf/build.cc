#include "sshdconf/build.h"

#include "base/text.h"
#include "sshdconf/version_number.h"

namespace sshkeep::sshdconf {

namespace {

constexpr OpensshVersion newest{10, 6, 1};

/// Debian leaves GSSAPI and Kerberos out of its plain package since 10.4p1-5.
bool has_gssapi(const OpensshVersion& version, std::string_view revision) {
    const auto number = parse_uint(revision.substr(0, revision.find_first_not_of("0123456789")));
    const int release = version_number(version);
    return release < 1004 || (release == 1004 && number && *number < 5);
}

}  // namespace

Build build_of_debian_package(std::string_view package_version) {
    Build build;
    build.flavour = Flavour::debian;
    build.package_version = std::string(package_version);
    std::string_view upstream = package_version;
    if (const std::size_t epoch = upstream.find(':'); epoch != std::string_view::npos) {
        upstream.remove_prefix(epoch + 1);
    }
    const std::size_t dash = upstream.rfind('-');
    const std::string_view revision = dash == std::string_view::npos ? std::string_view{} : upstream.substr(dash + 1);
    upstream = upstream.substr(0, dash);
    upstream = upstream.substr(0, upstream.find_first_of("+~"));
    build.version = parse_openssh_version(upstream).value_or(newest);
    build.gssapi = has_gssapi(build.version, revision);
    build.kerberos = build.gssapi;
    return build;
}

Build build_of_upstream(const OpensshVersion& version) { return Build{version, Flavour::upstream, {}, false, false}; }

}  // namespace sshkeep::sshdconf
