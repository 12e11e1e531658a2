#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "app/observe.h"
#include "base/result.h"
#include "ports/host.h"

namespace sshkeep::bin {

/// --root and -f: which machine, and which main configuration.
struct HostOptions {
    std::string root;    ///< empty: the running machine
    std::string config;  ///< empty: /etc/ssh/sshd_config

    [[nodiscard]] Result<std::unique_ptr<ports::Host>> open() const;
    /// What app::observe needs to know of this choice. A relative -f is taken from the working directory, so with
    /// --root it must start with "/" and names a file of the tree.
    [[nodiscard]] Result<app::ObserveOptions> observe_options() const;
};

void add_host_options(CLI::App& command, HostOptions& options);

}  // namespace sshkeep::bin
