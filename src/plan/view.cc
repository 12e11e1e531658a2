#include <algorithm>

#include "base/escape.h"
#include "base/text.h"
#include "plan/goal.h"
#include "sshdconf/settings.h"

namespace sshkeep::plan {

View::View(const facts::HostFacts& facts)
    : config_(*facts.config), evaluator_(*facts.config), contexts_(facts::contexts_of(facts, evaluator_)) {
    look_around();
}

View::View(const facts::HostFacts& facts, std::vector<facts::Context> contexts)
    : config_(*facts.config), evaluator_(*facts.config), contexts_(std::move(contexts)) {
    look_around();
}

void View::look_around() {
    contexts_.push_back({.label = "every other connection", .effective = &evaluator_.at({})});
    for (const sshdconf::Config::Directive& directive : config_.directives) {
        if (directive.block == 0) {
            continue;
        }
        const sshdconf::Config::Block& block = config_.blocks[directive.block];
        in_blocks_.insert(directive.origin);
        if (block.parent != 0 || !iequals(trim(block.condition), "all")) {
            conditional_.insert(directive.origin);
        }
    }
}

const sshdconf::Setting* View::setting(std::size_t context, sshdconf::Option option) const {
    return contexts_[context].effective->find(name_of(option));
}

std::string place_of(const sshdconf::Config& config, const sshdconf::Origin& origin) {
    return escape_for_terminal(config.path(origin), 200) + ":" + std::to_string(origin.line);
}

std::string difference(const Goal& goal, const sshdconf::Setting* setting, const sshdconf::Config& config,
                       const std::string& label) {
    if (setting == nullptr) {
        return goal.wanted.option + " is not told of by this sshd";
    }
    std::string text = goal.wanted.option;
    if (!setting->uncertain.empty()) {
        text += " may be another value: " + escape_for_terminal(setting->uncertain, 200);
    } else {
        text += " is " + (setting->values.empty() ? "unset" : escape_for_terminal(join(setting->values, " "), 120));
    }
    text += " in " + label;
    return setting->origins.empty() ? text : text + " (" + place_of(config, setting->origins.front()) + ")";
}

bool accumulates(sshdconf::Option option, const sshdconf::Build& build) {
    return sshdconf::later_lines_count(option, build);
}

bool reached(const Goal& goal, const sshdconf::Setting* setting) {
    if (setting == nullptr || !setting->uncertain.empty()) {
        return false;
    }
    if (goal.option == sshdconf::Option::subsystem) {  // each name is a thing of its own
        return std::ranges::all_of(goal.values, [&](const std::string& value) {
            return std::ranges::find(setting->values, value) != setting->values.end();
        });
    }
    return setting->values == goal.values;
}

}  // namespace sshkeep::plan
