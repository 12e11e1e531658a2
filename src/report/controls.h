#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rules/engine.h"

namespace sshkeep::report {

/// One control of a framework, and what the audit says of it.
struct Control {
    std::string id;
    /// The worst of its findings: fail, then unknown, waived, pass. Unknown when no rule of it was asked: a control
    /// that nobody looked at has not passed.
    Verdict verdict = Verdict::unknown;
    std::vector<const rules::Rule*> rules;
    std::vector<const Finding*> findings;  ///< in the report's order; empty when the profile asks none of its rules
};

/// Every framework that some rule names, sorted.
[[nodiscard]] std::vector<std::string> frameworks_of(const rules::Catalogue& catalogue);
/// The controls of one framework, sorted as people number them: 5.1.2 before 5.1.10. Points into both arguments.
[[nodiscard]] std::vector<Control> controls_of(const rules::Report& report, const rules::Catalogue& catalogue,
                                               std::string_view framework);

}  // namespace sshkeep::report
