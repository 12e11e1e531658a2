#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "access/access.h"
#include "access/difference.h"
#include "base/result.h"
#include "report/report.h"

/// What `sshkeep access` prints; docs/formats/access.md.
namespace sshkeep::report {

/// Every way in, and what is to be said of the listing itself.
struct AccessList {
    std::vector<access::Path> paths;
    std::vector<std::string> without;  ///< accounts that have no way in, in the host's order
    std::vector<std::string> notes;
};

/// Grouped by account, those with the most power first; a way in on a line or two.
[[nodiscard]] std::string render_access_list(const AccessList& list, const facts::HostFacts& facts,
                                             const TextOptions& options);
/// {"schema": "sshkeep.access/1", ...}
[[nodiscard]] std::string render_access_list_json(const AccessList& list, const facts::HostFacts& facts);
/// The paths of a listing that was saved. Error: it is none; `invalid`, with the place.
[[nodiscard]] Result<std::vector<access::Path>> parse_access_list(std::string_view json);
/// As they are after being saved and read again: bytes that are not UTF-8 have become U+FFFD. Lists from the two
/// origins are compared in this form.
[[nodiscard]] std::vector<access::Path> as_saved(const std::vector<access::Path>& paths);

/// The verdict, then the reasons in sshd's order.
[[nodiscard]] std::string render_decision(const access::Visitor& visitor, const access::Decision& decision,
                                          const TextOptions& options);
/// {"schema": "sshkeep.access-check/1", ...}
[[nodiscard]] std::string render_decision_json(const access::Decision& decision);

[[nodiscard]] std::string render_access_difference(const access::Difference& difference, const TextOptions& options);
/// {"schema": "sshkeep.access-diff/1", ...}
[[nodiscard]] std::string render_access_difference_json(const access::Difference& difference);

}  // namespace sshkeep::report
