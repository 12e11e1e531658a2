#pragma once

#include <optional>
#include <string>

#include "app/login_probe.h"
#include "facts/facts.h"
#include "ports/host.h"
#include "transaction/transaction.h"

namespace sshkeep::app {

/// A second sshd with a configuration that is not in place yet. Its files are written to the transaction's directory.
class ScratchServer {
public:
    /// `planned` shows the host with the new files. All outlive this.
    ScratchServer(ports::Host& planned, const facts::HostFacts& facts, std::string config_path,
                  const transaction::World& world, std::string directory);

    /// `sshd -t`. Error: what sshd says.
    [[nodiscard]] Result<void> check() const;
    /// Starts on a port of its own at the probe's address (loopback without one), lets the probe in, and ends.
    [[nodiscard]] Result<void> serve(const std::optional<LoginProbe>& probe) const;

private:
    [[nodiscard]] Result<std::string> write_stage(const std::string& name, const std::vector<std::string>& drop) const;

    ports::Host& planned_;
    std::string config_path_;
    sshdconf::Build build_;
    std::string program_;
    const transaction::World& world_;
    std::string directory_;
};

/// The sshd that the service runs.
[[nodiscard]] std::string program_of(const facts::HostFacts& facts);

}  // namespace sshkeep::app
