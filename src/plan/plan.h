#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "facts/contexts.h"
#include "facts/facts.h"
#include "rules/engine.h"

/// What to change so that a host is as it is wanted. Pure: facts and findings in, changes of files out.
namespace sshkeep::plan {

/// One directive that is wanted in force.
struct Wanted {
    std::string option;              ///< as people write it: "PermitRootLogin"
    std::vector<std::string> lines;  ///< whole directives: {"PermitRootLogin no"}; several for AllowUsers, HostKey, ...
    std::vector<std::string> rules;  ///< the findings that ask for it; empty: --set
    std::string context;             ///< of the finding; empty or "every connection": global
};

/// A file before and after.
struct FileChange {
    std::string path;
    std::optional<std::string> before;  ///< absent: there is no such file
    std::string after;
    std::uint32_t mode = 0600;  ///< for a new file
};

/// Something that was asked for and is not done, and why.
struct LeftOut {
    std::string what;  ///< rule id or directive
    std::string why;
};

struct Plan {
    std::vector<Wanted> wanted;
    std::vector<FileChange> changes;  ///< the order in which they are made
    std::vector<LeftOut> left_out;
    std::vector<std::string> notes;
    [[nodiscard]] bool empty() const noexcept { return changes.empty(); }
};

/// What failing findings ask for, one Wanted for each option (the strictest where several ask). A finding whose rule
/// has no directive that could be written goes to `left_out` with its reason.
[[nodiscard]] std::vector<Wanted> wanted_of(const rules::Report& report, const rules::Profile& profile,
                                            const sshdconf::Build& build, std::vector<LeftOut>& left_out);
/// One directive given by the user: "OPTION=VALUE" or "OPTION VALUE".
[[nodiscard]] Result<Wanted> wanted_of(std::string_view assignment, const sshdconf::Build& build);

/// The smallest edits that put the directives in force. Where the build knows Include: a drop-in that is read before
/// everything else that sets these options; before 8.2: in the main file, before the first Match. Options that
/// accumulate are changed where they stand. A line inside a Match block that overrides a wanted value is changed there.
/// Options that this build does not know, or that have gone, are left out and said so.
[[nodiscard]] Result<Plan> plan_configuration(const facts::HostFacts& facts, const std::vector<Wanted>& wanted,
                                              std::vector<LeftOut> left_out);

/// What of the wanted is not in force in the facts observed after the change: "PermitRootLogin is yes in
/// Match Address 10.0.0.0/8 (/etc/ssh/sshd_config:40)". Empty: all of it is.
[[nodiscard]] std::vector<std::string> not_in_force(const std::vector<Wanted>& wanted, const facts::HostFacts& after,
                                                    const std::vector<facts::Context>& contexts);

/// A unified diff of all changes, as `diff -u` prints it; bytes of files as they are: escape before printing.
[[nodiscard]] std::string unified_diff(const std::vector<FileChange>& changes);

}  // namespace sshkeep::plan
