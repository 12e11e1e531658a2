#pragma once

#include <string>
#include <vector>

#include "report/report.h"
#include "sshdconf/effective.h"

/// What `sshkeep config` prints, apart from the listing that sshdconf::render_effective makes.
namespace sshkeep::report {

/// What an option is in one group of connections.
struct ContextValue {
    std::string context;  ///< label of facts::Context
    sshdconf::Setting setting;
};

/// {"schema": "sshkeep.config-effective/1", ...}
[[nodiscard]] std::string render_effective_json(const sshdconf::Config& config, const sshdconf::Effective& effective);
/// `elsewhere`: the connections for which the option is set otherwise.
[[nodiscard]] std::string render_explanation(const sshdconf::Config& config, const sshdconf::Explanation& explanation,
                                             const std::vector<ContextValue>& elsewhere, const TextOptions& options);
/// {"schema": "sshkeep.config-explain/1", ...}
[[nodiscard]] std::string render_explanation_json(const sshdconf::Config& config,
                                                  const sshdconf::Explanation& explanation,
                                                  const std::vector<ContextValue>& elsewhere);
/// "FILE:LINE: message", safe for a terminal; FILE alone for line 0.
[[nodiscard]] std::string render_diagnostic(const sshdconf::Config& config, const sshdconf::Diagnostic& diagnostic);

}  // namespace sshkeep::report
