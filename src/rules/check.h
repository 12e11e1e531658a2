#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "facts/contexts.h"
#include "facts/facts.h"
#include "model/finding.h"

namespace sshkeep::rules {

/// What a coded check may look at. All of it outlives the check. `now` is seconds since the epoch.
struct CheckInput {
    const facts::HostFacts& facts;
    const std::vector<facts::Context>& contexts;
    std::int64_t now = 0;
    /// A parameter of the rule, as the profile sets it ("min_bits" = "3072"); `fallback` when it is not set.
    std::function<std::string(std::string_view name, std::string_view fallback)> parameter;

    [[nodiscard]] std::int64_t number(std::string_view name, std::int64_t fallback) const;
};

/// One result of a check; the engine adds rule, title, severity, fix and waivers.
struct CheckResult {
    Verdict verdict = Verdict::pass;
    std::vector<Location> where;
    std::string context;
    std::string detail;
    std::string fix;  ///< empty: the rule's own
};

/// A check gives at least one result: a pass when nothing is wrong. Not applicable is a pass whose detail says so.
using Check = std::function<std::vector<CheckResult>(const CheckInput&)>;

/// Coded checks by name, as the catalogue's `code = "NAME"` refers to them; nullptr when there is none.
[[nodiscard]] const Check* find_check(std::string_view name);
[[nodiscard]] std::vector<std::string_view> check_names();

}  // namespace sshkeep::rules
