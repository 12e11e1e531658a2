#include <algorithm>
#include <array>

#include "app/collect.h"
#include "base/text.h"
#include "facts/assignments.h"
#include "facts/package.h"
#include "facts/pam.h"

namespace sshkeep::app {
namespace {

constexpr std::array<const char*, 4> sshd_paths{"/usr/sbin/sshd", "/usr/local/sbin/sshd", "/sbin/sshd",
                                                "/usr/bin/sshd"};

facts::Fact<facts::OsRelease> read_os_release(ports::Host& host) {
    for (const auto* path : {"/etc/os-release", "/usr/lib/os-release"}) {
        if (const auto text = TRY(read_small_file(host, path))) {
            return facts::parse_os_release(*text);
        }
    }
    return facts::OsRelease{};
}

/// The distribution's version of the package, from dpkg's or apk's database.
Result<std::optional<std::string>> read_package_version(ports::Host& host) {
    constexpr const char* package = "openssh-server";
    if (const auto status = TRY(read_small_file(host, "/var/lib/dpkg/status", limits::package_database))) {
        return facts::find_dpkg_version(*status, package);
    }
    if (const auto installed = TRY(read_small_file(host, "/lib/apk/db/installed", limits::package_database))) {
        return facts::find_apk_version(*installed, package);
    }
    return std::nullopt;
}

bool has_musl(ports::Host& host) {
    const auto names = host.read_directory("/lib");
    return names && std::ranges::any_of(*names, [](const auto& name) { return name.starts_with("ld-musl-"); });
}

/// "1:9.2p1-2+deb12u3" and "9.6_p1-r0" to the release.
std::optional<OpensshVersion> release_of_package(std::string_view package_version) {
    const auto colon = package_version.find(':');
    auto text = std::string(package_version.substr(colon == std::string_view::npos ? 0 : colon + 1));
    text = text.substr(0, text.find('-'));
    std::erase(text, '_');
    return parse_openssh_version(text);
}

/// What the program's own bytes say, for hosts without a package database that knows it.
Result<void> identify_program(Collection& collection, facts::OpensshServer& server) {
    for (const auto* path : sshd_paths) {
        const auto program = TRY(read_small_file(collection.host, path, limits::program));
        if (!program) {
            continue;
        }
        server.installed = true;
        const bool own_build = std::string_view(path).starts_with("/usr/local/");
        server.distribution_build = !own_build && collection.facts.os && !collection.facts.os->id.empty();
        if (const auto marker = facts::find_version_marker(*program)) {
            server.version = marker->version;
            if (marker->vendor.starts_with("Debian-") || marker->vendor.starts_with("Ubuntu-")) {
                server.distribution_build = true;
                server.package_version =
                    "1:" + render_openssh_version(marker->version) + marker->vendor.substr(marker->vendor.find('-'));
            }
        }
        return {};
    }
    return {};
}

facts::Fact<facts::OpensshServer> read_openssh(Collection& collection) {
    facts::OpensshServer server{.musl = has_musl(collection.host)};
    if (const auto version = TRY(read_package_version(collection.host))) {
        server.installed = true;
        server.distribution_build = true;
        server.package_version = *version;
        server.version = release_of_package(*version).value_or(OpensshVersion{});
    } else {
        TRY(identify_program(collection, server));
    }
    return server;
}

bool is_debian_version(std::string_view package_version) { return package_version.starts_with("1:"); }

Result<facts::PamFile> read_pam_file(ports::Host& host, const std::string& name) {
    // libpam takes a name with a slash as a path; names cannot lead elsewhere.
    const auto candidates =
        name.starts_with('/') ? std::vector{name} : std::vector{"/etc/pam.d/" + name, "/usr/lib/pam.d/" + name};
    for (const auto& path : candidates) {
        if (auto text = TRY(read_small_file(host, path))) {
            return facts::PamFile{path, *std::move(text)};
        }
    }
    return fail(ErrorCode::not_found, "no such PAM service");
}

/// The programs that pam_exec and pam_script run.
void collect_pam_programs(Collection& collection) {
    auto& facts = collection.facts;
    for (const auto& line : facts.pam->lines) {
        if (line.module != "pam_exec.so" && line.module != "pam_script.so") {
            continue;
        }
        const auto program =
            std::ranges::find_if(line.arguments, [](const auto& argument) { return argument.starts_with('/'); });
        if (program != line.arguments.end()) {
            facts.named_paths.push_back({.option = line.module, .walk = collection.paths.walk(*program)});
        }
    }
}

}  // namespace

void collect_system(Collection& collection) {
    auto& facts = collection.facts;
    facts.hostname = collection.host.read_hostname().value_or(std::string{});
    facts.os = read_os_release(collection.host);
    facts.openssh = read_openssh(collection);
    if (!facts.openssh || !facts.openssh->installed) {
        return;
    }
    const auto& server = *facts.openssh;
    if (is_debian_version(server.package_version)) {
        facts.build = sshdconf::build_of_debian_package(server.package_version);
    } else if (server.version.major > 0) {
        facts.build = sshdconf::build_of_upstream(server.version);
    }
}

void collect_moduli(Collection& collection, const sshdconf::Effective& effective) {
    auto& facts = collection.facts;
    const auto configured = effective.value("modulifile");
    const auto path = configured.empty() ? std::string("/etc/ssh/moduli") : std::string(configured);
    facts.moduli_path = collection.paths.walk(path);
    const auto text = read_small_file(collection.host, path, limits::moduli);
    if (!text) {
        facts.moduli = std::unexpected(text.error());
    } else {
        facts.moduli = *text ? keyfmt::parse_moduli(**text) : keyfmt::Moduli{};
    }
}

void collect_pam(Collection& collection, const sshdconf::Effective& effective) {
    const auto configured = effective.value("pamservicename");
    const auto service = configured.empty() ? std::string("sshd") : std::string(configured);
    auto& host = collection.host;
    auto& facts = collection.facts;
    facts.pam = facts::expand_pam(service, [&host](const std::string& name) { return read_pam_file(host, name); });
    if (facts.pam) {
        collect_pam_programs(collection);
    }
}

void collect_listeners(Collection& collection) {
    const auto sockets = collection.host.read_listeners();
    if (!sockets) {
        collection.facts.listeners = std::unexpected(sockets.error());
        return;
    }
    std::vector<facts::Listener> listeners;
    for (const auto& socket : *sockets) {
        listeners.push_back({.address = socket.address, .port = socket.port, .process = socket.process});
    }
    collection.facts.listeners = std::move(listeners);
}

void collect_other_files(Collection& collection) {
    auto& facts = collection.facts;
    const auto nologin = collection.paths.link_info("/etc/nologin");
    facts.nologin = nologin ? facts::Fact<bool>(nologin->exists) : std::unexpected(nologin.error());

    for (const auto* path :
         {"/etc/ssh", "/etc/hosts.equiv", "/etc/ssh/shosts.equiv", "/etc/ssh/sshrc", "/etc/ssh/ssh_known_hosts",
          "/etc/ssh/sshd_not_to_be_run", "/etc/environment", "/etc/default/ssh", "/etc/sysconfig/sshd", "/etc/passwd",
          "/etc/shadow", "/etc/group", "/etc/nologin", "/run/nologin", "/run/sshd", "/usr/sbin/sshd"}) {
        if (const auto info = collection.paths.info(path); info && info->exists) {
            facts.other_paths.emplace(path, *info);
        }
    }
    struct OptionsFile {
        const char* path;
        const char* variable;
    };
    for (const auto& [path, variable] :
         {OptionsFile{"/etc/default/ssh", "SSHD_OPTS"}, OptionsFile{"/etc/sysconfig/sshd", "OPTIONS"}}) {
        const auto text = read_small_file(collection.host, path);
        if (text && *text && !facts.sshd_options) {
            facts.sshd_options = facts::find_assignment(**text, variable);
        }
    }
}

}  // namespace sshkeep::app
