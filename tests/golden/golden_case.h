#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/finding.h"

namespace sshkeep::golden {

/// One folder below tests/golden/audit: a host, and what a rule has to say of it.
struct Case {
    std::string rule;
    std::string name;  ///< "fail-without-pam"
    Verdict expected = Verdict::pass;
    std::filesystem::path tree;
    std::vector<std::vector<std::string>> preparations;  ///< words of the .meta lines that change the tree
    std::int64_t now = 0;
    std::string profile;                ///< empty: the rule with its own defaults
    std::vector<std::string> contexts;  ///< texts that the context of some finding has to hold
    std::vector<std::string> places;    ///< "PATH" or "PATH:LINE" that some finding has to name
};

/// All cases, sorted by rule and name; an Error names what is wrong with a folder or .meta file.
[[nodiscard]] Result<std::vector<Case>> read_cases(const std::filesystem::path& audit);

/// Copies the tree to `target` (which must not exist) with owners and modes as on a real host, then prepares it.
/// Needs root: owners are set.
[[nodiscard]] Result<void> build_tree(const Case& golden, const std::filesystem::path& target);

}  // namespace sshkeep::golden
