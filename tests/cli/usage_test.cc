#include <gmock/gmock.h>
#include <sys/stat.h>

#include "cli/run_program.h"
#include "support/temp_tree.h"

namespace sshkeep::cli_test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(Usage, HelpOnEveryLevelGoesToStandardOutput) {
    const std::vector<std::vector<std::string>> levels{{"--help"},
                                                       {"-h"},
                                                       {"audit", "--help"},
                                                       {"config", "--help"},
                                                       {"config", "effective", "--help"},
                                                       {"config", "explain", "--help"},
                                                       {"access", "--help"},
                                                       {"access", "list", "--help"},
                                                       {"access", "check", "--help"},
                                                       {"access", "diff", "--help"},
                                                       {"rule", "--help"},
                                                       {"profile", "--help"}};
    for (const auto& level : levels) {
        const auto outcome = run(level);
        EXPECT_EQ(outcome.status, 0) << level[0];
        EXPECT_THAT(outcome.out, HasSubstr("Usage: sshkeep"));
        EXPECT_EQ(outcome.err, "");
    }
}

TEST(Usage, Version) {
    const auto outcome = run({"--version"});
    EXPECT_EQ(outcome.status, 0);
    EXPECT_EQ(outcome.out, "sshkeep " SSHKEEP_VERSION "\n");
}

TEST(Usage, WrongUsageIsTwoAndSaysWhatHelps) {
    const std::vector<std::pair<std::vector<std::string>, std::string>> cases{
        {{}, "--help"},
        {{"audti"}, "audti"},
        {{"audit", "--fail-on", "urgent"}, "urgent"},
        {{"audit", "--format", "html"}, "html"},
        {{"audit", "stray"}, "stray"},
        {{"audit", "--profile", "recomended"}, "recommended"},
        {{"audit", "--framework", "pci"}, "pci-dss"},
        {{"audit", "--root", "/nowhere/at/all"}, "/nowhere/at/all"},
        {{"audit", "--root", "/dev/null"}, "/dev/null"},
        {{"audit", "--root", "/", "-f", "relative"}, "inside the tree"},
        {{"audit", "-f", "/nowhere/sshd_config"}, "/nowhere/sshd_config"},
        {{"audit", "--waivers", "/nowhere/waivers"}, "/nowhere/waivers"},
        {{"config"}, "--help"},
        {{"config", "explain"}, "option"},
        {{"config", "explain", "PermitRotLogin"}, "permitrootlogin"},
        {{"config", "effective", "--addr", "somewhere"}, "somewhere"},
        {{"config", "effective", "--lport", "0"}, "--lport"},
        {{"config", "effective", "--openssh", "new"}, "new"},
        {{"acess"}, "did you mean access?"},
        {{"access"}, "--help"},
        {{"access", "check", "--user", "root"}, "--from"},
        {{"access", "check", "--from", "192.0.2.7"}, "--user"},
        {{"access", "check", "--user", "root", "--from", "here"}, "here"},
        {{"access", "check", "--user", "root", "--from", "192.0.2.7", "--laddr", "here"}, "--laddr: here"},
        {{"access", "check", "--user", "root", "--from", "192.0.2.7", "--lport", "0"}, "--lport"},
        {{"access", "check", "--user", "root", "--from", "192.0.2.7", "--key", "/nowhere/key"}, "/nowhere/key"},
        {{"access", "list", "--from", "here"}, "--from: here"},
        {{"access", "list", "--root", "/nowhere/at/all"}, "/nowhere/at/all"},
        {{"access", "diff", "/nowhere/at/all"}, "B"},
        {{"access", "diff", "/nowhere/at/all", "/nowhere/else"}, "/nowhere/at/all"},
        {{"rule", "no-such-rule-at-all"}, "no-such-rule-at-all"},
    };
    for (const auto& [arguments, hint] : cases) {
        const auto outcome = run(arguments);
        EXPECT_EQ(outcome.status, 2) << hint;
        EXPECT_EQ(outcome.out, "") << hint;
        EXPECT_THAT(outcome.err, StartsWith("sshkeep: "));
        EXPECT_THAT(outcome.err, HasSubstr(hint));
    }
}

TEST(Usage, AFullDiskIsAFailure) {
    Surroundings full;
    full.stdout_path = "/dev/full";
    const auto outcome = run({"rule"}, full);
    EXPECT_EQ(outcome.status, 3);
    EXPECT_THAT(outcome.err, StartsWith("sshkeep: standard output: "));
}

TEST(Usage, AReaderThatWentAwayIsNone) {
    Surroundings broken;
    broken.closed_reader = true;
    const auto outcome = run({"rule"}, broken);
    EXPECT_EQ(outcome.status, 0);
    EXPECT_EQ(outcome.err, "");
}

TEST(Usage, ColourOnlyWhenAsked) {
    const auto coloured = [](const std::vector<std::string>& arguments) {
        return run(arguments, {{"TERM=xterm"}, {}, false}).out.contains('\x1b');
    };
    EXPECT_FALSE(coloured({"rule"}));
    EXPECT_TRUE(coloured({"rule", "--color", "always"}));
    EXPECT_FALSE(coloured({"rule", "--color", "always", "--no-color"}));
}

TEST(Usage, OutputGoesToAFileOfItsOwnersOnly) {
    const support::TempTree tree;
    const auto outcome = run({"rule", "-o", tree.at("/rules").string()});
    EXPECT_EQ(outcome.status, 0);
    EXPECT_EQ(outcome.out, "");
    EXPECT_EQ(read_file(tree.at("/rules").string()), run({"rule"}).out);
    struct stat info{};
    ASSERT_EQ(::stat(tree.at("/rules").string().c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777U, 0600U);
    EXPECT_EQ(run({"rule", "-o", tree.at("/no/such/folder").string()}).status, 3);
}

TEST(Usage, AMisspelledRuleGetsASuggestion) {
    const auto rules = run({"rule"}).out;
    const auto first = rules.substr(0, rules.find(' '));
    ASSERT_FALSE(first.empty());
    EXPECT_EQ(run({"rule", first}).status, 0);
    EXPECT_THAT(run({"rule", first + "x"}).err, HasSubstr("did you mean " + first + "?"));
}

TEST(Usage, HostileArgumentsAreShownHarmlessly) {
    const auto outcome = run({"rule", "\x1b]0;owned\a\n"});
    EXPECT_EQ(outcome.status, 2);
    EXPECT_THAT(outcome.err, testing::Not(HasSubstr("\x1b")));
    EXPECT_EQ(std::ranges::count(outcome.err, '\n'), 1);
}

}  // namespace
}  // namespace sshkeep::cli_test
