// Plans for random configurations.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "base/text.h"
#include "plan/names.h"
#include "plan/test_plan.h"
#include "sshdconf/edit.h"
#include "sshdconf/test_random.h"
#include "sshdconf/version_number.h"

namespace sshkeep::plan {
namespace {

using sshdconf::Option;

constexpr OpensshVersion versions[] = {{7, 9, 1}, {8, 4, 1}, {9, 2, 1}, {10, 0, 2}};

std::vector<Wanted> some_wanted(sshdconf::RandomConfig& random, const sshdconf::Build& build) {
    std::vector<Wanted> wanted;
    std::set<std::string> options;
    for (auto n = 1 + random.below(4); n > 0; --n) {
        std::string line = random.below(2) == 0 ? random.anywhere() : random.global();
        line = line.substr(0, line.find('#'));
        auto one = wanted_of(line, build);
        if (!one || !options.insert(one->option).second) {
            continue;
        }
        if (random.below(2) == 0) {
            one->rules = {"a-rule"};
            one->context = random.below(2) == 0 ? "every connection" : "user bob; user root";
        }
        wanted.push_back(*std::move(one));
    }
    return wanted;
}

/// Names of the settings that may differ after the plan.
std::set<std::string_view> affected(const Plan& plan, const sshdconf::Build& build) {
    std::set<std::string_view> names;
    for (const Wanted& wanted : plan.wanted) {
        const Option option = directive_of(wanted.lines.front(), build).value().option;
        names.insert(name_of(option));
        if (option == Option::port) {
            names.insert(name_of(Option::listen_address));
        }
        if (option == Option::challenge_response_authentication) {
            names.insert(name_of(Option::kbd_interactive_authentication));
        }
    }
    return names;
}

void check_nothing_else_changes(const TestHost& before, const TestHost& after, const Plan& plan) {
    const auto names = affected(plan, before.facts.build);
    sshdconf::Evaluator old_evaluator(*before.facts.config);
    sshdconf::Evaluator new_evaluator(*after.facts.config);
    for (const sshdconf::Connection& connection : sshdconf::random_connections()) {
        const auto old_settings = old_evaluator.at(connection).settings();
        const auto new_settings = new_evaluator.at(connection).settings();
        RC_ASSERT(old_settings.size() == new_settings.size());
        for (std::size_t i = 0; i < old_settings.size(); ++i) {
            RC_ASSERT(names.contains(old_settings[i].name) || old_settings[i].values == new_settings[i].values);
        }
    }
}

/// Lines of options that were not asked for stay, in their order.
void check_other_bytes_stay(const FileChange& change, const Plan& plan, const sshdconf::Config& config) {
    const auto names = affected(plan, config.build);
    const auto file = std::ranges::find(config.files, change.path, &sshdconf::File::path);
    std::string_view after = change.after;
    for (std::size_t i = 0; file != config.files.end() && i < file->lines.size(); ++i) {
        const auto keyword = find_keyword(file->lines[i].keyword, config.build);
        const bool own = trim(file->text(i)).starts_with(sshdconf::written_mark) ||
                         (keyword && keyword->meaning == sshdconf::Keyword::Meaning::option &&
                          names.contains(name_of(keyword->option)));
        if (own) {
            continue;
        }
        const std::string line = std::string(file->text(i)) + "\n";
        std::size_t at = after.find(line);
        while (at != std::string_view::npos && at != 0 && after[at - 1] != '\n') {
            at = after.find(line, at + 1);
        }
        if (at == std::string_view::npos) {  // the last line may have no newline
            RC_ASSERT(i + 1 == file->lines.size() && after.ends_with(file->text(i)));
            return;
        }
        after.remove_prefix(at + line.size());
    }
}

RC_GTEST_PROP(PlanProperty, ReachesWhatIsWantedAndNothingElse, (std::uint32_t seed)) {
    sshdconf::RandomConfig random(seed);
    sshdconf::RandomFiles files;
    files.files = random.files(false);
    sshdconf::Build build;
    build.version = versions[random.below(std::size(versions))];
    TestHost host("");
    host.facts.build = build;
    host.facts.config = parse_config(sshdconf::main_path, files, build);
    const auto wanted = some_wanted(random, build);
    const Plan plan = host.plan(wanted);
    RC_CLASSIFY(!plan.changes.empty(), "changes");
    RC_CLASSIFY(!plan.left_out.empty(), "leaves out");

    const TestHost after = host.after(plan);
    for (const sshdconf::Diagnostic& diagnostic : after.facts.config->diagnostics) {
        RC_ASSERT(plan.changes.empty() || diagnostic.kind != sshdconf::Diagnostic::Kind::fatal);
    }
    sshdconf::Evaluator evaluator(*after.facts.config);
    const auto missing = not_in_force(plan.wanted, after.facts, facts::contexts_of(after.facts, evaluator));
    RC_ASSERT(missing == std::vector<std::string>{});
    check_nothing_else_changes(host, after, plan);
    for (const FileChange& change : plan.changes) {
        check_other_bytes_stay(change, plan, *host.facts.config);
    }
    RC_ASSERT(unified_diff(after.plan(plan.wanted).changes) == "");
}

}  // namespace
}  // namespace sshkeep::plan
