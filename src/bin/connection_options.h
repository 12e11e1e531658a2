#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "facts/facts.h"
#include "sshdconf/effective.h"

namespace sshkeep::bin {

/// --user, --group, --host, --addr, --laddr, --lport, --rdomain: what `sshd -T -C` takes; and --openssh.
struct ConnectionOptions {
    std::optional<std::string> user;
    std::vector<std::string> groups;
    std::optional<std::string> host;
    std::optional<std::string> address;
    std::optional<std::string> local_address;
    std::optional<std::uint16_t> local_port;
    std::optional<std::string> rdomain;
    std::string openssh;

    /// Groups are the account's own unless some were named; a user without an account and without named groups is one
    /// whom sshd calls invalid.
    [[nodiscard]] Result<sshdconf::Connection> connection(const facts::HostFacts& facts) const;
    /// The sshd of --openssh: "9.2p1" is upstream's build, "1:9.2p1-2+deb12u10" Debian's. Absent when not given.
    [[nodiscard]] Result<std::optional<sshdconf::Build>> build() const;
};

void add_connection_options(CLI::App& command, ConnectionOptions& options);

}  // namespace sshkeep::bin
