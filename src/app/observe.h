#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "facts/facts.h"
#include "ports/host.h"
#include "sshdconf/effective.h"

namespace sshkeep::app {

struct ObserveOptions {
    std::string config_path = "/etc/ssh/sshd_config";
    std::string root = "/";  ///< only recorded in the facts
    std::int64_t now = 0;    ///< seconds since the epoch
    std::uint32_t observer_uid = 0;
    /// Where connections come from that will be asked about: what Match blocks name for them is collected in any case.
    /// Users and groups in them do not count.
    std::vector<sshdconf::Connection> origins = {};
};

/// Collects everything the judges ask for. Never fails as a whole: what could not be read is unknown in the facts.
/// Bounds are documented beside each in observe.cc; nothing is executed, no link is followed where sshd would not.
[[nodiscard]] facts::HostFacts observe(ports::Host& host, const ObserveOptions& options);

}  // namespace sshkeep::app
