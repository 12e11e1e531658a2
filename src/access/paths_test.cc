#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "access/difference.h"
#include "access/test_host.h"

namespace sshkeep::access::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(Paths, NamesEveryKeyAndItsSources) {
    TestHost host;
    host.key("bob", ed25519("a"));
    host.key("bob", ed25519("b"), {.from = Untrusted("10.0.0.0/8,192.0.2.*")});
    host.key("bob", ed25519("c"), {.from = Untrusted("10.0.0.0/8,!10.1.2.3")});
    host.key("bob", ed25519("d"), {.expiry_time = now - 1});
    EXPECT_THAT(listed(host),
                ElementsAre("bob publickey SHA256:a", "bob publickey SHA256:b from 10.0.0.0/8 from 192.0.2.*",
                            "bob publickey SHA256:c from 10.0.0.0/8,!10.1.2.3"));
    EXPECT_THAT(listed(host, {.address = "192.0.2.7"}),
                ElementsAre("bob publickey SHA256:a", "bob publickey SHA256:b from 10.0.0.0/8 from 192.0.2.*"));
    EXPECT_THAT(listed(host, {.user = "root"}), IsEmpty());
}

TEST(Paths, SourcesOfListsAndBlocksAreNamed) {
    TestHost host("UsePAM yes\nAllowUsers bob@10.0.0.0/8\n");
    host.key("bob", ed25519("a"));
    host.key("bob", ed25519("b"), {.from = Untrusted("10.1.0.0/16,192.0.2.0/24")});
    EXPECT_THAT(listed(host),
                ElementsAre("bob publickey SHA256:a from 10.0.0.0/8", "bob publickey SHA256:b from 10.1.0.0/16"));
    TestHost denied("UsePAM yes\nDenyUsers bob@10.0.0.0/8\n");
    denied.key("bob", ed25519("a"));
    EXPECT_THAT(listed(denied), ElementsAre("bob publickey SHA256:a from *,!10.0.0.0/8"));
    TestHost block("UsePAM yes\nMatch Address 10.0.0.0/8\nForceCommand /bin/date\n");
    block.key("bob", ed25519("a"));
    const auto paths = block.model().paths({}).value();
    ASSERT_THAT(paths, SizeIs(2));
    EXPECT_THAT(paths[0].from, ElementsAre("*,!10.0.0.0/8"));
    EXPECT_THAT(paths[1].from, ElementsAre("10.0.0.0/8"));
    EXPECT_EQ(paths[1].session.command, "/bin/date");
}

TEST(Paths, MethodsWithoutAKey) {
    TestHost host("UsePAM yes\nPermitRootLogin yes\n");
    host.find("root").password = facts::PasswordState::hashed;
    EXPECT_THAT(listed(host), ElementsAre("root keyboard-interactive", "root password"));
    TestHost both("UsePAM yes\nAuthenticationMethods publickey,password\n");
    both.key("bob", ed25519("a"));
    EXPECT_THAT(listed(both), IsEmpty()) << "bob has no password";
    both.find("bob").password = facts::PasswordState::hashed;
    EXPECT_THAT(listed(both), ElementsAre("bob publickey,password SHA256:a"));
    TestHost two("UsePAM yes\nAuthenticationMethods publickey,publickey\n");
    two.key("bob", ed25519("a"));
    EXPECT_THAT(listed(two), IsEmpty());
    two.key("bob", ed25519("b"));
    EXPECT_THAT(listed(two), ElementsAre("bob publickey,publickey SHA256:a", "bob publickey,publickey SHA256:b"));
}

TEST(Paths, WhatCannotBeToldIsUncertain) {
    TestHost host("UsePAM yes\nGSSAPIAuthentication yes\nPasswordAuthentication no\n");
    host.find("bob").shell_exists = false;
    host.find("root").shell_exists = false;
    EXPECT_THAT(listed(host), IsEmpty());
    host.find("bob").shell_exists = true;
    EXPECT_THAT(listed(host), ElementsAre("bob gssapi-with-mic ?"));
    TestHost unread;
    unread.key_file("bob", "/home/bob/.ssh/authorized_keys").entries = fail(ErrorCode::permission, "permission denied");
    EXPECT_THAT(listed(unread), ElementsAre("bob publickey ?"));
}

TEST(Paths, AuthoritiesNameTheirPrincipals) {
    TestHost host("UsePAM yes\nTrustedUserCAKeys /etc/ssh/ca\nAllowUsers bob\n");
    facts::CaFile file{.path = "/etc/ssh/ca", .keys = std::vector<keyfmt::AuthorizedKey>{}};
    file.keys->push_back({.line = 1, .key = ed25519("ca")});
    host.facts.ca_files.push_back(std::move(file));
    host.key("bob", ed25519("own"), {.cert_authority = true, .principals = {Untrusted("ops")}});
    const auto paths = host.model().paths({}).value();
    ASSERT_THAT(paths, SizeIs(2));
    EXPECT_TRUE(paths[0].authority && paths[1].authority);
    EXPECT_THAT(paths[0].principals, ElementsAre("ops"));
    EXPECT_THAT(paths[1].principals, ElementsAre("bob"));
    EXPECT_EQ(paths[1].via, "/etc/ssh/ca");
}

TEST(Paths, AgreeWithCheck) {
    TestHost host("UsePAM yes\nAllowUsers bob root\nRequiredRSASize 3072\n");
    host.key("bob", ed25519("a"));
    host.key("bob", rsa(2048, "b"));
    host.key("root", ed25519("a"), {.command = Untrusted("/bin/date")});
    for (const auto& path : host.model().paths({}).value_or(std::vector<Path>{})) {
        EXPECT_EQ(answer(host.check_key(path.user, path.key.substr(7))), "admitted");
    }
    EXPECT_THAT(listed(host), ElementsAre("root publickey SHA256:a", "bob publickey SHA256:a"));
}

TEST(Paths, TenThousandAccountsTakeAboutASecond) {
    TestHost host("UsePAM yes\nAllowUsers *@10.0.0.0/8 root\nMatch Address 10.9.0.0/16\nForceCommand /bin/date\n");
    constexpr unsigned accounts = 10000;
    constexpr unsigned keys = 10;
    host.facts.accounts->reserve(accounts + 2);
    host.facts.authorized_keys.reserve(accounts * 2);
    for (unsigned i = 0; i < accounts; ++i) {
        const auto& account = host.account("u" + std::to_string(i), 2000 + i);
        facts::AuthorizedKeysFile file{.path = account.home + "/.ssh/authorized_keys", .account = account.name};
        file.walk = walk_of(file.path, account);
        file.entries = std::vector<keyfmt::AuthorizedKey>{};
        for (unsigned k = 0; k < keys; ++k) {
            file.entries->push_back({.line = k + 1, .key = ed25519(account.name + "-" + std::to_string(k))});
        }
        host.facts.authorized_keys.push_back(std::move(file));
        facts::AuthorizedKeysFile second{.path = account.home + "/.ssh/authorized_keys2", .account = account.name};
        second.walk = facts::PathWalk{.named = second.path, .steps = {facts::PathInfo{.path = second.path}}};
        second.entries = std::vector<keyfmt::AuthorizedKey>{};
        host.facts.authorized_keys.push_back(std::move(second));
    }
    sshdconf::Evaluator evaluator(*host.facts.config);
    const auto start = std::chrono::steady_clock::now();
    const Model model(host.facts, evaluator, now);
    const auto paths = model.paths({});
    ASSERT_TRUE(paths);
    const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    // Root's and bob's files are not there, which leaves a doubt for each.
    EXPECT_GE(paths->size(), 2 * accounts * keys);
    RecordProperty("milliseconds", static_cast<int>(seconds * 1000));
    // Ten times what it takes, for sanitizers and busy machines; a quadratic step takes minutes.
    EXPECT_LT(seconds, 20);
}

}  // namespace
}  // namespace sshkeep::access::testing
