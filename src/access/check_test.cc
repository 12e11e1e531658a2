#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "access/test_host.h"

namespace sshkeep::access::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(Check, AListedKeyOpensAndAnotherDoesNot) {
    TestHost host;
    host.key("bob", ed25519("a"));
    EXPECT_EQ(answer(host.check_key("bob", "a")), "admitted") << reasons(host.check_key("bob", "a"));
    EXPECT_EQ(answer(host.check_key("bob", "b")), "refused");
    EXPECT_EQ(answer(host.check_key("root", "a")), "refused");
    EXPECT_EQ(answer(host.check_key("nobody-such", "a")), "refused");
}

TEST(Paths, NamesEveryKey) {
    TestHost host;
    host.key("bob", ed25519("a"));
    host.key("bob", ed25519("b"), {.from = Untrusted("10.0.0.0/8")});
    EXPECT_THAT(listed(host), ElementsAre("bob publickey SHA256:a", "bob publickey SHA256:b from 10.0.0.0/8"));
}

}  // namespace
}  // namespace sshkeep::access::testing
