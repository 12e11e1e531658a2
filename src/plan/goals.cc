#include <algorithm>
#include <map>
#include <set>

#include "base/escape.h"
#include "base/text.h"
#include "plan/goal.h"
#include "plan/names.h"
#include "plan/scratch.h"
#include "sshdconf/version_number.h"

namespace sshkeep::plan {
namespace {

using sshdconf::Option;
using sshdconf::Setting;

bool is_of_account(const facts::Context& context, std::string_view label) {
    const std::string_view name = label.substr(std::min<std::size_t>(label.size(), 5));
    return label.starts_with("user ") &&
           (context.connection.user == name || std::ranges::find(context.accounts, name) != context.accounts.end());
}

/// The contexts that a finding's label names. A label that is not understood means all of them.
std::vector<std::size_t> named_contexts(const View& view, std::string_view label, Option option) {
    const auto& contexts = view.contexts();
    std::set<std::size_t> named;
    bool more = false;
    for (const std::string_view piece : split(label, ';')) {
        const std::string_view one = trim(piece);
        more = more || (one.ends_with(" more") && parse_uint(one.substr(0, one.size() - 5)));
        for (std::size_t i = 0; i < view.outside(); ++i) {
            if (contexts[i].label == one || is_of_account(contexts[i], one)) {
                named.insert(i);
            }
        }
    }
    for (std::size_t i = 0; i < view.outside() && (more || named.empty()); ++i) {
        const Setting* setting = view.setting(i, option);
        const bool alike = std::ranges::any_of(named, [&](std::size_t n) {
            const Setting* known = view.setting(n, option);
            return known != nullptr && setting != nullptr && known->values == setting->values;
        });
        if (alike || named.empty()) {
            named.insert(i);
        }
    }
    return {named.begin(), named.end()};
}

/// Whether a Match block made for some connections decides there.
bool decided_in_block(const View& view, const Setting& setting) {
    return std::ranges::any_of(setting.origins,
                               [&](const sshdconf::Origin& origin) { return view.is_conditional(origin); });
}

std::vector<std::size_t> asked_contexts(const View& view, const Wanted& wanted, Option option) {
    const bool everywhere = wanted.context.empty() || wanted.context.find("every connection") != std::string::npos;
    if (!wanted.rules.empty() && !everywhere) {
        return named_contexts(view, wanted.context, option);
    }
    std::vector<std::size_t> asked;
    for (std::size_t i = 0; i < view.contexts().size(); ++i) {
        const Setting* setting = view.setting(i, option);
        if (!wanted.rules.empty() || setting == nullptr || !decided_in_block(view, *setting)) {
            asked.push_back(i);
        }
    }
    return asked;
}

/// Until 8.6 ChallengeResponseAuthentication switches keyboard-interactive on, whatever else is written.
std::vector<Wanted> with_companions(std::vector<Wanted> wanted, const sshdconf::Build& build) {
    if (version_number(build) >= 807) {
        return wanted;
    }
    const auto named = [](std::string_view name) {
        return [name](const Wanted& one) { return iequals(one.option, name); };
    };
    const auto keyboard = std::ranges::find_if(wanted, named("KbdInteractiveAuthentication"));
    if (keyboard != wanted.end() && std::ranges::none_of(wanted, named("ChallengeResponseAuthentication"))) {
        Wanted companion = *keyboard;
        companion.option = "ChallengeResponseAuthentication";
        for (std::string& line : companion.lines) {
            const auto words = split_words(line);
            line = companion.option + (words.size() > 1 ? " " + std::string(words[1]) : "");
        }
        wanted.push_back(std::move(companion));
    }
    return wanted;
}

/// What rules ask of a list is a change of the list that is in force.
Result<void> compose(Goal& goal, const View& view) {
    const Setting* current = view.setting(goal.asked.front(), goal.option);
    if (current != nullptr && goal.option == Option::max_startups) {
        goal.wanted.lines = {compose_startups(goal.wanted.lines[0], *current)};
    }
    if (!is_algorithm_list(goal.option)) {
        return {};
    }
    auto line =
        current == nullptr ? std::nullopt : compose_list(goal.option, goal.wanted.lines, *current, view.config().build);
    if (!line) {
        return fail(ErrorCode::invalid, "no algorithm of this sshd would be left");
    }
    goal.wanted.lines = {*std::move(line)};
    return {};
}

/// One for each option. What is asked for by name goes before what rules ask for: its last line, or all of them where
/// they add up.
std::vector<Wanted> without_rivals(const std::vector<Wanted>& wanted, const sshdconf::Build& build,
                                   std::vector<LeftOut>& left_out) {
    std::vector<Wanted> result;
    std::map<Option, std::size_t> by_name;
    const auto option_of = [&](const Wanted& one) {
        const auto directive = directive_of(one.lines.empty() ? "" : one.lines.front(), build);
        return directive ? directive->option : Option::count_;
    };
    for (const Wanted& one : wanted) {
        const Option option = option_of(one);
        if (!one.rules.empty() || option == Option::count_) {
            continue;
        }
        const auto [known, fresh] = by_name.emplace(option, result.size());
        if (fresh) {
            result.push_back(one);
        } else if (accumulates(option, build)) {
            std::ranges::copy(one.lines, std::back_inserter(result[known->second].lines));
        } else {
            result[known->second] = one;
        }
    }
    for (const Wanted& one : wanted) {
        const Option option = option_of(one);
        if (by_name.contains(option)) {
            if (!one.rules.empty()) {
                left_out.push_back({asked_by(one), "another value is asked for by name"});
            }
        } else {
            result.push_back(one);
        }
    }
    return result;
}

/// Lines and option as this sshd takes them; the list composed where several rules change one.
Result<Goal> goal_of(const Wanted& wanted, const View& view) {
    Goal goal{.wanted = wanted};
    goal.wanted.lines.clear();
    for (const std::string& line : wanted.lines) {
        Directive directive = TRY(directive_of(line, view.config().build));
        if (goal.option != Option::count_ && directive.option != goal.option) {
            return fail(ErrorCode::invalid, "two options in one: " + escape_for_terminal(line, 120));
        }
        goal.option = directive.option;
        goal.wanted.lines.push_back(std::move(directive.line));
    }
    if (goal.wanted.lines.empty()) {
        return fail(ErrorCode::invalid, "no line to write");
    }
    goal.asked = asked_contexts(view, wanted, goal.option);
    if (!wanted.rules.empty() && !goal.asked.empty()) {
        TRY(compose(goal, view));
    }
    return goal;
}

std::string refusal_of(const Goal& goal, const Scratch& scratch) {
    const std::string why = scratch.refusal_of(goal.wanted.lines);
    return "sshd would not take it" + (why.empty() ? std::string() : ": " + escape_for_terminal(why, 200));
}

}  // namespace

std::string asked_by(const Wanted& wanted) {
    const std::string line = wanted.lines.empty() ? wanted.option : escape_for_terminal(wanted.lines.front(), 80);
    return wanted.rules.empty() ? line : join(wanted.rules, ", ") + " (" + line + ")";
}

std::vector<Goal> goals_of(const std::vector<Wanted>& wanted, const View& view, std::vector<LeftOut>& left_out) {
    std::vector<Goal> goals;
    for (const Wanted& one :
         with_companions(without_rivals(wanted, view.config().build, left_out), view.config().build)) {
        auto goal = goal_of(one, view);
        if (goal) {
            goals.push_back(*std::move(goal));
        } else {
            left_out.push_back({asked_by(one), goal.error().message});
        }
    }
    const Scratch scratch(goals, view);
    std::erase_if(goals, [&](Goal& goal) {
        auto values = scratch.values_of(goal.option);
        if (!values) {
            left_out.push_back({asked_by(goal.wanted), refusal_of(goal, scratch)});
            return true;
        }
        goal.values = *std::move(values);
        return std::ranges::all_of(goal.asked,
                                   [&](std::size_t i) { return reached(goal, view.setting(i, goal.option)); });
    });
    return goals;
}

}  // namespace sshkeep::plan
