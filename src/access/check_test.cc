#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "access/test_host.h"

namespace sshkeep::access::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Check, AListedKeyOpensAndAnotherDoesNot) {
    TestHost host;
    host.key("bob", ed25519("a"));
    EXPECT_EQ(answer(host.check_key("bob", "a")), "admitted") << reasons(host.check_key("bob", "a"));
    EXPECT_EQ(answer(host.check_key("bob", "b")), "refused");
    EXPECT_EQ(answer(host.check_key("root", "a")), "refused");
    EXPECT_EQ(answer(host.check_key("nobody-such", "a")), "refused");
}

struct ListCase {
    const char* config;
    const char* address;
    const char* answer;
};

class Lists : public ::testing::TestWithParam<ListCase> {};

TEST_P(Lists, DecideInSshdsOrder) {
    TestHost host(std::string("UsePAM yes\n") + GetParam().config);
    host.find("bob").groups = {"bob", "sudo", "staff"};
    host.key("bob", ed25519("a"));
    const auto decision = host.check({.user = "bob", .address = GetParam().address, .keys = {ed25519("a")}});
    EXPECT_EQ(answer(decision), GetParam().answer) << GetParam().config << "\n" << reasons(decision);
}

INSTANTIATE_TEST_SUITE_P(
    All, Lists,
    ::testing::Values(ListCase{"AllowUsers bob\n", "192.0.2.1", "admitted"},
                      ListCase{"AllowUsers alice\n", "192.0.2.1", "refused"},
                      ListCase{"AllowUsers b*\n", "192.0.2.1", "admitted"},
                      ListCase{"AllowUsers bob@10.0.0.0/8\n", "10.1.2.3", "admitted"},
                      ListCase{"AllowUsers bob@10.0.0.0/8\n", "192.0.2.1", "refused"},
                      ListCase{"AllowUsers bob@10.*,!10.1.*\n", "10.1.2.3", "refused"},
                      ListCase{"AllowUsers bob@10.*,!10.1.*\n", "10.2.2.3", "admitted"},
                      ListCase{"AllowUsers bob\nDenyUsers bob@192.0.2.1\n", "192.0.2.1", "refused"},
                      ListCase{"AllowUsers bob\nDenyUsers bob@192.0.2.1\n", "192.0.2.2", "admitted"},
                      ListCase{"AllowUsers bob@*.example.org\n", "192.0.2.1", "refused"},
                      ListCase{"AllowGroups sudo\n", "192.0.2.1", "admitted"},
                      ListCase{"AllowGroups wheel\n", "192.0.2.1", "refused"},
                      ListCase{"AllowGroups !wheel\n", "192.0.2.1", "refused"},
                      ListCase{"AllowGroups s*\n", "192.0.2.1", "admitted"},
                      ListCase{"DenyGroups staff\n", "192.0.2.1", "refused"},
                      ListCase{"DenyGroups !staff\n", "192.0.2.1", "admitted"},
                      ListCase{"DenyGroups staff\nAllowUsers bob\n", "192.0.2.1", "refused"},
                      ListCase{"AllowUsers alice\nAllowGroups sudo\n", "192.0.2.1", "refused"},
                      ListCase{"Match Address 192.0.2.0/24\nDenyUsers bob\n", "192.0.2.1", "refused"},
                      ListCase{"Match Address 192.0.2.0/24\nDenyUsers bob\n", "192.0.3.1", "admitted"}));

TEST(Check, NamesCountOnlyWithUseDns) {
    const std::string lists = "UsePAM yes\nAllowUsers bob@*.example.org\n";
    for (const bool use_dns : {false, true}) {
        TestHost host(lists + (use_dns ? "UseDNS yes\n" : ""));
        host.key("bob", ed25519("a"));
        const auto decision = host.check({.user = "bob", .host_name = "one.Example.org", .keys = {ed25519("a")}});
        EXPECT_EQ(answer(decision), use_dns ? "admitted" : "refused");
    }
}

TEST(Check, UnknownGroupsAreADoubtOnlyWhereTheyCount) {
    TestHost host("UsePAM yes\nAllowGroups sudo\n");
    host.key("bob", ed25519("a"));
    host.facts.group_names = fail(ErrorCode::permission, "no groups");
    EXPECT_EQ(answer(host.check_key("bob", "a")), "unknown");
    TestHost plain;
    plain.key("bob", ed25519("a"));
    plain.facts.group_names = fail(ErrorCode::permission, "no groups");
    EXPECT_EQ(answer(plain.check_key("bob", "a")), "admitted");
}

// ---- accounts ---------------------------------------------------------------------------------------------------

TEST(Check, ALockedOrExpiredAccountIsRefusedBySshdOnlyWithoutPam) {
    for (const bool pam : {true, false}) {
        TestHost host(pam ? "UsePAM yes\n" : "UsePAM no\n");
        host.key("bob", ed25519("a"));
        host.find("bob").password = facts::PasswordState::locked;
        EXPECT_EQ(answer(host.check_key("bob", "a")), pam ? "admitted" : "refused");
        host.find("bob").password = facts::PasswordState::impossible;
        EXPECT_EQ(answer(host.check_key("bob", "a")), "admitted");
        host.find("bob").account_expires = today - 1;
        EXPECT_EQ(answer(host.check_key("bob", "a")), "refused");
        // On its very day PAM refuses already, sshd not yet.
        host.find("bob").account_expires = today;
        EXPECT_EQ(answer(host.check_key("bob", "a")), pam ? "refused" : "admitted");
        host.find("bob").account_expires = today + 1;
        EXPECT_EQ(answer(host.check_key("bob", "a")), "admitted");
    }
}

TEST(Check, AMissingShellRefusesUnlessThereIsAChroot) {
    TestHost host;
    host.key("bob", ed25519("a"));
    host.find("bob").shell_exists = false;
    EXPECT_EQ(answer(host.check_key("bob", "a")), "refused");
    TestHost chroot("UsePAM yes\nChrootDirectory /srv\nForceCommand internal-sftp\n");
    chroot.key("bob", ed25519("a"));
    chroot.find("bob").shell_exists = false;
    EXPECT_EQ(answer(chroot.check_key("bob", "a")), "admitted");
}

// ---- root -------------------------------------------------------------------------------------------------------

struct RootCase {
    const char* setting;
    const char* plain_key;
    const char* key_with_command;
    const char* password;
};

class Root : public ::testing::TestWithParam<RootCase> {};

TEST_P(Root, MeetsItsFourSettings) {
    // ForceCommand is not the command of a key.
    TestHost host(std::string("UsePAM yes\nForceCommand /bin/date\nPermitRootLogin ") + GetParam().setting + "\n");
    host.key("root", ed25519("plain"));
    host.key("root", ed25519("forced"), {.command = Untrusted("/usr/bin/backup")});
    host.find("root").password = facts::PasswordState::hashed;
    EXPECT_EQ(answer(host.check_key("root", "plain")), GetParam().plain_key);
    EXPECT_EQ(answer(host.check_key("root", "forced")), GetParam().key_with_command);
    EXPECT_EQ(answer(host.check({.user = "root", .password = true})), GetParam().password);
    // The number decides, not the name.
    host.account("toor", 0).home = "/toor";
    host.key("toor", ed25519("toor"));
    EXPECT_EQ(answer(host.check_key("toor", "toor")), GetParam().plain_key);
}

INSTANTIATE_TEST_SUITE_P(All, Root,
                         ::testing::Values(RootCase{"yes", "admitted", "admitted", "admitted"},
                                           RootCase{"prohibit-password", "admitted", "admitted", "refused"},
                                           RootCase{"forced-commands-only", "refused", "admitted", "refused"},
                                           RootCase{"no", "refused", "refused", "refused"}));

// ---- methods ----------------------------------------------------------------------------------------------------

struct MethodCase {
    const char* config;
    unsigned keys;
    bool password;
    const char* answer;
};

class Methods : public ::testing::TestWithParam<MethodCase> {};

TEST_P(Methods, AreChained) {
    const auto& param = GetParam();
    TestHost host(param.config);
    host.find("bob").password = facts::PasswordState::hashed;
    Visitor visitor{.user = "bob", .password = param.password};
    for (unsigned i = 0; i < param.keys; ++i) {
        visitor.keys.push_back(ed25519(std::to_string(i)));
        host.key("bob", visitor.keys.back());
    }
    const auto decision = host.check(visitor);
    EXPECT_EQ(answer(decision), param.answer) << param.config << "\n" << reasons(decision);
}

INSTANTIATE_TEST_SUITE_P(
    All, Methods,
    ::testing::Values(
        MethodCase{"UsePAM yes\n", 0, true, "admitted"}, MethodCase{"UsePAM yes\n", 0, false, "refused"},
        MethodCase{"UsePAM yes\nPasswordAuthentication no\n", 0, true, "admitted"},
        MethodCase{"UsePAM yes\nPasswordAuthentication no\nKbdInteractiveAuthentication no\n", 0, true, "refused"},
        MethodCase{"UsePAM no\nPasswordAuthentication no\n", 0, true, "refused"},
        MethodCase{"UsePAM no\n", 0, true, "admitted"},
        MethodCase{"UsePAM yes\nPubkeyAuthentication no\n", 1, false, "refused"},
        MethodCase{"UsePAM yes\nAuthenticationMethods publickey,password\n", 1, true, "admitted"},
        MethodCase{"UsePAM yes\nAuthenticationMethods publickey,password\n", 1, false, "refused"},
        MethodCase{"UsePAM yes\nAuthenticationMethods publickey,password\n", 0, true, "refused"},
        MethodCase{"UsePAM yes\nAuthenticationMethods publickey,password publickey,keyboard-interactive:pam\n"
                   "PasswordAuthentication no\n",
                   1, true, "admitted"},
        MethodCase{"UsePAM yes\nAuthenticationMethods publickey,password\nPasswordAuthentication no\n", 1, true,
                   "refused"},
        MethodCase{"UsePAM yes\nAuthenticationMethods publickey,publickey\n", 1, false, "refused"},
        MethodCase{"UsePAM yes\nAuthenticationMethods publickey,publickey\n", 2, false, "admitted"},
        MethodCase{"UsePAM yes\nAuthenticationMethods any\n", 1, false, "admitted"},
        MethodCase{"UsePAM yes\nAuthenticationMethods hostbased publickey\n", 1, false, "admitted"}));

struct TriesCase {
    int most;
    unsigned others;
    const char* answer;
};

class Tries : public ::testing::TestWithParam<TriesCase> {};

TEST_P(Tries, AreCountedForRefusedOffers) {
    TestHost host("UsePAM yes\nMaxAuthTries " + std::to_string(GetParam().most) + "\n");
    host.key("bob", ed25519("a"));
    const auto decision = host.check({.user = "bob", .keys = {ed25519("a")}, .other_offers = GetParam().others});
    EXPECT_EQ(answer(decision), GetParam().answer) << reasons(decision);
}

INSTANTIATE_TEST_SUITE_P(All, Tries,
                         ::testing::Values(TriesCase{6, 5, "admitted"}, TriesCase{6, 6, "refused"},
                                           TriesCase{1, 0, "admitted"}, TriesCase{1, 1, "refused"},
                                           TriesCase{0, 0, "refused"}));

TEST(Check, ASecondKeyIsSoughtBehindTheFirst) {
    TestHost host("UsePAM yes\nAuthenticationMethods publickey,publickey\nMaxAuthTries 4\n");
    host.key("bob", ed25519("a"));
    host.key("bob", ed25519("b"));
    // Three refusals, then both keys; from the start again it would be six refusals.
    EXPECT_EQ(answer(host.check({.user = "bob", .keys = {ed25519("a"), ed25519("b")}, .other_offers = 3})), "admitted");
    EXPECT_EQ(answer(host.check({.user = "bob", .keys = {ed25519("a")}, .other_offers = 3})), "refused");
}

TEST(Check, AnEmptyPasswordOpensOnlyWhereItIsPermitted) {
    for (const bool pam : {true, false}) {
        const std::string config = pam ? "UsePAM yes\n" : "UsePAM no\n";
        TestHost closed(config);
        closed.find("bob").password = facts::PasswordState::none;
        EXPECT_EQ(answer(closed.check({.user = "bob"})), "refused");
        TestHost open(config + "PermitEmptyPasswords yes\n");
        open.find("bob").password = facts::PasswordState::none;
        EXPECT_EQ(answer(open.check({.user = "bob"})), "admitted");
        open.find("bob").password = facts::PasswordState::hashed;
        EXPECT_EQ(answer(open.check({.user = "bob"})), "refused");
    }
}

TEST(Check, WhatIsNotCertainIsUnknown) {
    TestHost host;
    host.key("bob", ed25519("a"));
    host.key_file("bob", "/home/bob/.ssh/authorized_keys").entries = fail(ErrorCode::permission, "permission denied");
    EXPECT_EQ(answer(host.check_key("bob", "a")), "unknown");
    TestHost command("UsePAM yes\nAuthorizedKeysCommand /usr/bin/keys %u\nAuthorizedKeysCommandUser nobody\n");
    EXPECT_EQ(answer(command.check_key("bob", "a")), "unknown");
    command.key("bob", ed25519("a"));
    EXPECT_EQ(answer(command.check_key("bob", "a")), "admitted");
}

}  // namespace
}  // namespace sshkeep::access::testing
