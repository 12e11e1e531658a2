#include <gmock/gmock.h>

#include "report/report.h"
#include "report/sample_test.h"

namespace sshkeep::report {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string render(const rules::Report& report, const TextOptions& options = {}) {
    return render_text(report, sample::catalogue(), sample::facts(), options);
}

std::size_t count(std::string_view text, std::string_view part) {
    std::size_t found = 0;
    for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) {
        ++found;
    }
    return found;
}

TEST(Text, WholeReport) {
    EXPECT_EQ(render(sample::report()),
              "web1 \xC2\xB7 Debian GNU/Linux 12 (bookworm) \xC2\xB7 OpenSSH 9.2p1 (1:9.2p1-2+deb12u10) \xC2\xB7 "
              "profile recommended\n"
              "\n"
              "CRITICAL  Title of root-login [root-login]\n"
              "          /etc/ssh/sshd_config:33  PermitRootLogin yes\n"
              "          For user root: PermitRootLogin is yes.\n"
              "          Fix: PermitRootLogin no\n"
              "\n"
              "UNKNOWN   /etc/pam.d/sshd: permission denied [pam]\n"
              "\n"
              "WAIVED    Title of moduli until 2027-01-31: old clients [moduli]\n"
              "\n"
              "Score 61/100. Failed: 1 critical. Passed: 1. Unknown: 1. Waived: 1.\n"
              "Why a rule, how it is exploited, what to do: sshkeep rule RULE\n");
}

TEST(Text, PassesAreListedOnlyWhenAsked) {
    EXPECT_THAT(render(sample::report()), Not(HasSubstr("Title of banner")));
    TextOptions options;
    options.show_passes = true;
    EXPECT_THAT(render(sample::report(), options), HasSubstr("PASS      Title of banner [banner]\n"));
}

TEST(Text, ManyPlacesAreCut) {
    auto report = sample::report();
    report.findings[0].where.assign(42, sample::place("/home/u/.ssh/authorized_keys", 1, "ssh-rsa AAAA"));
    const auto text = render(report);
    EXPECT_EQ(count(text, "/home/u/.ssh/authorized_keys:1  "), 5U);
    EXPECT_THAT(text, HasSubstr("... and 37 more\n"));
}

TEST(Text, FindingsOfOneRuleShareAHeadingAndAnEqualFix) {
    auto report = sample::report();
    auto second = report.findings[0];
    second.context = "Match User bob";
    report.findings.push_back(second);
    const auto text = render(report);
    EXPECT_EQ(count(text, "Title of root-login"), 1U);
    EXPECT_EQ(count(text, "Fix:"), 1U);
    EXPECT_THAT(text, HasSubstr("For Match User bob: PermitRootLogin is yes."));
    report.findings.back().fix = "another";
    EXPECT_EQ(count(render(report), "Fix:"), 2U);
}

TEST(Text, UnknownsWithOneReasonShareALine) {
    auto report = sample::report();
    for (const auto* rule : {"a-rule", "b-rule", "a-rule"}) {
        report.findings.push_back(sample::finding(rule, Severity::low, Verdict::unknown, "no shadow file"));
    }
    EXPECT_THAT(render(report), HasSubstr("          no shadow file [a-rule, b-rule]\n"));
}

TEST(Text, AFixOfSeveralLinesStaysCopyable) {
    auto report = sample::report();
    report.findings[0].fix = "chown root: /etc/ssh\nchmod go-w /etc/ssh\n";
    EXPECT_THAT(render(report),
                HasSubstr("          Fix:\n            chown root: /etc/ssh\n            chmod go-w /etc/ssh\n"));
}

TEST(Text, SaysOnceThatItWasNotRoot) {
    auto facts = sample::facts();
    facts.observer_uid = 1000;
    const auto text = render_text(sample::report(), sample::catalogue(), facts, {});
    EXPECT_EQ(count(text, "not run as root"), 1U);
    EXPECT_THAT(render(sample::report()), Not(HasSubstr("not run as root")));
}

TEST(Text, HostileBytesStayVisibleAndHarmless) {
    auto report = sample::report();
    report.findings[0].where = {sample::place("/home/e\x1b[2J/x", 1, "ssh-rsa A \x1b]0;owned\a\n")};
    report.findings[0].context = "user e\nScore 100/100";
    const auto text = render(report);
    EXPECT_THAT(text, HasSubstr("\\x1b[2J"));
    EXPECT_THAT(text, Not(HasSubstr("\x1b")));
    EXPECT_THAT(text, Not(HasSubstr("\nScore 100/100")));
}

TEST(Text, FrameworkShowsControlsAndLeavesOtherRulesOut) {
    TextOptions options;
    options.framework = "cis";
    const auto text = render(sample::report(), options);
    EXPECT_THAT(text, HasSubstr("CONTROL   5.1.2\n"));
    EXPECT_EQ(count(text, "PermitRootLogin is yes."), 1U);
    EXPECT_THAT(text, HasSubstr("CRITICAL  Title of root-login [root-login] (above)\n"));
    EXPECT_THAT(text, HasSubstr("UNKNOWN   controls 5.1.3, 5.1.22\n"));
    EXPECT_THAT(text, HasSubstr("PASS      controls 5.1.5\n"));
    EXPECT_THAT(text, Not(HasSubstr("Title of moduli")));
}

TEST(Text, NoServerAndNoSystemAreSaid) {
    facts::HostFacts nothing;
    nothing.openssh = facts::OpensshServer{};
    EXPECT_THAT(render_text({}, {}, nothing, {}), HasSubstr("no OpenSSH server"));
    EXPECT_THAT(render_text({}, {}, {}, {}), HasSubstr("OpenSSH of unknown version"));
}

}  // namespace
}  // namespace sshkeep::report
