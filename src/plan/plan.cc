#include "plan/plan.h"

#include <algorithm>
#include <set>

#include "base/escape.h"
#include "base/text.h"
#include "plan/drop_in.h"
#include "plan/goal.h"
#include "plan/place.h"
#include "plan/planned_source.h"

namespace sshkeep::plan {
namespace {

using sshdconf::Config;
using sshdconf::Diagnostic;

/// Why nothing of this configuration is edited; empty: nothing speaks against it.
std::string obstacle_in(const Config& config) {
    for (const Diagnostic& diagnostic : config.diagnostics) {
        const std::string told =
            place_of(config, diagnostic.origin) + ": " + escape_for_terminal(diagnostic.message, 200);
        if (diagnostic.kind == Diagnostic::Kind::fatal) {
            return "sshd refuses the configuration as it is: " + told;
        }
        if (diagnostic.kind == Diagnostic::Kind::unreadable) {
            return "the configuration is not known as a whole: " + told;
        }
    }
    return {};
}

std::vector<std::string> fatal_messages(const Config& config) {
    std::vector<std::string> messages;
    for (const Diagnostic& diagnostic : config.diagnostics) {
        if (diagnostic.kind == Diagnostic::Kind::fatal) {
            messages.push_back(escape_for_terminal(diagnostic.message, 200));
        }
    }
    return messages;
}

/// One try to reach all goals.
class Attempt {
public:
    Attempt(const View& view, const std::optional<DropIn>& drop_in, std::vector<Goal> goals)
        : view_(view), goals_(std::move(goals)) {
        Placement placement(view, drop_in);
        std::erase_if(goals_, [&](const Goal& goal) {
            const auto placed = placement.place(goal);
            if (!placed) {
                failed_.push_back({asked_by(goal.wanted), placed.error().message});
            }
            return !placed;
        });
        auto changes = placement.changes();
        if (!changes) {
            refusals_.push_back(changes.error().message);
            return;
        }
        changes_ = *std::move(changes);
        judge();
    }

    /// Goals that are out of reach, and why. Each can be left out by itself.
    [[nodiscard]] const std::vector<LeftOut>& failed() const { return failed_; }
    /// Why sshd would refuse the whole.
    [[nodiscard]] const std::vector<std::string>& refusals() const { return refusals_; }
    [[nodiscard]] std::vector<FileChange>& changes() { return changes_; }
    /// Those in reach.
    [[nodiscard]] const std::vector<Goal>& goals() const { return goals_; }

private:
    void judge() {
        KnownFiles known(view_.config());
        PlannedSource source(known, changes_);
        const auto config = parse_config(view_.config().files[0].path, source, view_.config().build);
        if (!config) {
            refusals_.push_back(config.error().message);
            return;
        }
        refusals_ = fatal_messages(*config);
        sshdconf::Evaluator evaluator(*config);
        std::erase_if(goals_, [&](const Goal& goal) {
            const std::string why = shortfall(goal, *config, evaluator);
            if (!why.empty()) {
                failed_.push_back({asked_by(goal.wanted), "would not be in force: " + why});
            }
            return !why.empty();
        });
    }

    [[nodiscard]] std::string shortfall(const Goal& goal, const Config& config, sshdconf::Evaluator& evaluator) const {
        for (const std::size_t i : goal.asked) {
            const facts::Context& context = view_.contexts()[i];
            const sshdconf::Setting* setting = evaluator.at(context.connection).find(name_of(goal.option));
            if (!reached(goal, setting)) {
                return difference(goal, setting, config, context.label);
            }
        }
        return {};
    }

    const View& view_;
    std::vector<Goal> goals_;
    std::vector<LeftOut> failed_;
    std::vector<std::string> refusals_;
    std::vector<FileChange> changes_;
};

/// The goals that sshd takes together, the first ones first.
std::vector<Goal> without_refused(const View& view, const std::optional<DropIn>& drop_in,
                                  const std::vector<Goal>& goals, std::vector<LeftOut>& left_out) {
    std::vector<Goal> kept;
    for (const Goal& goal : goals) {
        kept.push_back(goal);
        const Attempt attempt(view, drop_in, kept);
        if (!attempt.refusals().empty()) {
            left_out.push_back(
                {asked_by(goal.wanted), "sshd would refuse the configuration: " + join(attempt.refusals(), "; ")});
            kept.pop_back();
        }
    }
    return kept;
}

/// Match blocks in which something asked for by name is otherwise.
std::vector<std::string> notes_of(const View& view, const std::vector<Goal>& goals) {
    std::vector<std::string> notes;
    for (const Goal& goal : goals) {
        std::set<std::string> told;
        for (std::size_t i = 0; goal.wanted.rules.empty() && i < view.outside(); ++i) {
            const sshdconf::Setting* setting = view.setting(i, goal.option);
            const bool asked = std::ranges::find(goal.asked, i) != goal.asked.end();
            if (!asked && !reached(goal, setting)) {
                told.insert(difference(goal, setting, view.config(), view.contexts()[i].label));
            }
        }
        std::ranges::copy(told, std::back_inserter(notes));
    }
    return notes;
}

Plan nothing_done(const std::vector<Wanted>& wanted, std::vector<LeftOut> left_out, const std::string& why) {
    Plan plan{.left_out = std::move(left_out)};
    for (const Wanted& one : wanted) {
        plan.left_out.push_back({asked_by(one), why});
    }
    return plan;
}

}  // namespace

Result<Plan> plan_configuration(const facts::HostFacts& facts, const std::vector<Wanted>& wanted,
                                std::vector<LeftOut> left_out) {
    if (!facts.config) {
        return std::unexpected(Error(facts.config.error()).in("the configuration is not known"));
    }
    if (const std::string obstacle = obstacle_in(*facts.config); !obstacle.empty()) {
        return nothing_done(wanted, std::move(left_out), obstacle);
    }
    const View view(facts);
    Plan plan{.left_out = std::move(left_out)};
    std::vector<Goal> goals = goals_of(wanted, view, plan.left_out);
    const auto drop_in = goals.empty() ? std::nullopt : DropIn::find(view, facts);
    while (!goals.empty()) {
        Attempt attempt(view, drop_in, goals);
        std::ranges::copy(attempt.failed(), std::back_inserter(plan.left_out));
        if (!attempt.failed().empty()) {
            goals = attempt.goals();
            continue;
        }
        if (!attempt.refusals().empty()) {
            goals = without_refused(view, drop_in, goals, plan.left_out);
            continue;
        }
        plan.changes = std::move(attempt.changes());
        break;
    }
    plan.notes = notes_of(view, goals);
    const bool new_drop_in =
        drop_in && std::ranges::find(plan.changes, drop_in->path(), &FileChange::path) != plan.changes.end();
    if (new_drop_in && !drop_in->note().empty()) {
        plan.notes.push_back(drop_in->note());
    }
    std::ranges::transform(goals, std::back_inserter(plan.wanted), &Goal::wanted);
    return plan;
}

std::vector<std::string> not_in_force(const std::vector<Wanted>& wanted, const facts::HostFacts& after,
                                      const std::vector<facts::Context>& contexts) {
    if (!after.config) {
        return {"the configuration is not known: " + after.config.error().message};
    }
    const View view(after, contexts);
    std::vector<LeftOut> left_out;
    std::vector<std::string> missing;
    for (const Goal& goal : goals_of(wanted, view, left_out)) {
        for (const std::size_t i : goal.asked) {
            const sshdconf::Setting* setting = view.setting(i, goal.option);
            if (!reached(goal, setting)) {
                missing.push_back(difference(goal, setting, view.config(), view.contexts()[i].label));
            }
        }
    }
    for (const LeftOut& one : left_out) {
        missing.push_back(one.what + ": " + one.why);
    }
    return missing;
}

}  // namespace sshkeep::plan
