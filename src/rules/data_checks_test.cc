#include "rules/data_checks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

namespace sshkeep::rules {
namespace {

using sshdconf::Effective;
using sshdconf::Setting;
using sshdconf::Tri;
using ::testing::HasSubstr;

/// One connection with the given settings, on a configuration of one file whose line 3 set what has an origin.
class DataChecks : public ::testing::Test {
protected:
    DataChecks() {
        config_.files.push_back({.path = "/etc/ssh/sshd_config", .bytes = "a\nb\n  Option value\n", .lines = {}});
        config_.files[0].lines = {{.begin = 0, .end = 2}, {.begin = 2, .end = 4}, {.begin = 4, .end = 19}};
        config_.blocks.emplace_back();
        config_.build.version = {9, 2, 1};
        facts_.config = config_;
        facts_.openssh = facts::OpensshServer{.installed = true, .version = {9, 2, 1}};
    }

    Answer ask(const rules::Test& test, std::vector<Setting> settings) {
        effective_ = std::make_unique<Effective>(std::move(settings));
        contexts_ = {{.label = "every connection", .effective = effective_.get()}};
        const CheckInput input{
            .facts = facts_, .contexts = contexts_, .parameter = [](auto name, auto fallback) {
                return name == "max" ? std::string("4") : name == "words" ? "a b" : std::string(fallback);
            }};
        return Judge(input, config_).answer(test, contexts_[0]);
    }
    Tri truth(rules::Test test, std::vector<std::string> values) {
        test.option = "Option";
        test.key = "option";
        return ask(test, {{.name = "option", .values = std::move(values), .origins = {{0, 3}}}}).truth;
    }
    std::vector<CheckResult> cve(const CveSpec& spec) {
        const CheckInput input{.facts = facts_, .contexts = contexts_};
        return judge_cve(spec, input);
    }

    sshdconf::Config config_;
    facts::HostFacts facts_;
    std::unique_ptr<Effective> effective_;
    std::vector<facts::Context> contexts_;
};

TEST_F(DataChecks, ComparesValues) {
    EXPECT_EQ(truth({.one_of = {"yes"}}, {"YES"}), Tri::yes);
    EXPECT_EQ(truth({.one_of = {"yes"}}, {"yes", "no"}), Tri::no);
    EXPECT_EQ(truth({.one_of = {"$words"}}, {"b"}), Tri::yes);
    EXPECT_EQ(truth({.one_of = {"yes"}}, {}), Tri::no);
    EXPECT_EQ(truth({.none_of = {"*"}, .words = true}, {}), Tri::yes);
    EXPECT_EQ(truth({.none_of = {"b"}, .words = true}, {"a b"}), Tri::no);
    EXPECT_EQ(truth({.offers = {"b*"}, .items = true}, {"a,bc"}), Tri::yes);
    EXPECT_EQ(truth({.all_of = {"a", "c"}, .items = true}, {"a,b"}), Tri::no);
    EXPECT_EQ(truth({.partial = {"a", "b"}, .items = true}, {"a,c"}), Tri::yes);
    EXPECT_EQ(truth({.partial = {"a", "b"}, .items = true}, {"a,b"}), Tri::no);
    EXPECT_EQ(truth({.accepts_none = {"LD_PRELOAD"}, .words = true}, {"LANG LC_*"}), Tri::yes);
    EXPECT_EQ(truth({.accepts_none = {"LD_PRELOAD"}, .words = true}, {"LANG L*"}), Tri::no);
    EXPECT_EQ(truth({.is_set = true}, {"none"}), Tri::no);
    EXPECT_EQ(truth({.is_set = false}, {}), Tri::yes);
    EXPECT_EQ(truth({.is_default = true}, {"x"}), Tri::no);
}

TEST_F(DataChecks, ComparesNumbers) {
    EXPECT_EQ(truth({.max = "$max"}, {"4"}), Tri::yes);
    EXPECT_EQ(truth({.max = "$max"}, {"5"}), Tri::no);
    EXPECT_EQ(truth({.min = "1"}, {"0"}), Tri::no);
    EXPECT_EQ(truth({.max = "9"}, {"0"}), Tri::yes);
    EXPECT_EQ(truth({.max = "9", .zero = "fail"}, {"0"}), Tri::no);
    EXPECT_EQ(truth({.min = "5", .zero = "pass"}, {"0"}), Tri::yes);
    EXPECT_EQ(truth({.max = "9"}, {"many"}), Tri::no);
    EXPECT_EQ(truth({.max = "60", .field = 2}, {"10:30:60"}), Tri::yes);
    EXPECT_EQ(truth({.max = "60", .field = 2}, {"10:30:100"}), Tri::no);
    EXPECT_EQ(truth({.min_words = 3}, {"a b", "a b c"}), Tri::yes);
    EXPECT_EQ(truth({.max_words = 2}, {"a b", "a b c"}), Tri::no);
}

TEST_F(DataChecks, NamesTheLineOrTheDefault) {
    const rules::Test test{.option = "Option", .key = "option", .one_of = {"no"}};
    const Answer set = ask(test, {{.name = "option", .values = {"value"}, .origins = {{0, 3}}}});
    ASSERT_EQ(set.where.size(), 1U);
    EXPECT_EQ(set.where[0].line, 3U);
    EXPECT_EQ(set.where[0].text.raw(), "Option value");
    EXPECT_EQ(set.why, "Option is value; wanted: no");
    const Answer unset = ask(test, {{.name = "option", .values = {"yes"}}});
    ASSERT_EQ(unset.where.size(), 1U);
    EXPECT_EQ(unset.where[0].line, 0U);
    EXPECT_EQ(unset.where[0].text.raw(), "Option is not set; OpenSSH 9.2's default is yes");
}

TEST_F(DataChecks, DoesNotPrintRawBytesOfTheHost) {
    const rules::Test test{.option = "Option", .key = "option", .one_of = {"no"}};
    const Answer answer =
        ask(test, {{.name = "option", .values = {"\x1b[2J" + std::string(5000, 'x')}, .origins = {{0, 3}}}});
    EXPECT_EQ(answer.why.find('\x1b'), std::string::npos);
    EXPECT_LT(answer.why.size(), 400U);
}

TEST_F(DataChecks, NeverPassesWhatIsUncertain) {
    const rules::Test test{.option = "Option", .key = "option", .one_of = {"no"}};
    const Answer answer = ask(test, {{.name = "option", .values = {"no"}, .uncertain = "depends on Match exec"}});
    EXPECT_EQ(answer.truth, Tri::unknown);
    EXPECT_THAT(answer.why, HasSubstr("Match exec"));
    EXPECT_EQ(ask(test, {}).truth, Tri::yes) << "this sshd has no such option";
    config_.build.version = {7, 2, 1};
    EXPECT_EQ(ask(test, {}).truth, Tri::unknown) << "but of an old one nothing is known";
}

TEST_F(DataChecks, CombinesConditions) {
    const rules::Test yes{.option = "Option", .key = "option", .one_of = {"a"}};
    const rules::Test no{.option = "Option", .key = "option", .one_of = {"b"}};
    const rules::Test unknown{.option = "Other", .key = "other", .one_of = {"a"}};
    (void)ask(yes, {{.name = "option", .values = {"a"}}, {.name = "other", .values = {"a"}, .uncertain = "exec"}});
    const CheckInput input{.facts = facts_, .contexts = contexts_};
    const Judge judge(input, config_);
    const auto truth_of = [&](const Condition& condition) { return judge.answer(condition, contexts_[0]).truth; };
    EXPECT_EQ(truth_of({}), Tri::yes);
    EXPECT_EQ(truth_of({{yes, yes}}), Tri::yes);
    EXPECT_EQ(truth_of({{yes, no}}), Tri::no);
    EXPECT_EQ(truth_of({{yes, unknown}}), Tri::unknown);
    EXPECT_EQ(truth_of({{unknown, no}}), Tri::no);
    EXPECT_EQ(truth_of({{no}, {yes}}), Tri::yes);
    EXPECT_EQ(truth_of({{unknown}, {no}}), Tri::unknown);
    EXPECT_EQ(truth_of({{no}, {unknown}}), Tri::unknown);
}

TEST_F(DataChecks, ACveNeedsCertainty) {
    const CveSpec spec{.id = "CVE-1", .since = OpensshVersion{9, 0, 0}, .before = OpensshVersion{9, 8, 0}};
    EXPECT_EQ(cve(spec)[0].verdict, Verdict::fail);
    facts_.openssh->distribution_build = true;
    EXPECT_EQ(cve(spec)[0].verdict, Verdict::unknown);
    facts_.openssh->version = {9, 8, 1};
    EXPECT_EQ(cve(spec)[0].verdict, Verdict::pass);
    facts_.openssh = fail(ErrorCode::permission, "no");
    EXPECT_EQ(cve(spec)[0].verdict, Verdict::unknown);
}

TEST_F(DataChecks, ACveKnowsDebiansFix) {
    const CveSpec spec{
        .id = "CVE-1", .before = OpensshVersion{9, 8, 0}, .debian_fixed = {{"bookworm", "1:9.2p1-2+deb12u3"}}};
    facts_.openssh->distribution_build = true;
    facts_.openssh->package_version = "1:9.2p1-2+deb12u2";
    EXPECT_EQ(cve(spec)[0].verdict, Verdict::fail);
    facts_.openssh->package_version = "1:9.2p1-2+deb12u10";
    EXPECT_EQ(cve(spec)[0].verdict, Verdict::pass);
    facts_.openssh->package_version = "1:9.2p1-2";  // without a suffix the host's own name decides
    EXPECT_EQ(cve(spec)[0].verdict, Verdict::unknown);
    facts_.os = facts::OsRelease{.id = "debian", .codename = "bookworm"};
    EXPECT_EQ(cve(spec)[0].verdict, Verdict::fail);
}

TEST(Patterns, MatchAsShellsDo) {
    EXPECT_TRUE(matches_pattern("", ""));
    EXPECT_TRUE(matches_pattern("*", ""));
    EXPECT_TRUE(matches_pattern("a*c?", "ABBcd"));
    EXPECT_FALSE(matches_pattern("a*c?", "abbc"));
    EXPECT_FALSE(matches_pattern("", "a"));
    EXPECT_FALSE(matches_pattern(std::string(50, '*') + "b", std::string(10'000, 'a')));
}

TEST(Merge, NamesTheConnections) {
    const std::vector<facts::Context> contexts = {
        {.label = "every other connection"}, {.label = "Match User a"}, {.label = "Match User b"}};
    const std::vector<const facts::Context*> pointers = {&contexts[0], &contexts[1], &contexts[2]};
    const CheckResult pass{.verdict = Verdict::pass};
    const CheckResult bad{.verdict = Verdict::fail, .where = {{"/f", 1, Untrusted("x")}}, .detail = "d"};
    const CheckResult other{.verdict = Verdict::fail, .where = {{"/f", 2, Untrusted("x")}}, .detail = "d"};

    const auto all = merge_results({bad, bad, bad}, pointers, 3);
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].context, "every connection");
    const auto some = merge_results({pass, bad, bad}, pointers, 3);
    ASSERT_EQ(some.size(), 1U);
    EXPECT_EQ(some[0].context, "Match User a; Match User b");
    EXPECT_EQ(merge_results({pass, bad, other}, pointers, 3).size(), 2U);
    const auto passes = merge_results({pass, pass, pass}, pointers, 3);
    ASSERT_EQ(passes.size(), 1U);
    EXPECT_EQ(passes[0].verdict, Verdict::pass);
}

}  // namespace
}  // namespace sshkeep::rules
