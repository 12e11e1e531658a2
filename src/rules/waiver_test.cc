#include <gtest/gtest.h>

#include "rules/engine.h"

namespace sshkeep::rules {
namespace {

TEST(Waivers, AreReadWithTheLastSecondOfTheirDay) {
    const auto waivers = parse_waivers(
        "[[waiver]]\nrule = \"use-pam\"\nscope = \"Match User bob\"\nreason = \"asked for\"\nuntil = 2026-11-22\n"
        "[[waiver]]\nrule = \"port-22\"\nreason = \"no\"\nuntil = \"1970-01-01\"\n");
    ASSERT_TRUE(waivers.has_value()) << waivers.error().message;
    ASSERT_EQ(waivers->size(), 2U);
    EXPECT_EQ((*waivers)[0].scope, "Match User bob");
    EXPECT_EQ((*waivers)[0].until, 1795391999);
    EXPECT_EQ((*waivers)[1].until, 86399);
}

TEST(Waivers, AreRefusedWhenSomethingIsMissing) {
    const std::string whole = "[[waiver]]\nrule = \"a\"\nreason = \"b\"\n";
    for (const std::string& text :
         {std::string("[[waiver]]\nrule = \"a\"\nuntil = 2026-01-01\n"), whole, whole + "until = \"2026-02-30\"\n",
          whole + "until = \"tomorrow\"\n", whole + "until = 2026-01-01\nscop = \"x\"\n", std::string("waiver = 3\n"),
          std::string("waiver = [3]\n"), std::string("[[waiver]\n")}) {
        EXPECT_FALSE(parse_waivers(text).has_value()) << text;
    }
    EXPECT_TRUE(parse_waivers("").has_value());
}

}  // namespace
}  // namespace sshkeep::rules
