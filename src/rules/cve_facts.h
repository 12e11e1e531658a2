#pragma once

#include <string_view>

#include "rules/data_checks.h"

namespace sshkeep::rules {

/// Preconditions of CVEs that lie outside the configuration, by the name that `fact = "..."` uses:
/// "ca-with-principals": an authorized_keys line with cert-authority and principals= of two or more names;
/// "restricted-key": an authorized_keys line with restrict. Unknown where files could not be read.
[[nodiscard]] Answer answer_fact(std::string_view name, const facts::HostFacts& facts);

}  // namespace sshkeep::rules
