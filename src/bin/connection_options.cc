#include "bin/connection_options.h"

#include <algorithm>

#include "bin/cli_support.h"
#include "model/address.h"

namespace sshkeep::bin {
namespace {

Result<void> check_address(const std::optional<std::string>& text, std::string_view option) {
    if (text && !Address::parse(*text)) {
        return fail(ErrorCode::invalid, std::string(option) + ": " + *text + " is no numeric address");
    }
    return {};
}

}  // namespace

Result<sshdconf::Connection> ConnectionOptions::connection(const facts::HostFacts& facts) const {
    TRY(check_address(address, "--addr"));
    TRY(check_address(local_address, "--laddr"));
    sshdconf::Connection connection;
    connection.user = user;
    connection.groups = groups;
    connection.host = host;
    connection.address = address;
    connection.local_address = local_address;
    connection.local_port = local_port;
    connection.rdomain = rdomain;
    if (!user || !groups.empty()) {
        return connection;
    }
    if (!facts.accounts) {
        complain("the groups of " + *user + " are not known: " + facts.accounts.error().message);
        return connection;
    }
    const auto account = std::ranges::find(*facts.accounts, *user, &facts::Account::name);
    connection.user_exists = account != facts.accounts->end();
    if (connection.user_exists) {
        connection.groups = account->groups;
    }
    return connection;
}

Result<std::optional<sshdconf::Build>> ConnectionOptions::build() const {
    if (openssh.empty()) {
        return std::nullopt;
    }
    if (const auto release = parse_openssh_version(openssh)) {
        return sshdconf::build_of_upstream(*release);
    }
    const auto upstream = openssh.substr(openssh.find(':') + 1);
    if (!parse_openssh_version(upstream.substr(0, upstream.find('-')))) {
        return fail(
            ErrorCode::invalid,
            "--openssh: " + openssh + " is neither a release (9.2p1) nor a package version " + "(1:9.2p1-2+deb12u10)");
    }
    return sshdconf::build_of_debian_package(openssh);
}

void add_connection_options(CLI::App& command, ConnectionOptions& options) {
    constexpr const char* group = "The connection, as sshd -T -C takes it";
    const auto add = [&](const char* name, auto& value, const char* text, const char* placeholder) {
        return command.add_option(name, value, text)->option_text(placeholder)->group(group);
    };
    add("--user", options.user, "Who logs in", "NAME");
    add("--group", options.groups, "Groups of the user, instead of the account's own; may be repeated", "NAME");
    add("--host", options.host, "The client's host name", "NAME");
    add("--addr", options.address, "The client's address", "ADDRESS");
    add("--laddr", options.local_address, "The server's address", "ADDRESS");
    add("--lport", options.local_port, "The server's port", "PORT")->check(CLI::Range(1, 65535));
    add("--rdomain", options.rdomain, "The routing domain", "NAME");
    command
        .add_option("--openssh", options.openssh,
                    "Read it as this release does (9.2p1) or this Debian package (1:9.2p1-2+deb12u10)")
        ->option_text("VERSION");
}

}  // namespace sshkeep::bin
