#include <gtest/gtest.h>

#include "model/address.h"
#include "model/finding.h"
#include "model/version.h"

namespace sshkeep {
namespace {

TEST(Version, ReadsTheFormsInUse) {
    EXPECT_EQ(parse_openssh_version("9.2"), (OpensshVersion{9, 2, 0}));
    EXPECT_EQ(parse_openssh_version("OpenSSH_9.2p1 Debian-2+deb12u3"), (OpensshVersion{9, 2, 1}));
    EXPECT_EQ(parse_openssh_version("10.0p2-7"), (OpensshVersion{10, 0, 2}));
    for (const auto* bad : {"", "9", "x.1", "9.", "dropbear_2022.83", "99999.1"}) {
        EXPECT_FALSE(parse_openssh_version(bad)) << bad;
    }
}

TEST(Version, OrdersByNumberNotByText) {
    EXPECT_LT(*parse_openssh_version("9.9p2"), *parse_openssh_version("10.0"));
    EXPECT_LT(*parse_openssh_version("9.3p1"), *parse_openssh_version("9.3p2"));
    EXPECT_EQ(render_openssh_version({9, 3, 2}), "9.3p2");
}

TEST(Address, ReadsNumericTextOnly) {
    EXPECT_EQ(Address::parse("192.0.2.1")->text(), "192.0.2.1");
    EXPECT_EQ(Address::parse("2001:DB8:0::1")->text(), "2001:db8::1");
    for (const auto* bad : {"", "localhost", "192.0.2", "fe80::1%eth0", "192.0.2.1 ", "::1/128"}) {
        EXPECT_FALSE(Address::parse(bad)) << bad;
    }
}

TEST(Cidr, ContainsByPrefix) {
    const auto network = *Cidr::parse("192.0.2.0/23");
    EXPECT_TRUE(network.contains(*Address::parse("192.0.3.255")));
    EXPECT_FALSE(network.contains(*Address::parse("192.0.4.0")));
    EXPECT_FALSE(network.contains(*Address::parse("::1")));
    EXPECT_TRUE(Cidr::parse("::/0")->contains(*Address::parse("2001:db8::1")));
    EXPECT_TRUE(Cidr::parse("192.0.2.7")->contains(*Address::parse("192.0.2.7")));
}

TEST(Cidr, TellsHostBits) {
    EXPECT_TRUE(Cidr::parse("192.0.2.0/24")->strict());
    EXPECT_FALSE(Cidr::parse("192.0.2.1/24")->strict());
    EXPECT_FALSE(Cidr::parse("192.0.2.0/33"));
    EXPECT_FALSE(Cidr::parse("192.0.2.0/"));
    EXPECT_FALSE(Cidr::parse("192.0.2.0/-1"));
}

TEST(Severity, NamesAreTheContract) {
    EXPECT_EQ(parse_severity("critical"), Severity::critical);
    EXPECT_FALSE(parse_severity("Critical"));
    EXPECT_EQ(name_of(Verdict::unknown), "unknown");
    EXPECT_GT(Severity::high, Severity::medium);
}

}  // namespace
}  // namespace sshkeep
