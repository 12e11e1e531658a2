#include "facts/contexts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace sshkeep::facts {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

class OneFile final : public sshdconf::FileSource {
public:
    explicit OneFile(std::string text) : text_(std::move(text)) {}
    Result<std::string> read(const std::string& /*path*/) override { return text_; }
    Result<std::vector<std::string>> glob(const std::string& /*pattern*/) override {
        return std::vector<std::string>{};
    }

private:
    std::string text_;
};

class ContextsTest : public testing::Test {
protected:
    void configure(const std::string& text) {
        OneFile source(text);
        facts_.config = sshdconf::parse_config("/etc/ssh/sshd_config", source, facts_.build);
        ASSERT_TRUE(facts_.config) << facts_.config.error().message;
        evaluator_.emplace(*facts_.config);
    }
    void add_account(const std::string& name, std::vector<std::string> groups) {
        if (!facts_.accounts) {
            facts_.accounts = std::vector<Account>{};
        }
        facts_.accounts->push_back({.name = name, .groups = std::move(groups)});
    }
    std::vector<Context> contexts(std::size_t most = max_contexts) { return contexts_of(facts_, *evaluator_, most); }
    std::vector<std::string> labels() {
        std::vector<std::string> labels;
        for (const auto& context : contexts()) {
            labels.push_back(context.label);
        }
        return labels;
    }

    HostFacts facts_;
    std::optional<sshdconf::Evaluator> evaluator_;
};

TEST_F(ContextsTest, WithoutMatchThereIsOne) {
    configure("PermitRootLogin no\n");
    add_account("root", {"root"});
    add_account("bob", {"bob"});
    const auto all = contexts();
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].label, "every connection");
    EXPECT_EQ(all[0].connection.user_exists, false);
    EXPECT_THAT(all[0].accounts, ElementsAre("root", "bob"));
    EXPECT_EQ(all[0].effective->value("permitrootlogin"), "no");
}

TEST_F(ContextsTest, AMatchBlockGivesOneOfItsOwn) {
    configure("Match User bob\n  X11Forwarding yes\nMatch Address 10.0.0.0/8\n  PermitRootLogin yes\n");
    add_account("root", {"root"});
    add_account("bob", {"bob"});
    const auto all = contexts();
    ASSERT_EQ(all.size(), 3U);
    EXPECT_EQ(all[0].label, "every other connection");
    EXPECT_THAT(all[0].accounts, ElementsAre("root"));
    EXPECT_THAT(all[0].blocks, IsEmpty());
    EXPECT_EQ(all[1].label, "Match User bob");
    EXPECT_THAT(all[1].accounts, ElementsAre("bob"));
    EXPECT_THAT(all[1].blocks, ElementsAre(1U));
    EXPECT_EQ(all[1].connection.user, "bob");
    EXPECT_EQ(all[2].label, "Match Address 10.0.0.0/8");
    EXPECT_THAT(all[2].accounts, IsEmpty());
    EXPECT_EQ(all[2].effective->value("permitrootlogin"), "yes");
}

TEST_F(ContextsTest, ABlockForAllTellsNothingApart) {
    configure("Match User bob\n  X11Forwarding yes\nMatch all\n  PermitTTY no\n");
    add_account("bob", {"bob"});
    EXPECT_THAT(labels(), ElementsAre("every other connection", "Match User bob"));
}

TEST_F(ContextsTest, AccountsThatABlockLeavesOutAreNamed) {
    configure("Match User *,!root\n  PermitTTY no\n");
    add_account("root", {"root"});
    add_account("bob", {"bob"});
    EXPECT_THAT(labels(), ElementsAre("Match User *,!root", "user root"));
}

TEST_F(ContextsTest, ManyAccountsAreCounted) {
    configure("Match User *,!u*\n  PermitTTY no\n");
    for (int i = 0; i < 40; ++i) {
        add_account("u" + std::to_string(i), {"users"});
    }
    EXPECT_THAT(labels(), Contains("users u0, u1 and 38 more"));
}

TEST_F(ContextsTest, GroupsOfAccountsCount) {
    configure("Match Group sftponly\n  ForceCommand internal-sftp\n");
    add_account("bob", {"bob", "sftponly"});
    const auto all = contexts();
    ASSERT_EQ(all.size(), 2U);
    EXPECT_THAT(all[1].accounts, ElementsAre("bob"));
    EXPECT_EQ(all[1].effective->value("forcecommand"), "internal-sftp");
}

TEST_F(ContextsTest, ASampleTakesTheGroupsOfTheAccountItNames) {
    configure("Match User bob\n  PermitTTY no\nMatch Group wheel\n  X11Forwarding yes\n");
    add_account("bob", {"bob", "wheel"});
    // No third context for a bob outside his group: there is no such connection.
    EXPECT_THAT(labels(),
                ElementsAre("every other connection", "Match User bob + Match Group wheel", "Match Group wheel"));
}

TEST_F(ContextsTest, WithoutAccountsTheRestRemains) {
    configure("Match User root\n  PermitTTY no\nMatch User bob\n  X11Forwarding yes\n");
    EXPECT_FALSE(facts_.accounts);
    EXPECT_THAT(labels(), ElementsAre("every other connection", "Match User root", "Match User bob"));
}

TEST_F(ContextsTest, WithoutAConfigurationThereIsNone) {
    sshdconf::Config none;
    sshdconf::Evaluator evaluator(none);
    EXPECT_THAT(contexts_of(facts_, evaluator), IsEmpty());
}

TEST_F(ContextsTest, LabelsCarryNoControlCharacters) {
    configure("Match User \"b\x1B[2Job\"\n  PermitTTY no\n");
    for (const auto& label : labels()) {
        EXPECT_THAT(label, Not(Contains('\x1B')));
    }
}

TEST_F(ContextsTest, TenThousandAccountsShareAFewEvaluations) {
    configure("Match User u1*\n  PermitTTY no\nMatch Group staff\n  X11Forwarding yes\n");
    for (int i = 0; i < 10000; ++i) {
        add_account("u" + std::to_string(i), {i % 2 == 0 ? "staff" : "users"});
    }
    const auto all = contexts();
    EXPECT_EQ(all.size(), 4U);
    std::size_t accounts = 0;
    for (const auto& context : all) {
        accounts += context.accounts.size();
    }
    EXPECT_EQ(accounts, 10000U);
}

TEST_F(ContextsTest, BeyondTheBoundNothingIsCertain) {
    configure("Match User bob\nX11Forwarding no\nMatch User eve\nX11Forwarding no\nMatch User mallory\nBanner /x\n");
    add_account("root", {"root"});
    add_account("bob", {"bob"});
    add_account("eve", {"eve"});
    EXPECT_THAT(contexts(4), testing::SizeIs(4)) << "there are no more";
    const auto some = contexts(2);
    ASSERT_THAT(some, testing::SizeIs(3));
    EXPECT_THAT(some[1].accounts, ElementsAre("bob"));
    EXPECT_THAT(some[2].accounts, IsEmpty());
    EXPECT_EQ(some[2].label, "what lies beyond the first 2 kinds of connections");
    EXPECT_EQ(some[2].effective->find("x11forwarding")->uncertain,
              "only the first 2 kinds of connections are looked at");
}

}  // namespace
}  // namespace sshkeep::facts
