#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "host/host_factory.h"
#include "support/temp_tree.h"

namespace sshkeep::host {
namespace {

using testing::ElementsAre;

class TreeHostTest : public testing::Test {
protected:
    [[nodiscard]] std::unique_ptr<ports::Host> host() const { return make_tree_host(tree_.root()).value(); }

    support::TempTree tree_;
};

TEST_F(TreeHostTest, ReadsAccountsFromTheTree) {
    tree_.add_file("/etc/passwd",
                   "root:x:0:0:root:/root:/bin/bash\n"
                   "# a comment\n"
                   "\n"
                   "alice:x:1000:1000:Alice,,,:/home/alice:/bin/zsh\n"
                   "+::::::\n"
                   "broken line\n"
                   "last:x:7:8:no newline:/:");
    const auto accounts = host()->read_accounts();
    ASSERT_TRUE(accounts) << accounts.error().message;
    ASSERT_EQ(accounts->size(), 3U);
    EXPECT_EQ((*accounts)[1].name, "alice");
    EXPECT_EQ((*accounts)[1].uid, 1000U);
    EXPECT_EQ((*accounts)[1].gecos, "Alice,,,");
    EXPECT_EQ((*accounts)[1].home, "/home/alice");
    EXPECT_EQ((*accounts)[1].shell, "/bin/zsh");
    EXPECT_EQ((*accounts)[2].name, "last");
    EXPECT_EQ((*accounts)[2].shell, "");
}

TEST_F(TreeHostTest, ReadsGroupsFromTheTree) {
    tree_.add_file("/etc/group", "root:x:0:\nsudo:x:27:alice,bob\nempty:x:28:\n");
    const auto groups = host()->read_groups();
    ASSERT_TRUE(groups) << groups.error().message;
    ASSERT_EQ(groups->size(), 3U);
    EXPECT_EQ((*groups)[1].gid, 27U);
    EXPECT_THAT((*groups)[1].members, ElementsAre("alice", "bob"));
    EXPECT_TRUE((*groups)[2].members.empty());
}

TEST_F(TreeHostTest, AGroupWithManyMembersIsReadWhole) {
    std::string line = "staff:x:50:";
    for (int i = 0; i < 20000; ++i) {
        line += "u" + std::to_string(i) + ",";
    }
    tree_.add_file("/etc/group", line + "last\n");
    const auto groups = host()->read_groups();
    ASSERT_TRUE(groups);
    ASSERT_EQ(groups->size(), 1U);
    EXPECT_EQ(groups->front().members.size(), 20001U);
    EXPECT_EQ(groups->front().members.back(), "last");
}

TEST_F(TreeHostTest, HostileDatabasesGiveNoAccounts) {
    tree_.add_file("/etc/passwd", std::string(200000, ':') + "\n" + std::string("\0\xFF:\n", 4));
    EXPECT_TRUE(host()->read_accounts());
    tree_.add_file("/etc/group", "");
    EXPECT_TRUE(host()->read_groups()->empty());
}

TEST_F(TreeHostTest, MissingDatabasesAreErrors) {
    EXPECT_EQ(host()->read_accounts().error().code, ErrorCode::not_found);
    EXPECT_EQ(host()->read_groups().error().code, ErrorCode::not_found);
    EXPECT_EQ(host()->read_hostname().error().code, ErrorCode::not_found);
}

TEST_F(TreeHostTest, ALinkedDatabaseStaysInside) {
    tree_.add_link("/etc/passwd", "/etc/group");
    tree_.add_link("/etc/shadow", "/proc/self/environ");
    EXPECT_FALSE(host()->read_accounts());
    EXPECT_FALSE(host()->read_file("/etc/shadow", ports::Links::follow, 4096));
}

TEST_F(TreeHostTest, HasANameButNothingThatRuns) {
    tree_.add_file("/etc/hostname", "  mail\n# comment\n");
    EXPECT_EQ(host()->read_hostname(), "mail");
    EXPECT_FALSE(host()->running());
    EXPECT_EQ(host()->read_listeners().error().code, ErrorCode::unsupported);
}

}  // namespace
}  // namespace sshkeep::host
