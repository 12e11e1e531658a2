#include "bin/catalogue.h"

#include <algorithm>

#include "bin/cli_support.h"

namespace sshkeep::bin {

Result<rules::Catalogue> shipped_catalogue() { return rules::parse_catalogue(rules::shipped_rules()); }

std::vector<std::string> shipped_profile_names() {
    std::vector<std::string> names;
    for (const auto& file : rules::shipped_profiles()) {
        names.emplace_back(file.name.substr(0, file.name.rfind(".toml")));
    }
    std::ranges::sort(names);
    return names;
}

Result<rules::Profile> shipped_profile(const std::string& name, const rules::Catalogue& catalogue) {
    const auto names = shipped_profile_names();
    if (!std::ranges::binary_search(names, name)) {
        return fail(ErrorCode::invalid, "there is no profile " + name + "; known: " + list_of(names));
    }
    return rules::parse_profile(name, rules::shipped_profiles(), catalogue);
}

}  // namespace sshkeep::bin
