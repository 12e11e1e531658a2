#include "facts/sudoers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sshkeep::facts {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Sudoers parse(const std::string& text) {
    Sudoers sudoers;
    parse_sudoers(sudoers, text, "/etc/sudoers", [](const SudoersInclude&) {});
    return sudoers;
}

TEST(Sudoers, ReadsARule) {
    const auto sudoers =
        parse("# a comment\n%sudo, bob\tALL = (root : adm) NOPASSWD: SETENV: /bin/a, PASSWD: /bin/b -x\n");
    ASSERT_THAT(sudoers.rules, SizeIs(1));
    const auto& rule = sudoers.rules.front();
    EXPECT_EQ(rule.line, 2U);
    ASSERT_THAT(rule.users, SizeIs(2));
    EXPECT_EQ(rule.users[0].text, "%sudo");
    EXPECT_EQ(rule.users[1].text, "bob");
    ASSERT_THAT(rule.commands, SizeIs(2));
    EXPECT_FALSE(rule.commands[0].password);
    EXPECT_EQ(rule.commands[0].item.text, "/bin/a");
    EXPECT_EQ(rule.commands[0].run_as.front().text, "root");
    EXPECT_EQ(rule.commands[0].run_as_groups.front().text, "adm");
    EXPECT_TRUE(rule.commands[1].password);
    EXPECT_EQ(rule.commands[1].item.text, "/bin/b -x");
    EXPECT_TRUE(rule.commands[1].run_as_given) << "what stands before a command holds for the next too";
}

TEST(Sudoers, SeveralPrivilegesOfOneLine) {
    const auto sudoers = parse("bob A = NOPASSWD: ALL : B = /bin/x\n");
    ASSERT_THAT(sudoers.rules, SizeIs(2));
    EXPECT_EQ(sudoers.rules[0].hosts.front().text, "A");
    EXPECT_EQ(sudoers.rules[1].hosts.front().text, "B");
    EXPECT_EQ(sudoers.rules[1].commands.front().item.text, "/bin/x");
    EXPECT_TRUE(sudoers.rules[1].commands.front().password);
}

TEST(Sudoers, JoinsLinesAndKeepsNumbersOfUsers) {
    const auto sudoers = parse("#1000 \\\n  ALL = \\\n ALL # all\n");
    ASSERT_THAT(sudoers.rules, SizeIs(1));
    EXPECT_EQ(sudoers.rules.front().users.front().text, "#1000");
    EXPECT_EQ(sudoers.rules.front().commands.front().item.text, "ALL");
}

TEST(Sudoers, AliasesDefaultsAndNegation) {
    const auto sudoers = parse(
        "User_Alias A = x, y : B = z\nDefaults env_reset, !authenticate\nDefaults:bob targetpw\nDefaults>root "
        "x=\"a,b\"\n"
        "A ALL = ALL, !/bin/su\n");
    EXPECT_THAT(sudoers.users.at("A"), SizeIs(2));
    EXPECT_THAT(sudoers.users.at("B"), SizeIs(1));
    ASSERT_THAT(sudoers.defaults, SizeIs(4));
    EXPECT_EQ(sudoers.defaults[1].setting, "!authenticate");
    EXPECT_EQ(sudoers.defaults[2].scope, ':');
    EXPECT_EQ(sudoers.defaults[2].of.front().text, "bob");
    EXPECT_EQ(sudoers.defaults[3].setting, "x=\"a,b\"");
    EXPECT_TRUE(sudoers.rules.front().commands.back().item.negated);
}

TEST(Sudoers, IncludesAreHandedOver) {
    std::vector<std::string> paths;
    Sudoers sudoers;
    parse_sudoers(
        sudoers, "@include a\n#include /b\n@includedir /etc/sudoers.d\n#includedir c\n#included x\n", "f",
        [&](const SudoersInclude& include) { paths.push_back((include.directory ? "d:" : "") + include.path); });
    EXPECT_THAT(paths, ElementsAre("a", "/b", "d:/etc/sudoers.d", "d:c"));
    EXPECT_THAT(sudoers.invalid, IsEmpty());
}

TEST(Sudoers, WhatCannotBeReadIsListed) {
    EXPECT_THAT(parse("bob ALL\nbob\nbob ALL = (root ALL\n").invalid,
                ElementsAre("/etc/sudoers:1", "/etc/sudoers:2", "/etc/sudoers:3"));
}

}  // namespace
}  // namespace sshkeep::facts
