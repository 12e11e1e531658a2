#pragma once

#include <optional>

#include "app/observe.h"
#include "facts/facts.h"
#include "ports/host.h"
#include "sshdconf/build.h"

namespace sshkeep::app {

struct ConfigurationOptions {
    std::string config_path = "/etc/ssh/sshd_config";
    std::optional<sshdconf::Build> build;  ///< read with this sshd's eyes; absent: the host's own
    bool accounts = false;                 ///< accounts and their groups, too
};

/// The little of observe() that questions about the configuration need: the installed OpenSSH, the configuration, and
/// accounts when asked for. All other facts stay not collected.
[[nodiscard]] facts::HostFacts observe_configuration(ports::Host& host, const ConfigurationOptions& options);

}  // namespace sshkeep::app
