#include "rules/engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rules/check_spec.h"

namespace sshkeep::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Finding finding(std::string rule, Severity severity, Verdict verdict) {
    return {.rule = std::move(rule), .severity = severity, .verdict = verdict};
}

TEST(Score, FollowsTheFormula) {
    EXPECT_EQ(summarize({}).score, 100);
    EXPECT_EQ(summarize({finding("a", Severity::critical, Verdict::pass)}).score, 100);
    EXPECT_EQ(summarize({finding("a", Severity::critical, Verdict::fail)}).score, 50);
    EXPECT_EQ(summarize({finding("a", Severity::critical, Verdict::unknown)}).score, 75);
    EXPECT_EQ(summarize({finding("a", Severity::critical, Verdict::waived)}).score, 100);
    EXPECT_EQ(summarize({finding("a", Severity::info, Verdict::fail)}).score, 100);
    EXPECT_EQ(
        summarize({finding("a", Severity::high, Verdict::fail), finding("b", Severity::medium, Verdict::fail)}).score,
        76);
}

TEST(Score, CountsARuleOnceAndFindingsEach) {
    const Summary summary =
        summarize({finding("a", Severity::high, Verdict::fail), finding("a", Severity::high, Verdict::fail),
                   finding("a", Severity::high, Verdict::unknown), finding("b", Severity::low, Verdict::pass)});
    EXPECT_EQ(summary.score, 80);
    EXPECT_EQ(summary.fail, 2U);
    EXPECT_EQ(summary.unknown, 1U);
    EXPECT_EQ(summary.pass, 1U);
}

/// A configuration in which "Match User bob" and "Match User eve" allow what everybody else may not.
class Engine : public ::testing::Test {
protected:
    Engine() {
        sshdconf::Config config;
        config.files.push_back({.path = "/etc/ssh/sshd_config"});
        config.files[0].lines.resize(9);
        config.blocks.resize(3);
        config.build.version = {9, 2, 1};
        facts_.config = std::move(config);
        for (const char* value : {"no", "yes", "yes"}) {
            const std::uint32_t line = static_cast<std::uint32_t>(effective_.size()) + 1;
            effective_.push_back(sshdconf::Effective({{.name = "x", .values = {value}, .origins = {{0, line}}}}));
        }
        contexts_ = {{.label = "every other connection", .effective = &effective_[0]},
                     {.label = "Match User bob", .effective = &effective_[1]},
                     {.label = "Match User eve", .effective = &effective_[2]}};
        const rules::Test test{.option = "X", .key = "x", .one_of = {"no"}};
        rule_ = {.id = "no-x", .title = "X", .severity = Severity::high, .fix = "X {value}"};
        rule_.check = std::make_shared<const CheckSpec>(CheckSpec{OptionSpec{.require = {test}}});
        profile_.selected.push_back({.rule = &rule_, .severity = Severity::low, .parameters = {{"value", "no"}}});
    }

    Report run(const std::vector<Waiver>& waivers = {}, std::int64_t now = 100) {
        return evaluate_in(facts_, contexts_, profile_, waivers, now);
    }

    facts::HostFacts facts_;
    std::vector<sshdconf::Effective> effective_;
    std::vector<facts::Context> contexts_;
    Rule rule_;
    Profile profile_;
};

TEST_F(Engine, GivesOneFindingForEachPlaceAtFault) {
    const Report report = run();
    ASSERT_EQ(report.findings.size(), 2U);
    EXPECT_EQ(report.findings[0].context, "Match User bob");
    EXPECT_EQ(report.findings[0].where[0].line, 2U);
    EXPECT_EQ(report.findings[0].severity, Severity::low) << "the profile's word counts";
    EXPECT_EQ(report.findings[0].fix, "X no");
    EXPECT_EQ(report.findings[1].context, "Match User eve");
}

TEST_F(Engine, WaivesWhatAWaiverCovers) {
    const Report one = run({{.rule = "no-x", .scope = "Match User bob", .reason = "asked for", .until = 86399}});
    ASSERT_EQ(one.findings.size(), 2U);
    EXPECT_EQ(one.findings[0].verdict, Verdict::fail);
    EXPECT_EQ(one.findings[0].context, "Match User eve");
    EXPECT_EQ(one.findings[1].verdict, Verdict::waived);
    EXPECT_EQ(one.findings[1].waived_by, "asked for (until 1970-01-01)");
    EXPECT_EQ(one.summary.waived, 1U);
    EXPECT_EQ(run({{.rule = "no-x", .scope = "Match User bo", .until = 86399}}).summary.waived, 0U);
    EXPECT_EQ(run({{.rule = "no-x", .until = 86399}}).summary.waived, 2U);
    EXPECT_EQ(run({{.rule = "no-x", .scope = "/etc/ssh/sshd_config", .until = 86399}}).summary.waived, 2U);
}

TEST_F(Engine, AFindingOfTwoConnectionsNeedsBothWaived) {
    effective_[2] = effective_[1];  // the same line for both
    ASSERT_EQ(run().findings.size(), 1U);
    const Waiver bob{.rule = "no-x", .scope = "Match User bob", .until = 86399};
    const Waiver eve{.rule = "no-x", .scope = "Match User eve", .until = 86399};
    EXPECT_EQ(run({bob}).summary.fail, 1U);
    EXPECT_EQ(run({bob, eve}).summary.fail, 0U);
}

TEST_F(Engine, AnExpiredWaiverCountsNoMore) {
    const Waiver waiver{.rule = "no-x", .reason = "r", .until = 86399};
    EXPECT_EQ(run({waiver}, 86399).summary.fail, 0U);
    const Report late = run({waiver}, 86400);
    EXPECT_EQ(late.summary.fail, 2U);
    EXPECT_THAT(late.notes, ElementsAre(HasSubstr("expired on 1970-01-01")));
    EXPECT_THAT(run({{.rule = "other", .until = 86399}}).notes, ElementsAre(HasSubstr("excuses nothing")));
}

TEST_F(Engine, AnUnknownConfigurationPassesNothing) {
    facts_.config = fail(ErrorCode::permission, "/etc/ssh/sshd_config: no access");
    const Report report = evaluate(facts_, {}, profile_, {}, 0);
    ASSERT_EQ(report.findings.size(), 1U);
    EXPECT_EQ(report.findings[0].verdict, Verdict::unknown);
    EXPECT_THAT(report.findings[0].detail, HasSubstr("no access"));
}

TEST_F(Engine, SortsTheWorstFirst) {
    Rule passing = rule_;
    passing.id = "a-pass";
    passing.check = std::make_shared<const CheckSpec>(CheckSpec{OptionSpec{}});
    Rule worse = rule_;
    worse.id = "z-worse";
    Rule missing = rule_;
    missing.id = "b-missing";
    missing.check = std::make_shared<const CheckSpec>(CheckSpec{CodeSpec{"no_such_check"}});
    for (const auto& [rule, severity] : {std::pair(&passing, Severity::critical), std::pair(&worse, Severity::critical),
                                         std::pair(&missing, Severity::critical)}) {
        profile_.selected.push_back({.rule = rule, .severity = severity});
    }
    std::vector<std::string> order;
    for (const Finding& each : run().findings) {
        order.push_back(each.rule);
    }
    EXPECT_THAT(order, ElementsAre("z-worse", "z-worse", "no-x", "no-x", "b-missing", "a-pass"));
}

}  // namespace
}  // namespace sshkeep::rules
