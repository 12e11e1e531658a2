#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rules/checks_test_support.h"

namespace sshkeep::rules {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using namespace rules::testing;  // NOLINT(google-build-using-namespace)

TEST(KeyChecks, WeakKeysAreDsaAndShortRsa) {
    TestHost host;
    host.keys_of("bob", {ed25519("a"), rsa(2048, "b")});
    EXPECT_EQ(host.verdict("authorized_key_weak"), "pass");
    host.facts.authorized_keys.back().entries->push_back({.line = 3, .key = rsa(1024, "c")});
    host.facts.authorized_keys.back().entries->push_back({.line = 4, .key = key(keyfmt::KeyKind::dsa, 1024, "d")});
    const Results results = host.run("authorized_key_weak");
    ASSERT_THAT(results, SizeIs(1));
    EXPECT_EQ(results[0].verdict, Verdict::fail);
    ASSERT_THAT(results[0].where, SizeIs(2));
    EXPECT_EQ(results[0].where[0].path, "/home/bob/.ssh/authorized_keys");
    EXPECT_EQ(results[0].where[0].line, 3U);
    EXPECT_THAT(results[0].detail, HasSubstr("2 keys of bob"));
}

TEST(KeyChecks, ShortKeysLeaveTheWeakOnesToTheOtherRule) {
    TestHost host;
    host.parameters = {{"min_rsa_bits", "3072"}, {"from_rsa_bits", "2048"}};
    host.keys_of("bob", {rsa(1024, "weak"), rsa(3072, "fine")});
    EXPECT_EQ(host.verdict("authorized_key_weak"), "pass");
    host.keys_of("root", {rsa(2048, "short")});
    EXPECT_EQ(host.verdict("authorized_key_weak"), "fail");
}

TEST(KeyChecks, UnreadableFileIsUnknownAndRejectedLinesAreNoKeys) {
    TestHost host;
    host.keys_of("bob", {}).entries->push_back({.line = 1, .key = rsa(512, "x"), .rejected = "unknown option"});
    EXPECT_EQ(host.verdict("authorized_key_weak"), "pass");
    EXPECT_EQ(host.verdict("authorized_key_rejected"), "fail");
    EXPECT_THAT(host.detail("authorized_key_rejected"), HasSubstr("unknown option"));
    host.facts.authorized_keys.back().entries = fail(ErrorCode::permission, "permission denied");
    EXPECT_EQ(host.verdict("authorized_key_weak"), "unknown");
    EXPECT_THAT(host.detail("authorized_key_weak"), HasSubstr("permission denied"));
}

TEST(KeyChecks, ManyKeysGiveOneFindingWithTwentyPlaces) {
    TestHost host;
    std::vector<keyfmt::PublicKey> keys;
    for (int i = 0; i < 50; ++i) {
        keys.push_back(rsa(1024, std::to_string(i)));
    }
    host.keys_of("bob", std::move(keys));
    const Results results = host.run("authorized_key_weak");
    ASSERT_THAT(results, SizeIs(1));
    EXPECT_THAT(results[0].where, SizeIs(Tally::shown));
    EXPECT_THAT(results[0].detail, HasSubstr("50 keys"));
}

TEST(KeyChecks, AgeOfTheFileIsTheLeastAgeOfItsKeys) {
    TestHost host;
    host.keys_of("bob", {ed25519("a")});
    EXPECT_EQ(host.verdict("authorized_key_old"), "pass");
    host.facts.authorized_keys.back().walk->steps[0].mtime = now - 400 * day;
    EXPECT_EQ(host.verdict("authorized_key_old"), "fail");
    host.parameters["max_days"] = "500";
    EXPECT_EQ(host.verdict("authorized_key_old"), "pass");
}

TEST(KeyChecks, Expiry) {
    TestHost host;
    host.keys_of("bob", {ed25519("a")});
    EXPECT_EQ(host.verdict("authorized_key_no_expiry"), "fail");
    EXPECT_EQ(host.verdict("authorized_key_expired"), "pass");
    host.facts.authorized_keys[0].entries->front().options.expiry_time = now - 1;
    EXPECT_EQ(host.verdict("authorized_key_no_expiry"), "pass");
    EXPECT_EQ(host.verdict("authorized_key_expired"), "fail");
    host.facts.authorized_keys[0].entries->push_back(host.facts.authorized_keys[0].entries->front());
    host.facts.authorized_keys[0].entries->back().line = 7;
    EXPECT_EQ(host.run("authorized_key_expired")[0].fix, "sed -i '1d;7d' /home/bob/.ssh/authorized_keys\n");
}

TEST(KeyChecks, CertificateLinesNeverMatch) {
    TestHost host;
    keyfmt::PublicKey certificate = ed25519("a");
    certificate.certificate = keyfmt::Certificate{};
    host.keys_of("bob", {certificate});
    EXPECT_EQ(host.verdict("authorized_key_rejected"), "fail");
}

TEST(KeyChecks, CaKeys) {
    TestHost host;
    facts::CaFile file{.path = "/etc/ssh/ca.pub"};
    file.keys = std::vector<keyfmt::AuthorizedKey>{{.line = 1, .key = ed25519("ca")}};
    host.facts.ca_files.push_back(file);
    EXPECT_EQ(host.verdict("user_ca_key_weak"), "pass");
    host.facts.ca_files[0].keys->push_back({.line = 2, .key = rsa(2048, "old-ca")});
    EXPECT_EQ(host.verdict("user_ca_key_weak"), "fail");
    host.facts.ca_files[0].keys = fail(ErrorCode::permission, "no");
    EXPECT_EQ(host.verdict("user_ca_key_weak"), "unknown");
    keyfmt::AuthorizedKey line{.line = 1, .key = rsa(2048, "line")};
    line.options.cert_authority = true;
    host.keys_of("bob", {}).entries->push_back(line);
    EXPECT_EQ(host.verdict("user_ca_key_weak"), "fail");
}

TEST(KeyUseChecks, UnrestrictedKeysOfRootAndOfOthers) {
    TestHost host;
    host.keys_of("root", {ed25519("r")});
    EXPECT_EQ(host.verdict("authorized_key_unrestricted"), "pass");
    host.parameters["accounts"] = "root";
    EXPECT_EQ(host.verdict("authorized_key_unrestricted"), "fail");
    host.settings({{"permitrootlogin", "no"}});
    EXPECT_EQ(host.verdict("authorized_key_unrestricted"), "pass");
    host.settings({});
    host.facts.authorized_keys[0].entries->front().options.from = Untrusted("192.0.2.1");
    EXPECT_EQ(host.verdict("authorized_key_unrestricted"), "pass");
    host.parameters.clear();
    host.keys_of("bob", {ed25519("b")});
    EXPECT_EQ(host.verdict("authorized_key_unrestricted"), "fail");
}

TEST(KeyUseChecks, CertAuthorityWithoutPrincipals) {
    TestHost host;
    host.keys_of("bob", {ed25519("ca")}).entries->front().options.cert_authority = true;
    EXPECT_EQ(host.verdict("authorized_ca_without_principals"), "fail");
    EXPECT_THAT(host.detail("authorized_ca_without_principals"), HasSubstr("without any name"));
    host.facts.build.version = {10, 3, 1};
    EXPECT_THAT(host.detail("authorized_ca_without_principals"), ::testing::Not(HasSubstr("without any name")));
    host.facts.authorized_keys[0].entries->front().options.principals = {Untrusted("bob")};
    EXPECT_EQ(host.verdict("authorized_ca_without_principals"), "pass");
}

class FromAnywhere : public ::testing::TestWithParam<std::pair<std::string, std::string>> {};

TEST_P(FromAnywhere, IsRecognised) {
    TestHost host;
    host.keys_of("bob", {ed25519("a")}).entries->front().options.from = Untrusted(GetParam().first);
    EXPECT_EQ(host.verdict("authorized_key_from_anywhere"), GetParam().second) << GetParam().first;
}

INSTANTIATE_TEST_SUITE_P(Patterns, FromAnywhere,
                         ::testing::Values(std::pair("*", "fail"), std::pair("*.*.*.*", "fail"),
                                           std::pair("!192.0.2.1,*", "fail"), std::pair("0.0.0.0/0", "fail"),
                                           std::pair("::/0", "fail"), std::pair("10.0.0.0/8", "pass"),
                                           std::pair("192.0.2.*", "pass"), std::pair("*.example.com", "pass"),
                                           std::pair("", "pass")));

TEST(KeyUseChecks, EnvironmentCountsOnlyWhilePermitted) {
    TestHost host;
    host.keys_of("bob", {ed25519("a")}).entries->front().options.environment = {Untrusted("LD_PRELOAD=/tmp/x.so")};
    EXPECT_EQ(host.verdict("authorized_key_environment"), "pass");
    host.settings({{"permituserenvironment", "yes"}});
    EXPECT_EQ(host.verdict("authorized_key_environment"), "fail");
}

TEST(KeyUseChecks, ForcedCommandsOnlyNeedsACommand) {
    TestHost host;
    host.settings({{"permitrootlogin", "forced-commands-only"}});
    auto& options = host.keys_of("root", {ed25519("a")}).entries->front().options;
    EXPECT_EQ(host.verdict("root_key_without_command"), "fail");
    options.command = Untrusted("/bin/backup");
    EXPECT_EQ(host.verdict("root_key_without_command"), "pass");
}

TEST(KeyUseChecks, LoginMessageKeyIsRecognised) {
    TestHost host;
    auto& options = host.keys_of("root", {ed25519("a")}).entries->front().options;
    options.command =
        Untrusted("echo 'Please login as the user \"alibabacloud\" rather than the user \"root\".';echo;sleep 10");
    EXPECT_EQ(host.verdict("login_message_key_open"), "fail");
    options.port_forwarding = options.agent_forwarding = options.x11_forwarding = false;
    EXPECT_EQ(host.verdict("login_message_key_open"), "pass");
    EXPECT_THAT(host.detail("login_message_key_open"), HasSubstr("1 line"));
}

TEST(KeyFileChecks, SharedKeysAreNamedWithTheirAccounts) {
    TestHost host;
    host.account("carol", 1001);
    host.keys_of("bob", {ed25519("same"), ed25519("own")});
    EXPECT_EQ(host.verdict("authorized_key_shared"), "pass");
    host.keys_of("carol", {ed25519("same")});
    const Results results = host.run("authorized_key_shared");
    EXPECT_EQ(results[0].verdict, Verdict::fail);
    EXPECT_THAT(results[0].where, SizeIs(2));
    EXPECT_THAT(results[0].detail, HasSubstr("bob, carol"));
    host.parameters["accounts"] = "root";
    EXPECT_EQ(host.verdict("authorized_key_shared"), "pass");
    host.keys_of("root", {ed25519("own")});
    EXPECT_EQ(host.verdict("authorized_key_shared"), "fail");
    EXPECT_THAT(host.detail("authorized_key_shared"), HasSubstr("bob, root"));
}

TEST(KeyFileChecks, ACaOfManyAccountsIsNoSharedKey) {
    TestHost host;
    host.keys_of("bob", {ed25519("ca")}).entries->front().options.cert_authority = true;
    host.keys_of("root", {ed25519("ca")}).entries->front().options.cert_authority = true;
    host.parameters["accounts"] = "root";
    EXPECT_EQ(host.verdict("authorized_key_shared"), "pass");
}

TEST(KeyFileChecks, DuplicateThatLoosensIsSaid) {
    TestHost host;
    auto& file = host.keys_of("bob", {ed25519("a"), ed25519("b")});
    EXPECT_EQ(host.verdict("authorized_key_duplicate"), "pass");
    file.entries->push_back({.line = 3, .key = ed25519("a")});
    EXPECT_EQ(host.verdict("authorized_key_duplicate"), "fail");
    file.entries->front().options.any = true;
    EXPECT_THAT(host.detail("authorized_key_duplicate"), HasSubstr("One copy has options"));
}

TEST(KeyFileChecks, HostKeyAsUserKey) {
    TestHost host;
    facts::HostKey host_key{.path = "/etc/ssh/ssh_host_ed25519_key"};
    host_key.public_key = ed25519("host");
    host.facts.host_keys.push_back(host_key);
    host.keys_of("bob", {ed25519("bob")});
    EXPECT_EQ(host.verdict("host_key_as_user_key"), "pass");
    host.keys_of("root", {ed25519("host")});
    EXPECT_EQ(host.verdict("host_key_as_user_key"), "fail");
}

TEST(KeyFileChecks, PlacesOfAuthorizedKeys) {
    TestHost host;
    EXPECT_EQ(host.verdict("authorized_keys_file_shared"), "pass");
    host.settings({{"authorizedkeysfile", ".ssh/authorized_keys /etc/ssh/keys"}});
    EXPECT_EQ(host.verdict("authorized_keys_file_shared"), "fail");
    host.settings({{"authorizedkeysfile", "/etc/ssh/keys/%u"}});
    EXPECT_EQ(host.verdict("authorized_keys_file_shared"), "pass");
    host.settings({{"authorizedkeysfile", "/tmp/keys/%u"}});
    EXPECT_EQ(host.verdict("authorized_keys_file_shared"), "fail");
    host.keys_of("bob", {ed25519("a")});
    EXPECT_EQ(host.verdict("authorized_keys2_used"), "pass");
    host.facts.authorized_keys[0].walk->named = "/home/bob/.ssh/authorized_keys2";
    EXPECT_EQ(host.verdict("authorized_keys2_used"), "fail");
}

TEST(KeyFileChecks, UnencryptedPrivateKeys) {
    TestHost host;
    facts::HomeDirectory home{.account = "bob"};
    home.dot_ssh = directory("/home/bob/.ssh", 0700, 1000);
    home.private_keys.push_back({file("/home/bob/.ssh/id it's", 0600, 1000), {.encrypted = true}});
    host.facts.homes.push_back(home);
    EXPECT_EQ(host.verdict("private_key_unencrypted"), "pass");
    host.facts.homes[0].private_keys[0].header.encrypted = false;
    const Results results = host.run("private_key_unencrypted");
    EXPECT_EQ(results[0].verdict, Verdict::fail);
    EXPECT_EQ(results[0].fix, "ssh-keygen -p -f '/home/bob/.ssh/id it'\\''s'\n");
    host.facts.homes[0].private_keys.clear();
    host.facts.homes[0].dot_ssh = fail(ErrorCode::permission, "no");
    EXPECT_EQ(host.verdict("private_key_unencrypted"), "unknown");
}

TEST(Wording, ShellQuotingIsPrintableWhateverThePathHolds) {
    EXPECT_EQ(shell_quoted("/etc/ssh/sshd_config"), "/etc/ssh/sshd_config");
    EXPECT_EQ(shell_quoted("a b"), "'a b'");
    EXPECT_EQ(shell_quoted("a'b"), "'a'\\''b'");
    EXPECT_EQ(shell_quoted("a\n\xff\\'"), "$'a\\012\\377\\134\\047'");
    EXPECT_EQ(shell_quoted(""), "''");
    EXPECT_EQ(shell_quoted("~root"), "'~root'");
}

/// Whatever a check needs and does not have makes it say unknown, never pass or fail.
TEST(EveryCheck, SaysUnknownOfAHostThatNobodyLookedAt) {
    const facts::HostFacts facts;
    const std::vector<facts::Context> contexts;
    for (const std::string_view name : check_names()) {
        const Results results = (*find_check(name))({.facts = facts, .contexts = contexts, .now = now});
        ASSERT_THAT(results, SizeIs(1)) << name;
        EXPECT_EQ(results[0].verdict, Verdict::unknown) << name;
        EXPECT_THAT(results[0].detail, ::testing::Not(IsEmpty())) << name;
    }
}

TEST(EveryCheck, SaysAtLeastOneThingAndNamesWhereAFailureIs) {
    TestHost host;
    for (const std::string_view name : check_names()) {
        const Results results = host.run(name);
        ASSERT_THAT(results, ::testing::Not(IsEmpty())) << name;
        for (const CheckResult& result : results) {
            EXPECT_THAT(result.detail, ::testing::Not(IsEmpty())) << name;
            if (result.verdict == Verdict::fail) {
                EXPECT_THAT(result.where, ::testing::Not(IsEmpty())) << name;
            }
        }
    }
}

}  // namespace
}  // namespace sshkeep::rules
