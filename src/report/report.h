#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "facts/facts.h"
#include "rules/engine.h"

namespace sshkeep::report {

struct TextOptions {
    bool colour = false;
    unsigned width = 100;  ///< columns; text is wrapped to it
    bool show_passes = false;
    std::string framework;  ///< not empty: grouped by that framework's controls
};

/// For a person: worst first, the line at fault quoted, the fix under it, the score.
[[nodiscard]] std::string render_text(const rules::Report& report, const rules::Catalogue& catalogue,
                                      const facts::HostFacts& facts, const TextOptions& options);
/// {"schema": "sshkeep.audit/1", ...}; docs/formats/audit.md.
[[nodiscard]] std::string render_json(const rules::Report& report, const rules::Catalogue& catalogue,
                                      const facts::HostFacts& facts, std::string_view framework);
/// SARIF 2.1.0.
[[nodiscard]] std::string render_sarif(const rules::Report& report, const rules::Catalogue& catalogue,
                                       const facts::HostFacts& facts);
/// `sshkeep rule ID`: why, exploit, fix, references, controls.
[[nodiscard]] std::string render_rule(const rules::Rule& rule, const TextOptions& options);
[[nodiscard]] std::string render_rule_json(const rules::Rule& rule);
/// A line for each rule.
[[nodiscard]] std::string render_rules(const rules::Catalogue& catalogue, const TextOptions& options);
[[nodiscard]] std::string render_rules_json(const rules::Catalogue& catalogue);
/// A line for each profile: name, title, and its note.
[[nodiscard]] std::string render_profiles(const std::vector<rules::Profile>& profiles, const TextOptions& options);
/// `sshkeep profile NAME`: its rules with severity, parameters and remarks.
[[nodiscard]] std::string render_profile(const rules::Profile& profile, const TextOptions& options);
[[nodiscard]] std::string render_profile_json(const rules::Profile& profile);
[[nodiscard]] std::string render_profiles_json(const std::vector<rules::Profile>& profiles);

}  // namespace sshkeep::report
