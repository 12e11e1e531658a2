#pragma once

#include <map>
#include <string>
#include <vector>

#include "plan/plan.h"
#include "sshdconf/config.h"

namespace sshkeep::plan {

/// The files that a configuration was read from. A path that is not among them does not exist.
class KnownFiles final : public sshdconf::FileSource {
public:
    /// Keeps a reference.
    explicit KnownFiles(const sshdconf::Config& config) : config_(config) {}

    Result<std::string> read(const std::string& path) override;
    Result<std::vector<std::string>> glob(const std::string& pattern) override;

private:
    const sshdconf::Config& config_;
};

/// Other files with the changes of a plan made, so that a configuration can be read before it is in place.
class PlannedSource final : public sshdconf::FileSource {
public:
    /// Keeps a reference to `base`.
    PlannedSource(sshdconf::FileSource& base, const std::vector<FileChange>& changes);

    Result<std::string> read(const std::string& path) override;
    Result<std::vector<std::string>> glob(const std::string& pattern) override;

private:
    sshdconf::FileSource& base_;
    std::map<std::string, std::string> planned_;
};

}  // namespace sshkeep::plan
