#include "plan/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "plan/test_plan.h"

namespace sshkeep::plan {
namespace {

using sshdconf::main_path;
using sshdconf::MemorySource;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr const char* drop_in = "/etc/ssh/sshd_config.d/00-sshkeep.conf";
constexpr const char* head =
    "# Written by sshkeep. sshd takes the first line that it reads of an option, and reads this file first.\n";

Wanted by_rule(const std::string& line, const std::string& context = "every connection") {
    return {.option = line.substr(0, line.find(' ')), .lines = {line}, .rules = {"a-rule"}, .context = context};
}

TEST(PlanConfiguration, WritesADropInThatIsReadFirst) {
    const TestHost host("# mine\nInclude /etc/ssh/sshd_config.d/*\nPermitRootLogin yes\n");
    const Plan plan = host.set({"PermitRootLogin=no", "MaxAuthTries 3"});
    ASSERT_THAT(plan.changes, SizeIs(1)) << told(plan.left_out);
    EXPECT_EQ(plan.changes[0].path, drop_in);
    EXPECT_FALSE(plan.changes[0].before.has_value());
    EXPECT_EQ(plan.changes[0].mode, 0600U);
    EXPECT_EQ(plan.changes[0].after, std::string(head) +
                                         "# sshkeep: asked for by name\nPermitRootLogin no\n"
                                         "# sshkeep: asked for by name\nMaxAuthTries 3\n");
    EXPECT_THAT(host.after(plan).set({"PermitRootLogin=no", "MaxAuthTries=3"}).changes, IsEmpty());
}

TEST(PlanConfiguration, MergesIntoItsDropIn) {
    const TestHost host("Include /etc/ssh/sshd_config.d/*\n");
    const TestHost once = host.after(host.set({"PermitRootLogin=no", "MaxAuthTries=3"}));
    const Plan again = once.set({"PermitRootLogin=yes", "X11Forwarding=yes"});
    ASSERT_THAT(again.changes, SizeIs(1));
    EXPECT_EQ(again.changes[0].after, std::string(head) +
                                          "# sshkeep: asked for by name\nPermitRootLogin yes\n"
                                          "# sshkeep: asked for by name\nMaxAuthTries 3\n"
                                          "# sshkeep: asked for by name\nX11Forwarding yes\n");
}

TEST(PlanConfiguration, IncludesItsDropInWhereNothingDoes) {
    const TestHost host("# mine\n\nPermitRootLogin yes\nMatch User bob\nX11Forwarding no\n");
    const Plan plan = host.set({"PermitRootLogin=no"});
    ASSERT_THAT(plan.changes, SizeIs(2));
    EXPECT_EQ(plan.changes[0].path, drop_in);
    EXPECT_EQ(plan.changes[1].path, main_path);
    EXPECT_EQ(plan.changes[1].after,
              "# mine\n\n# sshkeep: read before everything else\nInclude /etc/ssh/sshd_config.d/00-sshkeep.conf\n"
              "PermitRootLogin yes\nMatch User bob\nX11Forwarding no\n");
    const Plan more = host.after(plan).set({"MaxAuthTries=3"});
    ASSERT_THAT(more.changes, SizeIs(1));
    EXPECT_EQ(more.changes[0].path, drop_in);
}

TEST(PlanConfiguration, ChangesTheLineThatIsReadBeforeTheDropIn) {
    const TestHost host("PermitRootLogin yes\nInclude /etc/ssh/sshd_config.d/*\nMaxAuthTries 9\n");
    const Plan plan = host.set({"PermitRootLogin=no", "MaxAuthTries=3"});
    ASSERT_THAT(plan.changes, SizeIs(2));
    EXPECT_EQ(plan.changes[0].after, std::string(head) + "# sshkeep: asked for by name\nMaxAuthTries 3\n");
    EXPECT_EQ(plan.changes[1].after,
              "# sshkeep: asked for by name\nPermitRootLogin no\nInclude /etc/ssh/sshd_config.d/*\nMaxAuthTries 9\n");
}

TEST(PlanConfiguration, ChoosesANameThatSortsFirst) {
    MemorySource source;
    source.files[main_path] = "Include /etc/ssh/sshd_config.d/*\n";
    source.files["/etc/ssh/sshd_config.d/00-cloud.conf"] = "PasswordAuthentication yes\n";
    const Plan plan = TestHost(source, sshdconf::bookworm()).set({"PasswordAuthentication=no"});
    ASSERT_THAT(plan.changes, SizeIs(1));
    EXPECT_EQ(plan.changes[0].path, "/etc/ssh/sshd_config.d/00-00-sshkeep.conf");
    ASSERT_THAT(plan.notes, SizeIs(1));
    EXPECT_THAT(plan.notes[0], HasSubstr("is named so that it is read before"));
}

TEST(PlanConfiguration, WritesInPlaceBefore82) {
    const TestHost host("PermitRootLogin yes\nMatch User bob\n  X11Forwarding no", openssh(7, 9));
    const Plan plan = host.set({"PermitRootLogin=no", "MaxAuthTries=3"});
    ASSERT_THAT(plan.changes, SizeIs(1));
    EXPECT_EQ(plan.changes[0].after,
              "# sshkeep: asked for by name\nPermitRootLogin no\n# sshkeep: asked for by name\nMaxAuthTries 3\n"
              "Match User bob\n  X11Forwarding no");
    EXPECT_EQ(TestHost("UsePAM yes", openssh(7, 9)).set({"MaxAuthTries=3"}).changes[0].after,
              "UsePAM yes\n# sshkeep: asked for by name\nMaxAuthTries 3\n");
}

TEST(PlanConfiguration, StaysOutOfADirectoryThatAMatchBlockIncludes) {
    const TestHost host("Match User bob\nInclude /etc/ssh/sshd_config.d/*\n");
    const Plan plan = host.set({"LoginGraceTime=30"});
    ASSERT_THAT(plan.changes, SizeIs(1)) << told(plan.left_out);
    EXPECT_EQ(plan.changes[0].after,
              "# sshkeep: asked for by name\nLoginGraceTime 30\nMatch User bob\nInclude /etc/ssh/sshd_config.d/*\n");
}

TEST(PlanConfiguration, ReplacesAccumulatingLinesWhereTheyStand) {
    const TestHost host("Include /etc/ssh/sshd_config.d/*\nAllowUsers a b\nPort 22\n  AllowUsers c\nUsePAM yes\n");
    const Plan plan = host.plan({{.option = "AllowUsers", .lines = {"AllowUsers bob", "AllowUsers root"}}});
    ASSERT_THAT(plan.changes, SizeIs(1));
    EXPECT_EQ(plan.changes[0].after,
              "Include /etc/ssh/sshd_config.d/*\n# sshkeep: asked for by name\nAllowUsers bob\nAllowUsers root\n"
              "Port 22\nUsePAM yes\n");
    EXPECT_EQ(host.set({"AllowGroups=wheel"}).changes[0].path, drop_in);
}

TEST(PlanConfiguration, ReplacesOnlyTheSubsystemOfThatName) {
    const TestHost host("Subsystem sftp /usr/lib/sftp-server\nSubsystem other /bin/other\n");
    const Plan plan = host.set({"Subsystem=sftp internal-sftp"});
    ASSERT_THAT(plan.changes, SizeIs(1)) << told(plan.left_out);
    EXPECT_EQ(plan.changes[0].after,
              "# sshkeep: asked for by name\nSubsystem sftp internal-sftp\nSubsystem other /bin/other\n");
}

TEST(PlanConfiguration, ChangesAMatchBlockWhereAFindingAsksForIt) {
    const TestHost host("X11Forwarding no\nMatch User bob\n\tX11Forwarding yes\n\tPermitTTY yes\n");
    const Plan plan = host.plan({by_rule("X11Forwarding no", "Match User bob")});
    ASSERT_THAT(plan.changes, SizeIs(1)) << told(plan.left_out);
    EXPECT_EQ(plan.changes[0].after,
              "X11Forwarding no\nMatch User bob\n\t# sshkeep: a-rule\n\tX11Forwarding no\n\tPermitTTY yes\n");
}

TEST(PlanConfiguration, LeavesMatchBlocksAloneWhenSet) {
    const TestHost host("Match User bob\n\tX11Forwarding yes\n", openssh(7, 9));
    const Plan plan = host.set({"X11Forwarding=no"});
    EXPECT_THAT(plan.changes, IsEmpty());  // off by default
    const TestHost debian("X11Forwarding yes\nMatch User bob\n\tX11Forwarding yes\n");
    const Plan other = debian.set({"X11Forwarding=no"});
    ASSERT_THAT(other.changes, SizeIs(2));
    ASSERT_THAT(other.notes, SizeIs(1));
    EXPECT_EQ(other.notes[0], "X11Forwarding is yes in Match User bob (/etc/ssh/sshd_config:3)");
}

TEST(PlanConfiguration, ChangesMatchAllForEverybody) {
    const TestHost host("Match all\nX11Forwarding yes\n");
    const Plan plan = host.set({"X11Forwarding=no"});
    ASSERT_THAT(plan.changes, SizeIs(1)) << told(plan.left_out);
    EXPECT_EQ(plan.changes[0].after, "Match all\n# sshkeep: asked for by name\nX11Forwarding no\n");
}

TEST(PlanConfiguration, LeavesOutWhatThisSshdDoesNotKnow) {
    const TestHost host("UsePAM yes\n");
    const Plan plan =
        host.plan({by_rule("Protocol 2"), by_rule("RSAAuthentication no"), by_rule("RefuseConnection yes"),
                   by_rule("Nonsense yes"), by_rule("MaxAuthTries many")});
    EXPECT_THAT(plan.changes, IsEmpty());
    const std::string text = told(plan.left_out);
    EXPECT_THAT(text, HasSubstr("OpenSSH 9.2 has no option Protocol: it speaks nothing but protocol 2"));
    EXPECT_THAT(text, HasSubstr("OpenSSH 9.2 has no option RSAAuthentication: it belonged to protocol 1"));
    EXPECT_THAT(text, HasSubstr("OpenSSH 9.2 has no option RefuseConnection"));
    EXPECT_THAT(text, HasSubstr("OpenSSH 9.2 has no option Nonsense"));
    EXPECT_THAT(text, HasSubstr("a-rule (MaxAuthTries many): sshd would not take it"));
    EXPECT_FALSE(wanted_of("Protocol=2", host.facts.build).has_value());
}

TEST(PlanConfiguration, UsesTheNamesOfOlderReleases) {
    const TestHost host("UsePAM yes\n", openssh(8, 4));
    const Plan plan =
        host.plan({by_rule("PubkeyAcceptedAlgorithms -ssh-rsa"), by_rule("KbdInteractiveAuthentication no")});
    ASSERT_FALSE(plan.changes.empty()) << told(plan.left_out);
    EXPECT_THAT(plan.changes[0].after, HasSubstr("PubkeyAcceptedKeyTypes -ssh-rsa\n"));
    EXPECT_THAT(plan.changes[0].after, HasSubstr("ChallengeResponseAuthentication no\n"));
}

TEST(PlanConfiguration, ComposesListsOfAlgorithms) {
    Wanted wanted = by_rule("Ciphers -aes128-ctr");
    wanted.lines.emplace_back("Ciphers -*-cbc,aes192-ctr");
    EXPECT_THAT(TestHost("").plan({wanted}).changes[0].after, HasSubstr("\nCiphers -aes128-ctr,*-cbc,aes192-ctr\n"));
    const Plan plan = TestHost("Ciphers aes256-ctr,aes128-ctr\n").plan({wanted});
    EXPECT_THAT(plan.changes[0].after, HasSubstr("\nCiphers aes256-ctr\n"));
    const Plan none = TestHost("Ciphers aes128-ctr\n").plan({wanted});
    EXPECT_THAT(none.changes, IsEmpty());
    EXPECT_THAT(told(none.left_out), HasSubstr("no algorithm of this sshd would be left"));
    Wanted first = by_rule("KexAlgorithms ^mlkem768x25519-sha256,sntrup761x25519-sha512@openssh.com");
    EXPECT_THAT(TestHost("KexAlgorithms curve25519-sha256\n").plan({first}).changes[0].after,
                HasSubstr("\nKexAlgorithms sntrup761x25519-sha512@openssh.com,curve25519-sha256\n"));
}

TEST(PlanConfiguration, WritesListsOutForOptionsThatTakeNoMinus) {
    const Plan plan = TestHost("GSSAPIKeyExchange yes\n").plan({by_rule("GSSAPIKexAlgorithms -gss-gex-sha1-")});
    ASSERT_FALSE(plan.changes.empty()) << told(plan.left_out);
    EXPECT_THAT(plan.changes[0].after, HasSubstr("\nGSSAPIKexAlgorithms gss-group14-sha256-,"));
}

TEST(PlanConfiguration, PrefersWhatIsAskedForByName) {
    const TestHost host("Include /etc/ssh/sshd_config.d/*\n");
    const auto set = [&](const char* line) { return wanted_of(line, host.facts.build).value(); };
    const Plan plan = host.plan({by_rule("MaxAuthTries 4"), set("MaxAuthTries=3"), set("MaxAuthTries=2"),
                                 set("AllowUsers=bob"), set("AllowUsers=root")});
    ASSERT_THAT(plan.changes, SizeIs(1)) << told(plan.left_out);
    EXPECT_THAT(plan.changes[0].after, HasSubstr("\nMaxAuthTries 2\n"));
    EXPECT_THAT(plan.changes[0].after, HasSubstr("\nAllowUsers bob\nAllowUsers root\n"));
    EXPECT_EQ(told(plan.left_out), "a-rule (MaxAuthTries 4): another value is asked for by name\n");
}

TEST(PlanConfiguration, LeavesOutOnlyWhatDoesNotGoTogether) {
    const TestHost host("AuthenticationMethods publickey,password publickey,keyboard-interactive\n");
    const Plan plan =
        host.set({"PasswordAuthentication=no", "MaxAuthTries=3", "KbdInteractiveAuthentication=no", "UseDNS=yes"});
    EXPECT_THAT(plan.wanted, SizeIs(3));
    EXPECT_THAT(told(plan.left_out), HasSubstr("KbdInteractiveAuthentication no: sshd would refuse"));
}

TEST(PlanConfiguration, LeavesOutWhatSshdWouldRefuse) {
    const TestHost host("AuthenticationMethods password\n");
    const Plan plan = host.set({"PasswordAuthentication=no", "MaxAuthTries=3"});
    EXPECT_THAT(told(plan.left_out), HasSubstr("PasswordAuthentication no: sshd would refuse the configuration: "));
    ASSERT_THAT(plan.wanted, SizeIs(1));
    EXPECT_EQ(plan.wanted[0].option, "MaxAuthTries");
}

TEST(PlanConfiguration, EditsNothingThatIsNotUnderstood) {
    EXPECT_THAT(told(TestHost("Nonsense 1\n").set({"MaxAuthTries=3"}).left_out),
                HasSubstr("sshd refuses the configuration as it is: /etc/ssh/sshd_config:1: "));
    MemorySource source;
    source.files[main_path] = "Include /etc/ssh/a*\n";
    source.unreadable = {"/etc/ssh/a"};
    EXPECT_THAT(told(TestHost(source, sshdconf::bookworm()).set({"MaxAuthTries=3"}).left_out),
                HasSubstr("the configuration is not known as a whole"));
    const TestHost glued(std::string("UsePAM \0\nyes\n", 13), openssh(7, 9));
    EXPECT_THAT(told(glued.set({"X11Forwarding=yes"}).left_out), HasSubstr("holds a NUL byte"));
}

TEST(PlanConfiguration, FindsTheFileModeOfItsNeighbours) {
    MemorySource source;
    source.files[main_path] = "Include /etc/ssh/sshd_config.d/*\n";
    source.files["/etc/ssh/sshd_config.d/50.conf"] = "UsePAM yes\n";
    TestHost host(source, sshdconf::bookworm());
    facts::PathInfo info{.path = "/etc/ssh/sshd_config.d/50.conf", .exists = true};
    info.type = facts::FileType::regular;
    info.mode = 0644;
    host.facts.config_paths.push_back({.named = info.path, .steps = {info}});
    EXPECT_EQ(host.set({"MaxAuthTries=3"}).changes[0].mode, 0644U);
}

TEST(NotInForce, NamesWhatOverrules) {
    const TestHost host("Match User bob\n\tX11Forwarding yes\n");
    sshdconf::Evaluator evaluator(*host.facts.config);
    const auto contexts = facts::contexts_of(host.facts, evaluator);
    EXPECT_EQ(not_in_force({by_rule("X11Forwarding no"), by_rule("MaxAuthTries 6")}, host.facts, contexts),
              std::vector<std::string>{"X11Forwarding is yes in Match User bob (/etc/ssh/sshd_config:2)"});
}

TEST(NotInForce, CountsWhatIsNotKnownAsMissing) {
    const TestHost host("X11Forwarding no\n");
    sshdconf::Evaluator evaluator(*host.facts.config);
    const std::vector<facts::Context> contexts{{.label = "the rest", .effective = &evaluator.unknown("not looked at")}};
    EXPECT_EQ(not_in_force({by_rule("X11Forwarding no")}, host.facts, contexts),
              std::vector<std::string>{
                  "X11Forwarding may be another value: not looked at in the rest (/etc/ssh/sshd_config:1)"});
}

TEST(WantedOf, ReadsAssignments) {
    const auto build = sshdconf::bookworm();
    EXPECT_EQ(wanted_of("maxauthtries = 3", build)->lines[0], "MaxAuthTries 3");
    EXPECT_EQ(wanted_of("AllowUsers bob@192.0.2.0/24 root", build)->lines[0], "AllowUsers bob@192.0.2.0/24 root");
    EXPECT_EQ(wanted_of("ChallengeResponseAuthentication=no", build)->lines[0], "KbdInteractiveAuthentication no");
    EXPECT_EQ(wanted_of("PubkeyAcceptedAlgorithms=-ssh-rsa", openssh(8, 4))->lines[0],
              "PubkeyAcceptedKeyTypes -ssh-rsa");
    for (const char* bad : {"", "Port", "=22", "Port=", "Match=User bob", "Include=/x", "Port=22\nUsePAM no", "# x"}) {
        EXPECT_FALSE(wanted_of(bad, build).has_value()) << bad;
    }
}

class WantedOfReport : public ::testing::Test {
protected:
    rules::Catalogue catalogue_ = rules::parse_catalogue(rules::shipped_rules()).value();
    rules::Profile profile_ = rules::parse_profile("cis-l1", rules::shipped_profiles(), catalogue_).value();
    rules::Report report_;
    std::vector<LeftOut> left_out_;

    void finding(const std::string& rule, const std::string& fix, const std::string& context = "every connection") {
        report_.findings.push_back({.rule = rule, .verdict = Verdict::fail, .context = context, .fix = fix});
        if (std::ranges::none_of(profile_.selected, [&](const auto& one) { return one.rule->id == rule; })) {
            profile_.selected.push_back({.rule = catalogue_.find(rule)});
        }
    }
    std::vector<Wanted> wanted() { return wanted_of(report_, profile_, sshdconf::bookworm(), left_out_); }
};

TEST_F(WantedOfReport, TakesTheStrictestOfAnOption) {
    finding("root-login-password", "PermitRootLogin prohibit-password", "user root");
    finding("root-login", "PermitRootLogin no", "Match User bob");
    const auto all = wanted();
    ASSERT_THAT(all, SizeIs(1));
    EXPECT_EQ(all[0].lines, std::vector<std::string>{"PermitRootLogin no"});
    EXPECT_EQ(all[0].rules, (std::vector<std::string>{"root-login-password", "root-login"}));
    EXPECT_EQ(all[0].context, "user root; Match User bob");
}

TEST_F(WantedOfReport, GathersChangesOfLists) {
    finding("cipher-broken", "Ciphers -3des-cbc");
    finding("cipher-dated", "Ciphers -aes128-cbc");
    ASSERT_THAT(wanted(), SizeIs(1));
    EXPECT_EQ(wanted()[0].lines, (std::vector<std::string>{"Ciphers -3des-cbc", "Ciphers -aes128-cbc"}));
}

TEST_F(WantedOfReport, FillsInParametersAndDropsRemarks) {
    finding("client-alive-interval", "");
    finding("password-authentication", "PasswordAuthentication no   # why\n# or\nKbdInteractiveAuthentication no");
    const auto all = wanted();
    ASSERT_THAT(all, SizeIs(3));
    EXPECT_EQ(all[0].lines[0], "ClientAliveInterval 300");
    EXPECT_EQ(all[1].lines[0], "PasswordAuthentication no");
    EXPECT_EQ(all[2].lines[0], "KbdInteractiveAuthentication no");
}

TEST_F(WantedOfReport, TellsWhatIsLeftToPeople) {
    finding("access-limit", "AllowGroups ssh-users");
    finding("uid-zero-accounts", "usermod");
    finding("uid-zero-accounts", "usermod");
    finding("per-source-penalties", "PerSourcePenalties yes");
    EXPECT_THAT(wanted(), IsEmpty());
    EXPECT_EQ(told(left_out_),
              "access-limit: who may log in is your choice: --set AllowGroups=GROUP, or AllowUsers, DenyGroups, "
              "DenyUsers\n"
              "uid-zero-accounts: no directive of sshd_config mends it\n"
              "per-source-penalties (PerSourcePenalties yes): OpenSSH 9.2 has no option PerSourcePenalties\n");
}

}  // namespace
}  // namespace sshkeep::plan
