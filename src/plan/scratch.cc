#include "plan/scratch.h"

#include <algorithm>

#include "base/check.h"
#include "plan/planned_source.h"

namespace sshkeep::plan {
namespace {

using sshdconf::Option;

sshdconf::Config config_of(std::string text, const sshdconf::Build& build) {
    const std::string path = "/wanted";
    const sshdconf::Config empty;
    KnownFiles nothing(empty);
    PlannedSource source(nothing, {{.path = path, .before = std::nullopt, .after = std::move(text)}});
    auto config = parse_config(path, source, build);
    CHECK(config.has_value());
    return *std::move(config);
}

}  // namespace

Scratch::Scratch(const std::vector<Goal>& goals, const View& view) {
    std::string text;
    const auto is_wanted = [&](Option option) {
        return std::ranges::find(goals, option, &Goal::option) != goals.end();
    };
    for (const Goal& goal : goals) {
        for (const std::string& line : goal.wanted.lines) {
            text += line + "\n";
        }
    }
    for (const Option option : {Option::port, Option::address_family}) {  // ListenAddress is printed with them
        const sshdconf::Setting* setting = view.setting(view.outside(), option);
        for (const std::string& value :
             setting == nullptr || is_wanted(option) ? std::vector<std::string>{} : setting->values) {
            text += setting->name + " " + value + "\n";
        }
    }
    config_ = config_of(std::move(text), view.config().build);
}

std::optional<std::vector<std::string>> Scratch::values_of(Option option) const {
    sshdconf::Evaluator evaluator(config_);
    const sshdconf::Setting* setting = evaluator.at({}).find(name_of(option));
    if (setting == nullptr || setting->is_default()) {
        return std::nullopt;
    }
    return setting->values;
}

std::string Scratch::refusal_of(const std::vector<std::string>& lines) const {
    for (const sshdconf::Diagnostic& diagnostic : config_.diagnostics) {
        const auto text = config_.files[diagnostic.origin.file].text(diagnostic.origin.line - 1);
        if (diagnostic.kind == sshdconf::Diagnostic::Kind::fatal && std::ranges::find(lines, text) != lines.end()) {
            return diagnostic.message;
        }
    }
    return {};
}

}  // namespace sshkeep::plan
