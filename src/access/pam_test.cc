#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "access/test_host.h"

namespace sshkeep::access::testing {
namespace {

using ::testing::HasSubstr;

/// The answer to bob's key with this account stack.
std::string with_account(const std::string& lines, const std::string& auth = "auth required pam_unix.so\n") {
    TestHost host;
    host.key("bob", ed25519("a"));
    host.pam(auth + lines);
    return answer(host.check_key("bob", "a"));
}

struct StackCase {
    const char* lines;
    const char* answer;
};

class Stacks : public ::testing::TestWithParam<StackCase> {};

TEST_P(Stacks, AreWalkedAsLibpamDoes) {
    EXPECT_EQ(with_account(GetParam().lines), GetParam().answer) << GetParam().lines;
}

INSTANTIATE_TEST_SUITE_P(
    All, Stacks,
    ::testing::Values(
        StackCase{"account required pam_permit.so\n", "admitted"},
        StackCase{"account required pam_deny.so\n", "refused"},
        StackCase{"account required pam_deny.so\naccount required pam_permit.so\n", "refused"},
        StackCase{"account required pam_permit.so\naccount requisite pam_deny.so\n", "refused"},
        StackCase{"account sufficient pam_permit.so\naccount required pam_deny.so\n", "admitted"},
        StackCase{"account sufficient pam_deny.so\naccount required pam_permit.so\n", "admitted"},
        StackCase{"account optional pam_deny.so\naccount required pam_permit.so\n", "admitted"},
        StackCase{"account required pam_deny.so\naccount sufficient pam_permit.so\n", "refused"},
        StackCase{"account [success=1 default=ignore] pam_permit.so\naccount requisite pam_deny.so\n"
                  "account required pam_permit.so\n",
                  "admitted"},
        StackCase{"account [default=1] pam_deny.so\naccount required pam_deny.so\naccount required pam_permit.so\n",
                  "admitted"},
        StackCase{"account [success=9 default=ignore] pam_permit.so\naccount required pam_permit.so\n", "refused"},
        StackCase{"account [default=ignore] pam_permit.so\n", "refused"},
        StackCase{"account [success=done default=die] pam_permit.so\naccount required pam_deny.so\n", "admitted"},
        StackCase{"account [default=done] pam_deny.so\naccount required pam_permit.so\n", "refused"},
        StackCase{"account nonsense pam_permit.so\n", "refused"},
        StackCase{"account required pam_mystery.so\n", "unknown"},
        StackCase{"account optional pam_mystery.so\naccount required pam_deny.so\n", "refused"},
        StackCase{"account sufficient pam_permit.so\naccount required pam_mystery.so\n", "admitted"},
        StackCase{"account sufficient pam_mystery.so\naccount required pam_permit.so\n", "admitted"},
        StackCase{"account required pam_succeed_if.so uid >= 1000\n", "unknown"},
        StackCase{"account required pam_succeed_if.so quiet uid ge 1000\n", "admitted"},
        StackCase{"account required pam_succeed_if.so uid lt 1000\n", "refused"},
        StackCase{"account required pam_succeed_if.so user ingroup sudo\n", "refused"},
        StackCase{"account required pam_succeed_if.so user in alice:bob\n", "admitted"}));

TEST(Pam, NologinRefusesAllButRoot) {
    for (const bool run : {true, false}) {
        TestHost host("UsePAM yes\nPermitRootLogin yes\n");
        host.key("bob", ed25519("a"));
        host.key("root", ed25519("r"));
        (run ? host.facts.run_nologin : host.facts.nologin) = true;
        EXPECT_EQ(answer(host.check_key("bob", "a")), "refused");
        EXPECT_EQ(answer(host.check_key("root", "r")), "admitted");
        host.facts.run_nologin = fail(ErrorCode::permission, "permission denied");
        EXPECT_EQ(answer(host.check_key("bob", "a")), "unknown");
    }
}

struct AgeCase {
    std::int64_t changed;
    std::int64_t max;
    std::int64_t inactive;
    const char* answer;
    bool ends;
};

class Ages : public ::testing::TestWithParam<AgeCase> {};

TEST_P(Ages, OfPasswordsMatterToKeysToo) {
    TestHost host;
    host.key("bob", ed25519("a"));
    auto& bob = host.find("bob");
    bob.password_changed = GetParam().changed;
    bob.password_max_days = GetParam().max;
    bob.password_inactive_days = GetParam().inactive;
    const auto decision = host.check_key("bob", "a");
    EXPECT_EQ(answer(decision), GetParam().answer);
    EXPECT_EQ(decision.session && !decision.session->ends.empty(), GetParam().ends);
}

INSTANTIATE_TEST_SUITE_P(
    All, Ages,
    ::testing::Values(AgeCase{today - 10, 99999, -1, "admitted", false}, AgeCase{today - 10, 9, -1, "admitted", true},
                      AgeCase{today - 10, 10, -1, "admitted", false}, AgeCase{today - 100, 10, 30, "refused", false},
                      AgeCase{today - 40, 10, 30, "admitted", true}, AgeCase{0, -1, -1, "admitted", true},
                      AgeCase{today + 3, 1, 1, "admitted", false}, AgeCase{-1, 1, 1, "admitted", false}));

TEST(Pam, AnAccountWithoutAShadowLineIsRefusedByPamUnixOnly) {
    for (const bool pam : {true, false}) {
        TestHost host(pam ? "UsePAM yes\n" : "UsePAM no\n");
        host.key("bob", ed25519("a"));
        host.find("bob").shadow_missing = true;
        EXPECT_EQ(answer(host.check_key("bob", "a")), pam ? "refused" : "admitted");
    }
}

TEST(Pam, WithoutItSshdDemandsANewPasswordOfWhoTriesOne) {
    const auto ends = [](const std::string& config, std::int64_t changed, std::int64_t max, bool password) {
        TestHost host("UsePAM no\n" + config);
        host.key("bob", ed25519("a"));
        auto& bob = host.find("bob");
        bob.password = facts::PasswordState::hashed;
        bob.password_changed = changed;
        bob.password_max_days = max;
        const auto decision = password ? host.check({.user = "bob", .password = true}) : host.check_key("bob", "a");
        EXPECT_EQ(answer(decision), "admitted");
        return !decision.session->ends.empty();
    };
    EXPECT_TRUE(ends("", 0, 99999, true));
    EXPECT_TRUE(ends("", today - 100, 30, true));
    EXPECT_FALSE(ends("", today - 30, 30, true));
    EXPECT_FALSE(ends("", today - 100, -1, true));
    EXPECT_FALSE(ends("", 0, 99999, false)) << "a key asks for no password";
    EXPECT_TRUE(ends("PermitEmptyPasswords yes\n", 0, 99999, false)) << "every client tries the empty one first";
    EXPECT_FALSE(ends("PermitEmptyPasswords yes\nAuthenticationMethods publickey\n", 0, 99999, false));
}

TEST(Pam, ShellsMustBeListedWherePamSaysSo) {
    const std::string stack = "account required pam_shells.so\naccount required pam_permit.so\n";
    TestHost host;
    host.key("bob", ed25519("a"));
    host.pam(stack);
    EXPECT_EQ(answer(host.check_key("bob", "a")), "admitted");
    host.find("bob").shell = "/opt/fish";
    EXPECT_EQ(answer(host.check_key("bob", "a")), "refused");
    host.pam("account required pam_permit.so\n");
    EXPECT_EQ(answer(host.check_key("bob", "a")), "admitted");
}

TEST(Pam, FaillockCountsTheEmptyPasswordThatIsTriedFirst) {
    for (const bool permitted : {true, false}) {
        TestHost host(std::string("UsePAM yes\nKbdInteractiveAuthentication no\nPermitEmptyPasswords ") +
                      (permitted ? "yes\n" : "no\n"));
        host.find("bob").password = facts::PasswordState::hashed;
        host.pam(
            "auth required pam_faillock.so preauth\nauth [success=1 default=ignore] pam_unix.so nullok\n"
            "auth [default=die] pam_faillock.so authfail\nauth required pam_permit.so\n"
            "account required pam_unix.so\n");
        host.facts.faillock->tallies["bob"] = {now - 30, now - 20};
        EXPECT_EQ(answer(host.check({.user = "bob", .password = true})), permitted ? "refused" : "admitted");
    }
}

TEST(Pam, FaillockLocksPasswordsNotKeys) {
    TestHost host;
    host.key("bob", ed25519("a"));
    host.find("bob").password = facts::PasswordState::hashed;
    host.pam(
        "auth required pam_faillock.so preauth\nauth [success=1 default=bad] pam_unix.so\n"
        "auth [default=die] pam_faillock.so authfail\nauth sufficient pam_faillock.so authsucc\n"
        "auth required pam_deny.so\naccount required pam_faillock.so\naccount required pam_unix.so\n");
    EXPECT_EQ(answer(host.check({.user = "bob", .password = true})), "admitted");
    host.facts.faillock->tallies["bob"] = {now - 30, now - 20, now - 10};
    EXPECT_EQ(answer(host.check({.user = "bob", .password = true})), "refused");
    EXPECT_EQ(answer(host.check_key("bob", "a")), "admitted");
    host.facts.faillock->tallies["bob"] = {now - 30, now - 10};
    EXPECT_EQ(answer(host.check({.user = "bob", .password = true})), "admitted");
    host.facts.faillock->tallies["bob"] = {now - 700, now - 690, now - 680};
    EXPECT_EQ(answer(host.check({.user = "bob", .password = true})), "admitted") << "unlock_time is over";
    host.facts.faillock->unread = "permission denied";
    EXPECT_EQ(answer(host.check({.user = "bob", .password = true})), "unknown");
}

struct AccessCase {
    const char* table;
    const char* user;
    const char* address;
    const char* answer;
};

class AccessConf : public ::testing::TestWithParam<AccessCase> {};

TEST_P(AccessConf, DecidesByTheFirstRuleThatFits) {
    TestHost host("UsePAM yes\nPermitRootLogin yes\n");
    host.find("bob").groups = {"bob", "sudo"};
    host.key("bob", ed25519("a"));
    host.key("root", ed25519("a"));
    host.pam("account required pam_access.so\naccount required pam_permit.so\n");
    host.facts.access_tables["/etc/security/access.conf"] = facts::parse_access_table(GetParam().table);
    const auto decision = host.check({.user = GetParam().user, .address = GetParam().address, .keys = {ed25519("a")}});
    EXPECT_EQ(answer(decision), GetParam().answer) << GetParam().table;
}

INSTANTIATE_TEST_SUITE_P(
    All, AccessConf,
    ::testing::Values(AccessCase{"", "bob", "192.0.2.1", "admitted"},
                      AccessCase{"-:ALL:ALL\n", "bob", "192.0.2.1", "refused"},
                      AccessCase{"+:bob:192.0.2.0/24\n-:ALL:ALL\n", "bob", "192.0.2.1", "admitted"},
                      AccessCase{"+:bob:192.0.2.0/24\n-:ALL:ALL\n", "bob", "192.0.3.1", "refused"},
                      AccessCase{"+:(sudo):192.0.2.\n-:ALL:ALL\n", "bob", "192.0.2.1", "admitted"},
                      AccessCase{"-:ALL EXCEPT root (sudo):ALL\n", "bob", "192.0.2.1", "admitted"},
                      AccessCase{"-:ALL EXCEPT root:ALL\n", "bob", "192.0.2.1", "refused"},
                      AccessCase{"-:root:ALL EXCEPT LOCAL\n", "root", "192.0.2.1", "refused"},
                      AccessCase{"-:ALL:ALL EXCEPT 192.0.2.0/24\n", "bob", "192.0.2.1", "admitted"},
                      AccessCase{"+:bob:@trusted\n-:ALL:ALL\n", "bob", "192.0.2.1", "unknown"},
                      AccessCase{"+:@admins:ALL\n-:ALL:ALL\n", "bob", "192.0.2.1", "unknown"},
                      AccessCase{"# nothing\n+:bob\n-:alice:ALL\n", "bob", "192.0.2.1", "admitted"}));

TEST(Pam, AMissingIncludeRefusesEverybody) {
    TestHost host;
    host.key("bob", ed25519("a"));
    host.facts.pam->missing.emplace_back("common-account");
    EXPECT_EQ(answer(host.check_key("bob", "a")), "refused");
    host.facts.pam = fail(ErrorCode::permission, "permission denied");
    EXPECT_EQ(answer(host.check_key("bob", "a")), "unknown");
}

TEST(Wrappers, DecideWhereSshdIsLinkedWithThem) {
    TestHost host;
    host.key("bob", ed25519("a"));
    host.facts.tcp_wrappers->deny = facts::parse_wrapper_rules("sshd: ALL EXCEPT 192.0.2.0/24\n");
    const auto from = [&](const std::string& address) {
        return answer(host.check({.user = "bob", .address = address, .keys = {ed25519("a")}}));
    };
    EXPECT_EQ(from("10.0.0.1"), "admitted") << "no libwrap";
    host.facts.tcp_wrappers->used = true;
    EXPECT_EQ(from("10.0.0.1"), "refused");
    EXPECT_EQ(from("192.0.2.1"), "admitted");
    host.facts.tcp_wrappers->allow = facts::parse_wrapper_rules("sshd: 10.\n");
    EXPECT_EQ(from("10.0.0.1"), "admitted");
    EXPECT_EQ(from("172.16.0.1"), "refused");
    host.facts.tcp_wrappers->allow = facts::parse_wrapper_rules("sshd: .example.org\n");
    EXPECT_EQ(from("172.16.0.1"), "unknown");
    host.facts.tcp_wrappers->allow = facts::parse_wrapper_rules("ALL: ALL: deny\n");
    EXPECT_EQ(from("192.0.2.1"), "refused");
}

}  // namespace
}  // namespace sshkeep::access::testing
