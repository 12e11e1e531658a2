#pragma once

#include <vector>

#include "report/controls.h"
#include "report/layout.h"
#include "report/report.h"

/// The pieces of the text report; private to the room.
namespace sshkeep::report {

/// Column at which everything but a section's tag starts.
inline constexpr std::size_t text_column = 10;

using Findings = std::vector<const Finding*>;

/// Failed findings, those of one rule and severity under one heading, in the order in which each rule comes first.
void add_failures(Page& page, const Findings& findings);
/// A line for each reason why questions stayed open.
void add_unknowns(Page& page, const Findings& findings);
void add_waived(Page& page, const Findings& findings);
void add_passes(Page& page, const Findings& findings);
/// Findings under the controls of a framework, each finding in full the first time it is met.
void add_controls(Page& page, const std::vector<Control>& controls);

}  // namespace sshkeep::report
