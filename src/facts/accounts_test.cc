#include "facts/accounts.h"

#include <gtest/gtest.h>

namespace sshkeep::facts {
namespace {

TEST(ParsePasswd, KeepsLineNumberAndPasswordField) {
    const auto lines =
        parse_passwd("root:x:0:0:root:/root:/bin/bash\n\n# comment\nbob::1000:1000::/home/bob:/bin/sh\n");
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_EQ(lines.at("root").line, 1U);
    EXPECT_EQ(lines.at("root").password, "x");
    EXPECT_EQ(lines.at("bob").line, 4U);
    EXPECT_EQ(lines.at("bob").password, "");
}

TEST(ParsePasswd, TheFirstOfTwoLinesCounts) {
    const auto lines = parse_passwd("bob:first:1:1:::\nbob:second:2:2:::\n");
    EXPECT_EQ(lines.at("bob").password, "first");
    EXPECT_EQ(lines.at("bob").line, 1U);
}

TEST(ParsePasswd, SkipsWhatNamesNobody) {
    EXPECT_TRUE(parse_passwd("").empty());
    EXPECT_TRUE(parse_passwd("no colon\n:x:0:0:::\n+::::::\n-bob::::::\n+@group::::::\n#root:x:0:0:::\n").empty());
}

TEST(ParsePasswd, AnyBytesAreRead) {
    const std::string bytes("a\0b:\xFF:1\nlast:y", 14);
    const auto lines = parse_passwd(bytes);
    EXPECT_EQ(lines.size(), 2U);
    EXPECT_EQ(lines.at("last").password, "y");
    EXPECT_EQ(parse_passwd(std::string(1 << 16, ':')).size(), 0U);
    EXPECT_EQ(parse_passwd("u" + std::string(1 << 16, ':')).size(), 1U);
}

TEST(ParseShadow, ReadsDays) {
    const auto lines = parse_shadow("bob:$y$j9T$abc:19000:0:90:7:14:20000:\nnew:!::::::0:\n");
    EXPECT_EQ(lines.at("bob").password, "$y$j9T$abc");
    EXPECT_EQ(lines.at("bob").changed, 19000);
    EXPECT_EQ(lines.at("bob").max_days, 90);
    EXPECT_EQ(lines.at("bob").expires, 20000);
    EXPECT_EQ(lines.at("new").changed, -1);
    EXPECT_EQ(lines.at("new").expires, 0);
}

TEST(ParseShadow, ALineThatGetspnamRefusesIsNone) {
    EXPECT_TRUE(parse_shadow("a:*\n").empty());
    EXPECT_TRUE(parse_shadow("a:*:x:y:7::::\n").empty());
    EXPECT_TRUE(parse_shadow("a:*:20000:0:-1:7:::\n").empty());
    EXPECT_TRUE(parse_shadow("a:*:20000:0:99999:7:::5000000000\n").empty());
    EXPECT_TRUE(parse_shadow("a:*:20000:0:99999:7::\n").empty());
    EXPECT_TRUE(parse_shadow("a:*:20000:0:99999:7:::x\n").empty());
    EXPECT_EQ(parse_shadow("a:*: 20000:0:99999:7:::\n").at("a").changed, 20000);
    const auto old = parse_shadow("a:*:20000:0:50\n").at("a");
    EXPECT_EQ(old.max_days, 50);
    EXPECT_EQ(old.expires, -1);
}

struct FieldCase {
    const char* field;
    PasswordState state;
    const char* scheme;
};

class PasswordField : public testing::TestWithParam<FieldCase> {};

TEST_P(PasswordField, IsUnderstood) {
    const auto& given = GetParam();
    EXPECT_EQ(password_state_of(given.field), given.state) << given.field;
    EXPECT_EQ(hash_scheme_of(given.field), given.scheme) << given.field;
}

INSTANTIATE_TEST_SUITE_P(Shadow, PasswordField,
                         testing::Values(FieldCase{"", PasswordState::none, ""},                            //
                                         FieldCase{"*", PasswordState::impossible, ""},                     //
                                         FieldCase{"x", PasswordState::impossible, ""},                     //
                                         FieldCase{"*LK*", PasswordState::impossible, ""},                  //
                                         FieldCase{"!", PasswordState::locked, ""},                         //
                                         FieldCase{"!*", PasswordState::locked, ""},                        //
                                         FieldCase{"!!", PasswordState::locked, ""},                        //
                                         FieldCase{"!$6$salt$hash", PasswordState::locked, "sha512"},       //
                                         FieldCase{"$y$j9T$salt$hash", PasswordState::hashed, "yescrypt"},  //
                                         FieldCase{"$gy$j9T$salt$hash", PasswordState::hashed, "gost-yescrypt"},
                                         FieldCase{"$7$salt$hash", PasswordState::hashed, "scrypt"},        //
                                         FieldCase{"$2b$12$hash", PasswordState::hashed, "bcrypt"},         //
                                         FieldCase{"$6$salt$hash", PasswordState::hashed, "sha512"},        //
                                         FieldCase{"$5$salt$hash", PasswordState::hashed, "sha256"},        //
                                         FieldCase{"$1$salt$hash", PasswordState::hashed, "md5"},           //
                                         FieldCase{"$new$salt$hash", PasswordState::hashed, "other"},       //
                                         FieldCase{"abJnggxhB/yWI", PasswordState::hashed, "des"},          //
                                         FieldCase{"_J9..rasmBYk8r9AiWNc", PasswordState::hashed, "bsdi"},  //
                                         FieldCase{"thirteen char", PasswordState::impossible, ""},         //
                                         FieldCase{"$", PasswordState::impossible, ""}));

}  // namespace
}  // namespace sshkeep::facts
