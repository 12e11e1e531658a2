#pragma once

#include <string>
#include <string_view>

#include "access/access.h"
#include "report/layout.h"

/// The pieces of the access report; private to the room.
namespace sshkeep::report {

/// "none", "some", "all", "root", "unknown"
[[nodiscard]] std::string_view name_of(access::Power::Kind kind) noexcept;
/// "shell", "command", "sftp", "none"
[[nodiscard]] std::string_view name_of(access::Session::Kind kind) noexcept;
/// "refused", "admitted", "unknown"
[[nodiscard]] std::string_view name_of(access::Answer answer) noexcept;

/// "2027-03-31 12:00 UTC"
[[nodiscard]] std::string time_of(std::int64_t seconds);
/// "full power: uid 0", "some commands by sudo: ..."; empty without power.
[[nodiscard]] Span power_of(const access::Power& power);
/// "runs backup", "sftp only, below /srv", "ends at once: ..."; empty for an ordinary shell.
[[nodiscard]] std::vector<Span> session_of(const access::Session& session);
/// The way in on a line or two, the method chain first.
void add_path(Page& page, const access::Path& path);

}  // namespace sshkeep::report
