#include "rules/debian_version.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace sshkeep::rules {
namespace {

TEST(DebianVersion, OrdersAsDpkgDoes) {
    // Each is later than the one before it.
    constexpr std::array<std::string_view, 16> ascending = {"1.0~rc1-1",
                                                            "1.0~rc1-2",
                                                            "1.0",
                                                            "1.0-1~deb12u1",
                                                            "1.0-1",
                                                            "1.0-1+b1",
                                                            "1.0-1.1",
                                                            "1.0a-1",
                                                            "1.0+dfsg-1",
                                                            "1.0.1-1",
                                                            "1.9-1",
                                                            "1.10-1",
                                                            "1:0.5-1",
                                                            "1:9.2p1-2+deb12u2",
                                                            "1:9.2p1-2+deb12u10",
                                                            "1:10.0p1-7+deb13u4"};
    for (std::size_t i = 0; i < ascending.size(); ++i) {
        for (std::size_t j = 0; j < ascending.size(); ++j) {
            EXPECT_EQ(compare_debian_versions(ascending[i], ascending[j]), i <=> j)
                << ascending[i] << " " << ascending[j];
        }
    }
}

TEST(DebianVersion, WritesTheSameVersionInSeveralWays) {
    for (const auto& [a, b] :
         {std::pair("1.0", "0:1.0"), std::pair("1.0", "1.0-0"), std::pair("1.02", "1.2"), std::pair("", "")}) {
        EXPECT_EQ(compare_debian_versions(a, b), std::strong_ordering::equal) << a << " " << b;
    }
}

TEST(DebianVersion, IsTotalOnAnyText) {
    const std::string digits(100'000, '7');
    EXPECT_EQ(compare_debian_versions(digits, digits), std::strong_ordering::equal);
    EXPECT_NE(compare_debian_versions(digits, digits + "1"), std::strong_ordering::equal);
    for (const std::string_view text : {"", ":", "-", "~", "::", "\xff\xfe", "1:-", "a:b-c"}) {
        EXPECT_EQ(compare_debian_versions(text, text), std::strong_ordering::equal) << text;
    }
}

}  // namespace
}  // namespace sshkeep::rules
