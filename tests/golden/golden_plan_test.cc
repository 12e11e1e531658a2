// Plans for every host of tests/golden/audit: what is planned mends what it was planned for, and breaks nothing.

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <set>

#include "app/observe.h"
#include "base/text.h"
#include "golden/golden_case.h"
#include "golden/planned_host.h"
#include "host/host_factory.h"
#include "plan/plan.h"
#include "support/temp_tree.h"

namespace sshkeep {
namespace {

const rules::Catalogue& catalogue() {
    static const rules::Catalogue loaded = rules::parse_catalogue(rules::shipped_rules()).value();
    return loaded;
}

std::set<std::string> rules_that_fail(const rules::Report& report) {
    std::set<std::string> failed;
    for (const Finding& finding : report.findings) {
        if (finding.verdict == Verdict::fail) {
            failed.insert(finding.rule);
        }
    }
    return failed;
}

/// Rules of which the plan says that it leaves something out.
bool is_left_out(const plan::Plan& plan, const std::string& rule) {
    return std::ranges::any_of(plan.left_out,
                               [&](const plan::LeftOut& one) { return one.what.find(rule) != std::string::npos; });
}

struct Looked {
    facts::HostFacts facts;
    rules::Report report;
};

Looked look_at(ports::Host& host, const golden::Case& golden, const rules::Profile& profile) {
    Looked looked{.facts = app::observe(host, {.now = golden.now})};
    looked.report = rules::evaluate(looked.facts, catalogue(), profile, {}, golden.now);
    return looked;
}

plan::Plan plan_for(const Looked& looked, const rules::Profile& profile) {
    std::vector<plan::LeftOut> left_out;
    const auto wanted = wanted_of(looked.report, profile, looked.facts.build, left_out);
    auto plan = plan_configuration(looked.facts, wanted, std::move(left_out));
    return plan ? *std::move(plan) : plan::Plan{};
}

/// What a plan may bring to light: keys that StrictModes refuses (the difference of the ways in shows them), a hole
/// that LoginGraceTime 0 had closed on a host that waits for its update, and a chain with a password beside one
/// without.
bool may_fail_after(const golden::Case& golden, const std::string& rule) {
    return (rule == "authorized-keys-path-refused" && golden.rule == "authorized-keys-path-writable") ||
           (rule == "cve-2024-6387" && golden.rule == rule) ||
           (rule == "auth-methods-unavailable" && golden.rule == "two-factors");
}

/// Gives the number of changed files.
std::size_t check_plan(ports::Host& host, const golden::Case& golden, const rules::Profile& profile) {
    SCOPED_TRACE(profile.name);
    const Looked before = look_at(host, golden, profile);
    const plan::Plan plan = plan_for(before, profile);
    const std::string diff = unified_diff(plan.changes);
    golden::PlannedHost changed(host, plan.changes);
    const Looked after = look_at(changed, golden, profile);

    const auto failed_before = rules_that_fail(before.report);
    const auto failed_after = rules_that_fail(after.report);
    for (const plan::Wanted& wanted : plan.wanted) {
        for (const std::string& rule : wanted.rules) {
            EXPECT_TRUE(!failed_after.contains(rule) || is_left_out(plan, rule)) << rule << " still fails\n" << diff;
        }
    }
    for (const std::string& rule : failed_after) {
        EXPECT_TRUE(failed_before.contains(rule) || may_fail_after(golden, rule)) << rule << " fails now\n" << diff;
    }
    if (after.facts.config) {
        sshdconf::Evaluator evaluator(*after.facts.config);
        const auto missing = not_in_force(plan.wanted, after.facts, facts::contexts_of(after.facts, evaluator));
        EXPECT_TRUE(missing.empty()) << join(missing, "\n") << "\n" << diff;
    }
    EXPECT_EQ(unified_diff(plan_for(after, profile).changes), "") << "planned a second time, after\n" << diff;
    return plan.changes.size();
}

TEST(GoldenPlan, MendsWhatItIsForAndNothingElseBreaks) {
    if (geteuid() != 0) {
        GTEST_SKIP() << "NOT RUN: the cases set owners, which needs root";
    }
    const auto cases = golden::read_cases(std::filesystem::path(SSHKEEP_SOURCE_DIR) / "tests/golden/audit");
    ASSERT_TRUE(cases.has_value()) << cases.error().message;
    const support::TempTree folder;
    std::size_t count = 0;
    std::size_t changes = 0;
    for (const golden::Case& golden : *cases) {
        SCOPED_TRACE(golden.rule + "/" + golden.name);
        const auto root = folder.at("/" + std::to_string(count++));
        ASSERT_TRUE(golden::build_tree(golden, root).has_value());
        const auto host = host::make_tree_host(root.string());
        ASSERT_TRUE(host.has_value());
        for (const char* name : {"recommended", "article", "cis-l2"}) {
            changes += check_plan(**host, golden, parse_profile(name, rules::shipped_profiles(), catalogue()).value());
        }
    }
    EXPECT_GT(changes, count);
    (void)std::printf("%zu hosts, %zu changed files\n", count, changes);
}

}  // namespace
}  // namespace sshkeep
