#include <gtest/gtest.h>

#include <chrono>

#include "plan/test_plan.h"

namespace sshkeep::plan {
namespace {

TEST(PlanScale, ManyMatchBlocksTakeNoMinute) {
    std::string text = "PermitRootLogin yes\nX11Forwarding yes\n";
    for (int i = 0; i < 2000; ++i) {
        text += "Match User user" + std::to_string(i) + "\n\tX11Forwarding yes\n";
    }
    const TestHost host(text);
    const auto begin = std::chrono::steady_clock::now();
    const Plan plan = host.plan(
        {{.option = "X11Forwarding", .lines = {"X11Forwarding no"}, .rules = {"r"}, .context = "every connection"},
         {.option = "PermitRootLogin", .lines = {"PermitRootLogin no"}},
         {.option = "MaxAuthTries", .lines = {"MaxAuthTries 3"}}});
    ASSERT_EQ(plan.changes.size(), 2U) << told(plan.left_out);
    EXPECT_EQ(plan.changes[1].after.find("\tX11Forwarding yes"), std::string::npos);
    EXPECT_FALSE(unified_diff(plan.changes).empty());
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));
}

}  // namespace
}  // namespace sshkeep::plan
