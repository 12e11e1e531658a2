#pragma once

#include <string>
#include <vector>

#include "facts/facts.h"
#include "report/json_text.h"
#include "rules/engine.h"

/// What every form of the report says of the audit itself; private to the room.
namespace sshkeep::report {

/// "OpenSSH 9.2p1 (1:9.2p1-2+deb12u10)", or that there is none or that it is not known.
[[nodiscard]] std::string openssh_of(const facts::HostFacts& facts);
/// The object `host` of every JSON report: docs/formats/audit.md.
[[nodiscard]] Json host_json(const facts::HostFacts& facts);
/// The report's notes, and one when the observer was not root.
[[nodiscard]] std::vector<std::string> notes_of(const rules::Report& report, const facts::HostFacts& facts);

}  // namespace sshkeep::report
