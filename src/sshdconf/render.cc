#include "sshdconf/effective.h"
#include "sshdconf/options.h"

namespace sshkeep::sshdconf {

std::string render_effective(const Effective& effective, const Build& build) {
    std::string text;
    for (const Setting& setting : effective.settings()) {
        const auto option = find_option(setting.name, build);
        if (!option) {
            continue;
        }
        for (const std::string& value : setting.values) {
            text.append(printed_name(*option, build)).append(" ").append(value).append("\n");
        }
    }
    return text;
}

}  // namespace sshkeep::sshdconf
