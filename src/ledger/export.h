#pragma once

#include <string>

#include "ledger/record.h"

/// Records as lines for people and for other systems. Every line ends with a newline and holds no other; what an
/// attacker put into a field stays inside that field.
namespace sshkeep::ledger {

/// One JSON object, schema "sshkeep.record/1" (docs/formats/ledger.md).
[[nodiscard]] std::string render_json_line(const Record& record);
/// ArcSight Common Event Format, version 0.
[[nodiscard]] std::string render_cef_line(const Record& record);
/// Syslog as RFC 5424 has it, facility 13 (log audit), with the record as structured data.
[[nodiscard]] std::string render_syslog_line(const Record& record);
/// For a terminal: time, number, who, what, result.
[[nodiscard]] std::string render_timeline_line(const Record& record);

}  // namespace sshkeep::ledger
