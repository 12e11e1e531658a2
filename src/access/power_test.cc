#include <gtest/gtest.h>

#include "access/test_host.h"

namespace sshkeep::access::testing {
namespace {

using Kind = Power::Kind;

Power power_with(const std::string& sudoers, facts::PasswordState password = facts::PasswordState::impossible) {
    TestHost host;
    host.facts.hostname = "server.example.org";
    host.find("bob").groups = {"bob", "sudo"};
    host.find("bob").password = password;
    facts::parse_sudoers(*host.facts.sudoers, sudoers, "/etc/sudoers", [](const facts::SudoersInclude&) {});
    return host.model().power_of(host.find("bob"));
}

struct PowerCase {
    const char* sudoers;
    Kind kind;
    bool administers;
};

class Powers : public ::testing::TestWithParam<PowerCase> {};

TEST_P(Powers, FollowSudoers) {
    const auto power = power_with(GetParam().sudoers);
    EXPECT_EQ(power.kind, GetParam().kind) << GetParam().sudoers;
    EXPECT_EQ(power.administers(), GetParam().administers) << GetParam().sudoers;
}

INSTANTIATE_TEST_SUITE_P(
    All, Powers,
    ::testing::Values(PowerCase{"", Kind::none, false},
                      PowerCase{"%sudo ALL=(ALL:ALL) NOPASSWD:ALL\n", Kind::all, true},
                      PowerCase{"%sudo ALL=(ALL:ALL) ALL\n", Kind::all, false},
                      PowerCase{"Defaults !authenticate\n%sudo ALL=(ALL) ALL\n", Kind::all, true},
                      PowerCase{"Defaults:bob !authenticate\n%sudo ALL=(ALL) ALL\n", Kind::all, true},
                      PowerCase{"Defaults:alice !authenticate\n%sudo ALL=(ALL) ALL\n", Kind::all, false},
                      PowerCase{"%wheel ALL=(ALL) NOPASSWD: ALL\n", Kind::none, false},
                      PowerCase{"bob ALL = NOPASSWD: ALL\n", Kind::all, true},
                      PowerCase{"#1000 ALL = NOPASSWD: ALL\n", Kind::all, true},
                      PowerCase{"%#27 ALL = NOPASSWD: ALL\n", Kind::all, true},
                      PowerCase{"ALL, !bob ALL = NOPASSWD: ALL\n", Kind::none, false},
                      PowerCase{"bob other = NOPASSWD: ALL\n", Kind::none, false},
                      PowerCase{"bob server = NOPASSWD: ALL\n", Kind::all, true},
                      PowerCase{"bob ALL = (www-data) NOPASSWD: ALL\n", Kind::none, false},
                      PowerCase{"bob ALL = (root) NOPASSWD: ALL\n", Kind::all, true},
                      PowerCase{"bob ALL = NOPASSWD: /usr/bin/apt, PASSWD: ALL\n", Kind::all, false},
                      PowerCase{"bob ALL = NOPASSWD: /usr/bin/apt\n", Kind::some, false},
                      PowerCase{"bob ALL = NOPASSWD: ALL, !/bin/su\n", Kind::all, true},
                      PowerCase{"bob ALL = NOPASSWD: ALL\nbob ALL = !ALL\n", Kind::none, false},
                      PowerCase{"User_Alias OPS = alice, bob\nOPS ALL = NOPASSWD: ALL\n", Kind::all, true},
                      PowerCase{"Cmnd_Alias EVERY = ALL\nbob ALL = NOPASSWD: EVERY\n", Kind::all, true},
                      PowerCase{"Runas_Alias ADM = root\nbob ALL = (ADM) NOPASSWD: ALL\n", Kind::all, true},
                      PowerCase{"Host_Alias HERE = server\nbob HERE = NOPASSWD: ALL\n", Kind::all, true},
                      PowerCase{"User_Alias A = B\nUser_Alias B = A\nA ALL = NOPASSWD: ALL\n", Kind::none, false}));

TEST(Powers, APasswordMustBeThere) {
    const auto power = power_with("%sudo ALL=(ALL) ALL\n", facts::PasswordState::hashed);
    EXPECT_TRUE(power.password_needed && power.administers());
    EXPECT_EQ(power.via, "group sudo (/etc/sudoers:1)");
    EXPECT_FALSE(power_with("Defaults rootpw\n%sudo ALL=(ALL) ALL\n", facts::PasswordState::hashed).administers());
}

TEST(Powers, OfUidNoneAndOfTheUnknown) {
    TestHost host;
    EXPECT_EQ(host.model().power_of(host.find("root")).kind, Kind::root);
    host.facts.sudoers = fail(ErrorCode::permission, "permission denied");
    EXPECT_EQ(host.model().power_of(host.find("bob")).kind, Kind::unknown);
}

}  // namespace
}  // namespace sshkeep::access::testing
