#pragma once

#include <string_view>

#include "facts/facts.h"

namespace sshkeep::facts {

/// Merges the text of a unit file or drop-in into a unit, in the order systemd reads them: systemd.syntax(7). Only
/// ExecStart= and RuntimeDirectory= of [Service] and ListenStream= of [Socket] are kept; an empty assignment clears
/// what was before.
void merge_unit_text(Unit& unit, std::string_view text);

}  // namespace sshkeep::facts
