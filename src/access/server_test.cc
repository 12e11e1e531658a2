#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "access/test_host.h"

namespace sshkeep::access::testing {
namespace {

using ::testing::HasSubstr;

std::string reachable(TestHost& host) { return answer(host.model().reachable()); }

std::string at(TestHost& host, std::optional<std::string> address, std::optional<std::uint16_t> port) {
    host.key("bob", ed25519("a"));
    return answer(
        host.check({.user = "bob", .local_address = std::move(address), .local_port = port, .keys = {ed25519("a")}}));
}

TEST(Server, AnswersOnlyWhereItListens) {
    TestHost all;
    EXPECT_EQ(at(all, "192.0.2.1", 22), "admitted");
    EXPECT_EQ(at(all, "2001:db8::1", 22), "admitted");
    EXPECT_EQ(at(all, "192.0.2.1", 2222), "refused");
    TestHost one("UsePAM yes\nListenAddress 192.0.2.1\nPort 2222\n");
    EXPECT_EQ(at(one, "192.0.2.1", 2222), "admitted");
    EXPECT_EQ(at(one, "192.0.2.2", 2222), "refused");
    EXPECT_EQ(at(one, "192.0.2.1", 22), "refused");
    TestHost four("UsePAM yes\nAddressFamily inet\n");
    EXPECT_EQ(at(four, "2001:db8::1", 22), "refused");
    EXPECT_EQ(at(four, "192.0.2.1", 22), "admitted");
    TestHost name("UsePAM yes\nListenAddress server.example.org\n");
    EXPECT_EQ(at(name, "192.0.2.1", 22), "unknown");
}

TEST(Server, ASocketUnitListensInItsPlace) {
    TestHost host("UsePAM yes\nPort 22\n");
    facts::Unit socket{.name = "ssh.socket", .listen_streams = {"2222", "192.0.2.1:2022"}};
    host.facts.units->push_back(socket);
    EXPECT_EQ(at(host, "192.0.2.1", 22), "admitted") << "the socket is not running";
    host.facts.units->front().running = true;
    EXPECT_EQ(at(host, "192.0.2.1", 22), "refused");
    EXPECT_EQ(at(host, "192.0.2.1", 2222), "admitted");
    EXPECT_EQ(at(host, "2001:db8::1", 2222), "admitted");
    EXPECT_EQ(at(host, "192.0.2.1", 2022), "admitted");
    EXPECT_EQ(at(host, "192.0.2.2", 2022), "refused");
}

TEST(Server, NeedsAHostKeyThatItCanLoadAndOffer) {
    TestHost host;
    EXPECT_EQ(reachable(host), "admitted");
    host.facts.host_keys.front().private_walk->steps.front().mode = 0640;
    EXPECT_EQ(reachable(host), "refused");
    host.facts.host_keys.front().private_walk->steps.front().mode = 0600;
    host.facts.host_keys.front().header->encrypted = true;
    EXPECT_EQ(reachable(host), "refused");
    host.facts.host_keys.front().header = fail(ErrorCode::permission, "permission denied");
    EXPECT_EQ(reachable(host), "unknown");
    host.facts.host_keys.clear();
    EXPECT_EQ(reachable(host), "refused");
    TestHost rsa_only("UsePAM yes\nHostKeyAlgorithms rsa-sha2-512\n");
    EXPECT_EQ(reachable(rsa_only), "refused");
    rsa_only.host_key("/etc/ssh/ssh_host_rsa_key", rsa(3072, "r"));
    EXPECT_EQ(reachable(rsa_only), "admitted");
    TestHost strong("UsePAM yes\nHostKeyAlgorithms rsa-sha2-512\nRequiredRSASize 4096\n");
    strong.host_key("/etc/ssh/ssh_host_rsa_key", rsa(3072, "r"));
    EXPECT_EQ(reachable(strong), "refused");
}

TEST(Server, DoesNotStartWithALineThatItRefuses) {
    TestHost host("UsePAM yes\nNoSuchOption yes\n");
    EXPECT_EQ(reachable(host), "refused");
    EXPECT_THAT(reasons(host.model().reachable()), HasSubstr("does not start"));
}

TEST(Server, NeedsItsRunDirectory) {
    TestHost host;
    host.facts.other_paths.clear();
    EXPECT_EQ(reachable(host), "refused");
    host.facts.units->push_back({.name = "ssh.service", .runtime_directories = {"sshd"}});
    EXPECT_EQ(reachable(host), "admitted");
    host.facts.other_paths.emplace("/run/sshd", info_of("/run/sshd", facts::FileType::directory, 0777, 0));
    EXPECT_EQ(reachable(host), "refused");
}

}  // namespace
}  // namespace sshkeep::access::testing
