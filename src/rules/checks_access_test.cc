#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rules/checks_test_support.h"

namespace sshkeep::rules {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;
using namespace rules::testing;  // NOLINT(google-build-using-namespace)

facts::PamStack stack(std::vector<std::string> modules) {
    facts::PamStack pam{.service = "sshd"};
    std::uint32_t line = 0;
    for (std::string& module : modules) {
        pam.lines.push_back({.file = "/etc/pam.d/sshd",
                             .line = ++line,
                             .type = "auth",
                             .control = "required",
                             .module = std::move(module)});
    }
    return pam;
}

TEST(PasswordChecks, KeyboardInteractiveWithPamIsAPassword) {
    TestHost host;
    host.facts.pam = stack({"pam_unix.so"});
    constexpr const char* name = "password_through_keyboard_interactive";
    EXPECT_EQ(host.verdict(name), "pass");
    host.settings({{"kbdinteractiveauthentication", "yes"}});
    EXPECT_EQ(host.verdict(name), "fail");
    host.make_uncertain("usepam");
    EXPECT_EQ(host.verdict(name), "unknown");
    host.settings(
        {{"kbdinteractiveauthentication", "yes"}, {"authenticationmethods", "publickey,keyboard-interactive"}});
    EXPECT_EQ(host.verdict(name), "pass");
    host.settings({{"kbdinteractiveauthentication", "yes"}, {"usepam", "no"}});
    EXPECT_EQ(host.verdict(name), "pass");
    host.settings({{"kbdinteractiveauthentication", "yes"}, {"passwordauthentication", "yes"}});
    EXPECT_EQ(host.verdict(name), "pass");  // what the plain option rule says
    host.settings({{"kbdinteractiveauthentication", "yes"}});
    host.facts.pam = stack({"pam_google_authenticator.so"});
    EXPECT_EQ(host.verdict(name), "pass");
    host.facts.pam = fail(ErrorCode::permission, "no");
    EXPECT_EQ(host.verdict(name), "unknown");
}

TEST(PasswordChecks, OnlyTheContextAtFaultIsNamed) {
    TestHost host;
    host.facts.pam = stack({"pam_unix.so"});
    host.context("every other connection", {}, {"root"});
    host.context("Match User bob", {{"kbdinteractiveauthentication", "yes"}}, {"bob"});
    const Results results = host.run("password_through_keyboard_interactive");
    ASSERT_THAT(results, SizeIs(1));
    EXPECT_EQ(results[0].verdict, Verdict::fail);
    EXPECT_EQ(results[0].context, "Match User bob");
    EXPECT_THAT(results[0].where, ::testing::Not(::testing::IsEmpty()));
}

TEST(PasswordChecks, AuthenticationMethods) {
    TestHost host;
    host.settings({{"passwordauthentication", "yes"}});
    EXPECT_EQ(host.verdict("auth_methods_password_alone"), "pass");  // nothing explicit
    host.settings({{"passwordauthentication", "yes"}, {"authenticationmethods", "any"}});
    EXPECT_EQ(host.verdict("auth_methods_password_alone"), "fail");
    host.settings({{"passwordauthentication", "yes"}, {"authenticationmethods", "publickey,password password"}});
    EXPECT_EQ(host.verdict("auth_methods_password_alone"), "fail");
    host.settings({{"passwordauthentication", "yes"}, {"authenticationmethods", "publickey,password"}});
    EXPECT_EQ(host.verdict("auth_methods_password_alone"), "pass");
    EXPECT_EQ(host.verdict("auth_methods_unavailable"), "pass");
    host.settings({{"authenticationmethods", "publickey,password"}});
    EXPECT_EQ(host.verdict("auth_methods_unavailable"), "fail");
    EXPECT_THAT(host.detail("auth_methods_unavailable"), HasSubstr("nobody can log in"));
    host.settings({{"authenticationmethods", "publickey,password publickey"}});
    EXPECT_THAT(host.detail("auth_methods_unavailable"), ::testing::Not(HasSubstr("nobody can log in")));
}

TEST(PasswordChecks, RootWithAPassword) {
    TestHost host;
    host.facts.accounts->front().password = facts::PasswordState::hashed;
    EXPECT_EQ(host.verdict("root_password_usable"), "pass");
    host.settings({{"permitrootlogin", "yes"}, {"passwordauthentication", "yes"}});
    EXPECT_EQ(host.verdict("root_password_usable"), "fail");
    host.facts.accounts->front().password = facts::PasswordState::locked;
    EXPECT_EQ(host.verdict("root_password_usable"), "pass");
    host.facts.accounts->front().password = fail(ErrorCode::permission, "no");
    EXPECT_EQ(host.verdict("root_password_usable"), "unknown");
}

TEST(PasswordChecks, EmptyPasswords) {
    TestHost host;
    host.facts.accounts->back().password = facts::PasswordState::none;
    host.facts.pam = stack({"pam_unix.so"});
    EXPECT_EQ(host.verdict("account_without_password"), "fail");
    EXPECT_EQ(host.verdict("empty_password_login"), "pass");
    host.settings({{"permitemptypasswords", "yes"}, {"passwordauthentication", "yes"}});
    EXPECT_EQ(host.verdict("empty_password_login"), "pass");  // PAM refuses
    host.facts.pam->lines[0].arguments = {"nullok"};
    EXPECT_EQ(host.verdict("empty_password_login"), "fail");
    host.facts.accounts->back().password = facts::PasswordState::hashed;
    EXPECT_EQ(host.verdict("account_without_password"), "pass");
    EXPECT_EQ(host.verdict("empty_password_login"), "pass");
}

TEST(PasswordChecks, WeakHashesCountWherePasswordsDo) {
    TestHost host;
    host.facts.accounts->back().password = facts::PasswordState::hashed;
    host.facts.accounts->back().hash_scheme = "md5";
    EXPECT_EQ(host.verdict("weak_password_hash"), "pass");
    host.settings({{"passwordauthentication", "yes"}});
    EXPECT_EQ(host.verdict("weak_password_hash"), "fail");
    host.facts.accounts->back().hash_scheme = "yescrypt";
    EXPECT_EQ(host.verdict("weak_password_hash"), "pass");
}

TEST(AccessChecks, Limits) {
    TestHost host;
    EXPECT_EQ(host.verdict("access_limit"), "fail");
    EXPECT_EQ(host.verdict("allow_everybody"), "pass");
    for (const char* everybody : {"*", "*@*", "**"}) {
        host.settings({{"allowusers", everybody}});
        EXPECT_EQ(host.verdict("access_limit"), "pass");
        EXPECT_EQ(host.verdict("allow_everybody"), "fail") << everybody;
    }
    host.settings({{"allowusers", "*@192.0.2.*"}});
    EXPECT_EQ(host.verdict("allow_everybody"), "pass");
    host.settings({{"allowusers", "*"}, {"allowgroups", "users"}});
    EXPECT_EQ(host.verdict("allow_everybody"), "pass");
    host.settings({{"allowgroups", "*"}});
    EXPECT_EQ(host.verdict("allow_everybody"), "fail");
}

TEST(AccessChecks, NamesThatDoNotExist) {
    TestHost host;
    host.settings(
        {{"allowusers", "bob"}, {"allowusers", "root@192.0.2.1"}, {"allowgroups", "users"}, {"denyusers", "x*"}});
    EXPECT_EQ(host.verdict("access_names_missing"), "pass");
    host.settings({{"allowusers", "bbo"}, {"denygroups", "nosuch"}});
    EXPECT_EQ(host.verdict("access_names_missing"), "fail");
    EXPECT_THAT(host.detail("access_names_missing"), HasSubstr("user bbo, no group nosuch"));
    host.facts.group_names = fail(ErrorCode::permission, "no");
    EXPECT_EQ(host.verdict("access_names_missing"), "unknown");
}

TEST(AccessChecks, HostNamesWithoutDns) {
    TestHost host;
    for (const char* fine : {"bob", "bob@192.0.2.*", "bob@192.0.2.0/24", "bob@2001:db8::/32", "*@*"}) {
        host.settings({{"allowusers", fine}});
        EXPECT_EQ(host.verdict("host_names_without_dns"), "pass") << fine;
    }
    host.settings({{"allowusers", "*@myprovisioningserver."}});
    EXPECT_EQ(host.verdict("host_names_without_dns"), "fail");
    EXPECT_THAT(host.detail("host_names_without_dns"), HasSubstr("lets nobody in"));
    host.settings({{"denyusers", "bob@*.example.com"}});
    EXPECT_THAT(host.detail("host_names_without_dns"), HasSubstr("bans nobody"));
    host.settings({{"denyusers", "bob@*.example.com"}, {"usedns", "yes"}});
    EXPECT_EQ(host.verdict("host_names_without_dns"), "pass");
}

TEST(AccessChecks, AllowedAndDenied) {
    TestHost host;
    host.settings({{"allowusers", "bob"}, {"denyusers", "carol"}});
    EXPECT_EQ(host.verdict("allow_deny_conflict"), "pass");
    host.settings({{"allowusers", "bob"}, {"denyusers", "bob"}});
    EXPECT_EQ(host.verdict("allow_deny_conflict"), "fail");
}

TEST(AccountChecks, SecondRoot) {
    TestHost host;
    EXPECT_EQ(host.verdict("uid_zero_accounts"), "pass");
    host.account("toor", 0).line = 7;
    EXPECT_EQ(host.verdict("uid_zero_accounts"), "fail");
    EXPECT_EQ(host.run("uid_zero_accounts")[0].where[0].line, 7U);
}

TEST(AccountChecks, LockedAndExpiredAccountsWithKeys) {
    TestHost host;
    host.keys_of("bob", {ed25519("a")});
    facts::Account& bob = host.facts.accounts->back();
    bob.password = facts::PasswordState::locked;
    EXPECT_EQ(host.verdict("locked_account_keys"), "pass");  // "!" alone: made for keys
    bob.hash_scheme = "sha512";
    EXPECT_EQ(host.verdict("locked_account_keys"), "fail");
    host.settings({{"usepam", "no"}});
    EXPECT_EQ(host.verdict("locked_account_keys"), "pass");  // sshd itself refuses
    EXPECT_EQ(host.verdict("expired_account_keys"), "pass");
    host.facts.accounts->back().account_expires = 20000;
    EXPECT_EQ(host.verdict("expired_account_keys"), "fail");
}

TEST(AccountChecks, ForwardingNeedsNoShell) {
    TestHost host;
    host.keys_of("bob", {ed25519("a")});
    EXPECT_EQ(host.verdict("nologin_forwarding"), "pass");
    host.facts.accounts->back().shell_usable = false;
    EXPECT_EQ(host.verdict("nologin_forwarding"), "fail");
    host.facts.authorized_keys[0].entries->front().options.port_forwarding = false;
    EXPECT_EQ(host.verdict("nologin_forwarding"), "pass");
    host.facts.authorized_keys[0].entries->front().options.port_forwarding = true;
    host.settings({{"disableforwarding", "yes"}});
    EXPECT_EQ(host.verdict("nologin_forwarding"), "pass");
    host.facts.accounts->back().shell_usable = fail(ErrorCode::permission, "no");
    EXPECT_EQ(host.verdict("nologin_forwarding"), "unknown");
}

TEST(ForwardingChecks, SftpOnly) {
    TestHost host;
    EXPECT_EQ(host.verdict("sftp_only_forwarding"), "pass");
    host.settings({{"forcecommand", "internal-sftp -l INFO"}});
    EXPECT_EQ(host.verdict("sftp_only_forwarding"), "fail");
    EXPECT_THAT(host.detail("sftp_only_forwarding"), HasSubstr("AllowTcpForwarding yes"));
    const Settings closed{{"forcecommand", "/usr/lib/openssh/sftp-server"},
                          {"allowtcpforwarding", "no"},
                          {"allowstreamlocalforwarding", "no"},
                          {"allowagentforwarding", "no"}};
    host.settings(closed);
    EXPECT_EQ(host.verdict("sftp_only_forwarding"), "pass");
    host.settings({{"forcecommand", "internal-sftp"}, {"disableforwarding", "yes"}});
    EXPECT_EQ(host.verdict("sftp_only_forwarding"), "pass");
}

TEST(ForwardingChecks, GatewayPortsAndBounds) {
    TestHost host;
    EXPECT_EQ(host.verdict("gateway_ports_open"), "pass");
    EXPECT_EQ(host.verdict("forwarding_unbounded"), "fail");
    host.settings({{"gatewayports", "yes"}});
    EXPECT_EQ(host.verdict("gateway_ports_open"), "fail");
    host.settings({{"gatewayports", "yes"}, {"permitlisten", "8080"}, {"permitopen", "none"}});
    EXPECT_EQ(host.verdict("gateway_ports_open"), "pass");
    EXPECT_EQ(host.verdict("forwarding_unbounded"), "pass");
    host.settings({{"gatewayports", "yes"}, {"allowtcpforwarding", "local"}});
    EXPECT_EQ(host.verdict("gateway_ports_open"), "pass");
}

TEST(PamChecks, TheStack) {
    TestHost host;
    host.facts.pam = stack({"pam_unix.so"});
    EXPECT_EQ(host.verdict("pam_nullok"), "pass");
    EXPECT_EQ(host.verdict("pam_no_lockout"), "fail");
    EXPECT_EQ(host.verdict("pam_no_nologin"), "fail");
    EXPECT_EQ(host.verdict("pam_permit_decides"), "pass");
    EXPECT_EQ(host.verdict("pam_rhosts_used"), "pass");
    EXPECT_EQ(host.verdict("pam_missing_file"), "pass");
    host.facts.pam = stack({"pam_faillock.so", "pam_nologin.so", "pam_rhosts.so"});
    host.facts.pam->missing = {"/etc/pam.d/gone"};
    EXPECT_EQ(host.verdict("pam_no_lockout"), "pass");
    EXPECT_EQ(host.verdict("pam_no_nologin"), "pass");
    EXPECT_EQ(host.verdict("pam_rhosts_used"), "fail");
    EXPECT_EQ(host.verdict("pam_missing_file"), "fail");
    host.settings({{"usepam", "no"}});
    EXPECT_EQ(host.verdict("pam_rhosts_used"), "pass");
}

TEST(PamChecks, PermitDecidesAloneOrSufficient) {
    TestHost host;
    host.facts.pam = stack({"pam_env.so", "pam_permit.so"});
    EXPECT_EQ(host.verdict("pam_permit_decides"), "fail");
    host.facts.pam = stack({"pam_unix.so", "pam_permit.so"});
    EXPECT_EQ(host.verdict("pam_permit_decides"), "pass");
    host.facts.pam->lines[1].control = "sufficient";
    EXPECT_EQ(host.verdict("pam_permit_decides"), "fail");
    host.facts.pam->lines[0].arguments = {"try_first_pass", "nullok"};
    EXPECT_EQ(host.verdict("pam_nullok"), "fail");
}

TEST(PamChecks, ProgramsOfPamExec) {
    TestHost host;
    host.facts.pam = stack({"pam_exec.so"});
    host.facts.pam->lines[0].arguments = {"quiet", "/opt/notify"};
    EXPECT_EQ(host.verdict("pam_program_unsafe"), "unknown");
    host.facts.other_paths.emplace("/opt/notify", file("/opt/notify", 0755));
    EXPECT_EQ(host.verdict("pam_program_unsafe"), "pass");
    host.facts.other_paths.at("/opt/notify").mode = 0777;
    EXPECT_EQ(host.verdict("pam_program_unsafe"), "fail");
}

}  // namespace
}  // namespace sshkeep::rules
