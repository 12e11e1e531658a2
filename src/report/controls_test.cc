#include "report/controls.h"

#include <gmock/gmock.h>

#include "report/sample_test.h"

namespace sshkeep::report {
namespace {

using testing::ElementsAre;

std::vector<std::string> ids_of(const std::vector<Control>& controls) {
    std::vector<std::string> ids;
    ids.reserve(controls.size());
    for (const auto& control : controls) {
        ids.push_back(control.id);
    }
    return ids;
}

TEST(Controls, FrameworksAreTheOnesThatRulesName) {
    EXPECT_THAT(frameworks_of(sample::catalogue()), ElementsAre("cis", "pci-dss"));
}

TEST(Controls, AreSortedAsPeopleNumberThem) {
    const auto catalogue = sample::catalogue();
    const auto report = sample::report();
    EXPECT_THAT(ids_of(controls_of(report, catalogue, "cis")),
                ElementsAre("5.1.2", "5.1.3", "5.1.5", "5.1.20", "5.1.22"));
}

TEST(Controls, HaveTheirWorstVerdict) {
    const auto catalogue = sample::catalogue();
    auto report = sample::report();
    report.findings.push_back(sample::finding("banner", Severity::low, Verdict::unknown));
    const auto controls = controls_of(report, catalogue, "cis");
    ASSERT_EQ(controls.size(), 5U);
    EXPECT_EQ(controls[0].verdict, Verdict::fail);
    EXPECT_EQ(controls[2].verdict, Verdict::unknown);  // one pass, one unknown
    EXPECT_EQ(controls[3].verdict, Verdict::fail);
}

TEST(Controls, OneThatNobodyLookedAtHasNotPassed) {
    const auto catalogue = sample::catalogue();
    const auto report = sample::report();
    const auto controls = controls_of(report, catalogue, "cis");
    EXPECT_EQ(controls[1].id, "5.1.3");
    EXPECT_EQ(controls[1].verdict, Verdict::unknown);
    EXPECT_TRUE(controls[1].findings.empty());
}

TEST(Controls, AnUnknownFrameworkHasNone) {
    EXPECT_TRUE(controls_of(sample::report(), sample::catalogue(), "nist").empty());
}

}  // namespace
}  // namespace sshkeep::report
