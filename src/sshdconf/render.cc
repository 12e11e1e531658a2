#include "sshdconf/effective.h"
#include "sshdconf/options.h"

namespace sshkeep::sshdconf {

std::string render_effective(const Effective& effective, const Build& build) {
    std::string text;
    std::size_t next = 0;
    const auto order = print_order(build);  // the order of the settings, too
    for (const Setting& setting : effective.settings()) {
        while (next < order.size() && name_of(order[next]) != setting.name) {
            ++next;
        }
        if (next == order.size()) {
            break;
        }
        for (const std::string& value : setting.values) {
            text.append(printed_name(order[next], build)).append(" ").append(value).append("\n");
        }
    }
    return text;
}

}  // namespace sshkeep::sshdconf
