#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "rules/catalogue.h"

namespace sshkeep::bin {

/// The rules built into this program. An Error would be a defect of the build.
[[nodiscard]] Result<rules::Catalogue> shipped_catalogue();
/// Names of the profiles built into this program, sorted.
[[nodiscard]] std::vector<std::string> shipped_profile_names();
/// One of them. Another name is `invalid`, and the message names those that exist.
[[nodiscard]] Result<rules::Profile> shipped_profile(const std::string& name, const rules::Catalogue& catalogue);

}  // namespace sshkeep::bin
