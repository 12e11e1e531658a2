#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "facts/access_table.h"
#include "facts/faillock.h"
#include "facts/tcp_wrappers.h"

namespace sshkeep::facts {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(AccessTable, ReadsRulesWithExceptions) {
    const auto table =
        parse_access_table("# c\n+ : root (wheel) : 10. LOCAL\n-:ALL EXCEPT a b:ALL EXCEPT 2001:db8::/32\n");
    ASSERT_THAT(table.rules, SizeIs(2));
    EXPECT_TRUE(table.rules[0].permits);
    EXPECT_THAT(table.rules[0].users, ElementsAre(ElementsAre("root", "(wheel)")));
    EXPECT_THAT(table.rules[1].users, ElementsAre(ElementsAre("ALL"), ElementsAre("a", "b")));
    EXPECT_THAT(table.rules[1].origins, ElementsAre(ElementsAre("ALL"), ElementsAre("2001:db8::/32")));
    EXPECT_EQ(table.rules[1].line, 3U);
    EXPECT_THAT(parse_access_table("bob:ALL\n*:a:b\n+:a\n").refused, ElementsAre(1, 2, 3));
}

TEST(Faillock, ReadsSettingsAndTallies) {
    const auto settings = parse_faillock_conf("# deny = 9\ndeny = 5\nunlock_time=never\neven_deny_root\ndir=/x\n");
    EXPECT_EQ(settings.deny, 5U);
    EXPECT_EQ(settings.unlock_time, 0U);
    EXPECT_EQ(settings.root_unlock_time, 0U);
    EXPECT_TRUE(settings.even_deny_root);
    EXPECT_EQ(settings.dir, "/x");
    std::string record(64, '\0');
    record[54] = 1;
    record[56] = 7;
    record[57] = 1;
    std::string invalid = record;
    invalid[54] = 0;
    EXPECT_THAT(parse_faillock_tally(record + invalid + record.substr(0, 60)), ElementsAre(263));
}

TEST(TcpWrappers, ReadsRules) {
    const auto rules =
        parse_wrapper_rules("# c\nsshd, ftpd : 10. , [2001:db8::]/32 : spawn echo a\\:b\nALL: ALL \\\nEXCEPT x\n");
    ASSERT_THAT(rules, SizeIs(2));
    EXPECT_THAT(rules[0].daemons, ElementsAre("sshd", "ftpd"));
    EXPECT_THAT(rules[0].clients, ElementsAre("10.", "[2001:db8::]/32"));
    EXPECT_THAT(rules[0].options, ElementsAre(" spawn echo a:b"));
    EXPECT_THAT(rules[1].clients, ElementsAre("ALL", "EXCEPT", "x"));
    EXPECT_EQ(rules[1].line, 3U);
    EXPECT_THAT(parse_wrapper_rules("nothing\n"), IsEmpty());
}

}  // namespace
}  // namespace sshkeep::facts
