#pragma once

#include <set>
#include <string>
#include <vector>

#include "ports/host.h"
#include "sshdconf/config.h"

namespace sshkeep::app {

/// Configuration files of a host.
class ConfigSource final : public sshdconf::FileSource {
public:
    static constexpr std::uint64_t file_limit = 1024ULL * 1024;

    explicit ConfigSource(ports::Host& host) : host_(host) {}

    Result<std::string> read(const std::string& path) override;
    /// A relative pattern counts from /etc/ssh, as sshd's SSHDIR does.
    Result<std::vector<std::string>> glob(const std::string& pattern) override;

    /// The directories of the patterns asked for, up to the first wildcard: whoever can write there adds configuration.
    [[nodiscard]] const std::set<std::string>& glob_directories() const noexcept { return directories_; }

private:
    ports::Host& host_;
    std::set<std::string> directories_;
};

}  // namespace sshkeep::app
