#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "access/difference.h"
#include "access/test_host.h"

namespace sshkeep::access::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// Root and bob, an administrator by sudo without a password, have a key each.
TestHost host_with(const std::string& config) {
    TestHost host("UsePAM yes\nSubsystem sftp /usr/lib/openssh/sftp-server\n" + config);
    host.find("bob").groups = {"bob", "sudo"};
    host.key("root", ed25519("r"));
    host.key("bob", ed25519("b"));
    facts::parse_sudoers(*host.facts.sudoers, "%sudo ALL=(ALL:ALL) NOPASSWD: ALL\n", "/etc/sudoers",
                         [](const facts::SudoersInclude&) {});
    return host;
}

std::string dangers_of(TestHost& before, TestHost& after, const std::optional<Operator>& by = std::nullopt,
                       const std::vector<std::string>& may_lose = {}) {
    std::string text;
    const auto found = dangers(before.model(), after.model(), by, may_lose);
    for (const auto& danger : found.value()) {
        text += danger.account + ": " + danger.text + "\n";
    }
    return text;
}

std::string after_change(const std::string& config, const std::optional<Operator>& by = std::nullopt,
                         const std::vector<std::string>& may_lose = {}) {
    auto before = host_with("");
    auto after = host_with(config);
    return dangers_of(before, after, by, may_lose);
}

const Operator bob{.user = "bob",
                   .address = "192.0.2.7",
                   .local_address = "192.0.2.1",
                   .local_port = std::uint16_t{22},
                   .key = "SHA256:b"};

TEST(Dangers, AHarmlessChangeHasNone) {
    EXPECT_EQ(after_change("X11Forwarding no\n", bob), "");
    EXPECT_EQ(after_change("PermitRootLogin no\n", bob, {"root"}), "");
}

TEST(Dangers, SomebodyMustAdministerAfterwards) {
    EXPECT_THAT(after_change("AllowGroups nobody-such\n"), HasSubstr("No account with administrative power"));
    EXPECT_THAT(after_change("AllowGroups nobody-such\n"), HasSubstr("bob loses the last way in"));
    EXPECT_THAT(after_change("PubkeyAcceptedAlgorithms rsa-sha2-512\n"), HasSubstr("No account"));
    EXPECT_THAT(after_change("AuthenticationMethods publickey,password\n"), HasSubstr("No account"));
    EXPECT_THAT(after_change("ForceCommand /bin/false\n"), HasSubstr("No account"));
    EXPECT_THAT(after_change("ForceCommand internal-sftp\n"), HasSubstr("bob would have no shell"));
    EXPECT_THAT(after_change("ChrootDirectory /nowhere\n"), HasSubstr("may not hold"));
}

TEST(Dangers, OneAdministratorOfSeveralMayLoseHisWay) {
    EXPECT_EQ(after_change("PermitRootLogin no\n"), "");
    EXPECT_EQ(after_change("AllowUsers root\n"), "");
    EXPECT_THAT(after_change("AllowUsers root\n", bob), HasSubstr("You, bob")) << "but not the one who asks";
}

TEST(Dangers, LosingEverybodyTakesEveryName) {
    EXPECT_THAT(after_change("AllowUsers alice\n", std::nullopt, {"root"}), HasSubstr("No account"));
    EXPECT_EQ(after_change("AllowUsers alice\n", std::nullopt, {"root", "bob"}), "");
}

TEST(Dangers, PowerLostCountsToo) {
    auto before = host_with("PermitRootLogin no\n");
    auto after = host_with("PermitRootLogin no\n");
    after.facts.sudoers = facts::Sudoers{};
    EXPECT_THAT(dangers_of(before, after), HasSubstr("bob would have no power"));
}

TEST(Dangers, OfTheServerItself) {
    EXPECT_THAT(after_change("Ciphers 3des-cbc\n"), HasSubstr("offers none of 3des-cbc"));
    EXPECT_THAT(after_change("KexAlgorithms diffie-hellman-group1-sha1\n"), HasSubstr("No client"));
    EXPECT_EQ(after_change("MACs hmac-md5\n"), "") << "not needed with GCM";
    EXPECT_THAT(after_change("Ciphers aes256-ctr\nMACs hmac-md5\n"), HasSubstr("hmac-md5"));
    EXPECT_THAT(after_change("NoSuchOption yes\n"), HasSubstr("Nobody could connect"));
    EXPECT_THAT(after_change("HostKeyAlgorithms rsa-sha2-512\n"), HasSubstr("Nobody could connect"));
}

TEST(Dangers, TheOperatorKeepsHisWay) {
    EXPECT_THAT(after_change("AllowUsers root bob@10.0.0.0/8\n", bob), HasSubstr("You, bob, could not log in again"));
    EXPECT_EQ(after_change("Port 2222\n", bob), "") << "a client can be told the port";
    EXPECT_THAT(after_change("ListenAddress 192.0.2.2\n", bob), HasSubstr("Nothing listens"));
    EXPECT_EQ(after_change("Port 2222\n", Operator{.user = "bob"}), "") << "at the console";
    auto many = bob;
    many.offers = 4;
    EXPECT_EQ(after_change("MaxAuthTries 4\n", many), "");
    EXPECT_THAT(after_change("MaxAuthTries 3\n", many), HasSubstr("MaxAuthTries"));
    EXPECT_THAT(after_change("Match User bob\nForceCommand /bin/date\n", bob), HasSubstr("no shell any more"));
}

TEST(Dangers, AnOperatorWhoseKeyIsNotKnownKeepsSomeWay) {
    auto by = bob;
    by.key = "SHA256:of-a-certificate";
    EXPECT_EQ(after_change("X11Forwarding no\n", by), "");
    EXPECT_THAT(after_change("AllowUsers root bob@10.0.0.0/8\n", by),
                HasSubstr("could not log in again from 192.0.2.7"));
}

TEST(Dangers, TheOperatorsFileTransferStays) {
    auto before = host_with("");
    TestHost after("UsePAM yes\n");
    after.facts.sudoers = before.facts.sudoers;
    after.find("bob").groups = {"bob", "sudo"};
    after.key("root", ed25519("r"));
    after.key("bob", ed25519("b"));
    EXPECT_EQ(dangers_of(before, after, bob), "");
    auto with_sftp = bob;
    with_sftp.uses_sftp = true;
    EXPECT_THAT(dangers_of(before, after, with_sftp), HasSubstr("sftp"));
}

TEST(Compare, PairsWaysInByWhatTheyAre) {
    auto before = host_with("");
    auto after = host_with("AllowUsers bob@10.0.0.0/8\n");
    const auto difference = compare(before.model().paths({}).value(), after.model().paths({}).value());
    ASSERT_THAT(difference.lost, SizeIs(1));
    EXPECT_EQ(difference.lost.front().user, "root");
    ASSERT_THAT(difference.changed, SizeIs(1));
    EXPECT_THAT(difference.changed.front().after.from, ElementsAre("10.0.0.0/8"));
    EXPECT_THAT(difference.gained, IsEmpty());
    const auto same = compare(before.model().paths({}).value(), before.model().paths({}).value());
    EXPECT_THAT(same.kept, SizeIs(2));
    EXPECT_THAT(same.changed, IsEmpty());
}

}  // namespace
}  // namespace sshkeep::access::testing
