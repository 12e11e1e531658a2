#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sshkeep::facts {

/// One list of access.conf(5): items, and after each EXCEPT a list of items that are left out of it.
using AccessList = std::vector<std::vector<std::string>>;

struct AccessRule {
    std::uint32_t line = 0;
    bool permits = false;  ///< "+"
    AccessList users;
    AccessList origins;
};

/// access.conf(5). The first rule that fits decides; where none does, access is permitted.
struct AccessTable {
    bool exists = false;
    std::vector<AccessRule> rules;
    std::vector<std::uint32_t> refused;  ///< lines that pam_access cannot read and passes over
};

/// `separators` and `field_separator`: the options listsep= and fieldsep= of pam_access.
[[nodiscard]] AccessTable parse_access_table(std::string_view text, std::string_view separators = ", \t",
                                             char field_separator = ':');

}  // namespace sshkeep::facts
