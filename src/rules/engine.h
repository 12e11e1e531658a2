#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "facts/contexts.h"
#include "facts/facts.h"
#include "model/finding.h"
#include "rules/catalogue.h"

namespace sshkeep::rules {

/// A rule that is excused on purpose. It counts no more once `until` has passed.
struct Waiver {
    std::string rule;   ///< id
    std::string scope;  ///< a context label or path that the finding must mention; empty = the whole rule
    std::string reason;
    std::int64_t until = 0;  ///< last second it holds, since the epoch
};

/// TOML: [[waiver]] rule=, scope=, reason=, until=YYYY-MM-DD (inclusive, UTC). Every field but scope is required.
[[nodiscard]] Result<std::vector<Waiver>> parse_waivers(std::string_view toml);

struct Summary {
    unsigned pass = 0;
    unsigned fail = 0;
    unsigned unknown = 0;
    unsigned waived = 0;
    int score = 0;  ///< 0 to 100; docs/scoring.md has the formula
};

struct Report {
    std::string profile;
    std::vector<Finding> findings;  ///< worst first: fails by severity, then unknown, waived, passes
    Summary summary;
    std::vector<std::string> notes;  ///< about the audit itself: "3 waivers have expired"
};

/// The score of findings: docs/scoring.md.
[[nodiscard]] Summary summarize(const std::vector<Finding>& findings);

/// Judges a host. Pure: equal input gives equal output on any machine.
[[nodiscard]] Report evaluate(const facts::HostFacts& facts, const Catalogue& catalogue, const Profile& profile,
                              const std::vector<Waiver>& waivers, std::int64_t now);

/// The same for contexts that the caller has worked out already.
[[nodiscard]] Report evaluate_in(const facts::HostFacts& facts, const std::vector<facts::Context>& contexts,
                                 const Profile& profile, const std::vector<Waiver>& waivers, std::int64_t now);

}  // namespace sshkeep::rules
