#pragma once

#include <optional>
#include <string>
#include <vector>

#include "access/difference.h"
#include "plan/plan.h"
#include "report/report.h"

namespace sshkeep::report {

/// A plan with what it does to the ways in.
struct PlanView {
    const plan::Plan& plan;
    const access::Difference* access = nullptr;  ///< nullptr: not worked out
    std::vector<access::Danger> dangers;         ///< not empty: the plan is refused
    std::string reload;                          ///< the unit: "ssh.service"; empty: none
    std::optional<std::string> transaction;
};

/// For a person: what changes and for which rules, the diff, the ways in, what is left out.
[[nodiscard]] std::string render_plan_text(const PlanView& view, const TextOptions& options);
/// {"schema": "sshkeep.harden-plan/1", ...}; docs/formats/harden-plan.md.
[[nodiscard]] std::string render_plan_json(const PlanView& view);

}  // namespace sshkeep::report
