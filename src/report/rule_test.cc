#include <gmock/gmock.h>

#include "report/report.h"
#include "report/sample_test.h"

namespace sshkeep::report {
namespace {

TEST(RuleText, ExplainsEverythingTheRuleKnows) {
    EXPECT_EQ(render_rule(sample::catalogue().rules[0], {}),
              "Title of root-login\nroot-login critical\n"
              "\nWhy\n  Because.\n"
              "\nHow it is exploited\n  By trying.\n"
              "\nFix\n  Option no\n"
              "\nReferences\n  sshd_config(5)\n"
              "\nControls\n  cis: 5.1.20, 5.1.2\n  pci-dss: 2.2.6\n");
}

TEST(RuleText, ListHasALineForEachRule) {
    const auto text = render_rules(sample::catalogue(), {});
    EXPECT_EQ(std::ranges::count(text, '\n'), 5);
    EXPECT_THAT(text, testing::HasSubstr("banner      low, Title of banner\n"));
}

TEST(RuleText, ProfilesTellTheirNote) {
    rules::Profile profile;
    profile.name = "article";
    profile.title = "What the article asks";
    profile.note = "Options that have gone are explained.";
    EXPECT_EQ(render_profiles({profile}, {}),
              "article What the article asks (0 rules)\n  Options that have gone are explained.\n");
}

}  // namespace
}  // namespace sshkeep::report
