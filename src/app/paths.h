#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "facts/facts.h"
#include "ports/host.h"

namespace sshkeep::app {

/// Looks at paths as the system resolves them. Directories are looked at once: accounts share most of the way.
class PathReader {
public:
    explicit PathReader(ports::Host& host) : host_(host) {}

    /// The path with its links followed, and every directory above. What does not exist is known: steps[0] says so, and
    /// the existing directories above it follow. Errors: no permission, too many links (40) or levels (128).
    [[nodiscard]] facts::Fact<facts::PathWalk> walk(const std::string& path);
    /// The first step of the walk.
    [[nodiscard]] facts::Fact<facts::PathInfo> info(const std::string& path);
    /// The path itself, a link as a link.
    [[nodiscard]] facts::Fact<facts::PathInfo> link_info(const std::string& path);

    /// The names in a directory. What it does not hold is from then on known to be absent.
    /// Valid as long as the reader.
    [[nodiscard]] Result<const std::vector<std::string>*> list(const std::string& directory);

private:
    [[nodiscard]] bool known_absent(const std::string& path) const;

    ports::Host& host_;
    std::unordered_map<std::string, facts::PathInfo> directories_;
    std::unordered_map<std::string, std::vector<std::string>> listings_;
};

}  // namespace sshkeep::app
