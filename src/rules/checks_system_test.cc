// Host keys, moduli and the service.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rules/checks_test_support.h"

namespace sshkeep::rules {
namespace {

using ::testing::HasSubstr;
using namespace rules::testing;  // NOLINT(google-build-using-namespace)

facts::HostKey host_key(const std::string& path, keyfmt::PublicKey public_key) {
    facts::HostKey key{.path = path};
    key.private_walk = walk(file(path, 0600));
    key.header = keyfmt::PrivateKeyHeader{.public_key = public_key};
    key.public_info = file(path + ".pub", 0644);
    key.public_key = std::move(public_key);
    return key;
}

TEST(HostKeyChecks, Strength) {
    TestHost host;
    host.facts.host_keys = {host_key("/etc/ssh/rsa", rsa(3072, "a")), host_key("/etc/ssh/ed", ed25519("b"))};
    EXPECT_EQ(host.verdict("host_key_weak"), "pass");
    host.facts.host_keys.push_back(host_key("/etc/ssh/old", rsa(2048, "c")));
    EXPECT_EQ(host.verdict("host_key_weak"), "fail");
    host.parameters["min_rsa_bits"] = "2048";
    EXPECT_EQ(host.verdict("host_key_weak"), "pass");
    host.facts.host_keys.push_back(host_key("/etc/ssh/dsa", key(keyfmt::KeyKind::dsa, 1024, "d")));
    EXPECT_EQ(host.verdict("host_key_weak"), "fail");
    EXPECT_EQ(host.run("host_key_weak")[0].fix, "rm /etc/ssh/dsa /etc/ssh/dsa.pub\n");
    host.facts.host_keys = {host_key("/etc/ssh/x", ed25519("x"))};
    host.facts.host_keys[0].public_key = fail(ErrorCode::permission, "no");
    EXPECT_EQ(host.verdict("host_key_weak"), "unknown");
}

TEST(HostKeyChecks, MissingOnesCountWhenNamed) {
    TestHost host;
    host.facts.host_keys = {host_key("/etc/ssh/ed", ed25519("b")), host_key("/etc/ssh/gone", ed25519("c"))};
    host.facts.host_keys[1].private_walk->steps[0] = absent("/etc/ssh/gone");
    EXPECT_EQ(host.verdict("host_key_missing"), "pass");
    host.settings({{"hostkey", "/etc/ssh/ed"}, {"hostkey", "/etc/ssh/gone"}});
    EXPECT_EQ(host.verdict("host_key_missing"), "fail");
    EXPECT_EQ(host.verdict("host_key_none"), "pass");
    host.facts.host_keys[0].private_walk->steps[0].mode = 0644;
    EXPECT_EQ(host.verdict("host_key_none"), "fail");
}

TEST(HostKeyChecks, HalvesPassphrasesAndAge) {
    TestHost host;
    host.facts.host_keys = {host_key("/etc/ssh/ed", ed25519("b"))};
    EXPECT_EQ(host.verdict("host_key_mismatch"), "pass");
    EXPECT_EQ(host.verdict("host_key_encrypted"), "pass");
    EXPECT_EQ(host.verdict("host_key_old"), "pass");
    host.facts.host_keys[0].public_key = ed25519("other");
    host.facts.host_keys[0].header->encrypted = true;
    host.facts.host_keys[0].private_walk->steps[0].mtime = now - 3000 * day;
    EXPECT_EQ(host.verdict("host_key_mismatch"), "fail");
    EXPECT_EQ(host.verdict("host_key_encrypted"), "fail");
    EXPECT_EQ(host.verdict("host_key_none"), "fail");
    EXPECT_EQ(host.verdict("host_key_old"), "fail");
    host.settings({{"hostkeyagent", "/run/agent"}});
    EXPECT_EQ(host.verdict("host_key_encrypted"), "pass");
    host.facts.host_keys[0].header = fail(ErrorCode::permission, "no");
    EXPECT_EQ(host.verdict("host_key_mismatch"), "unknown");
}

TEST(ModuliChecks, SizesCountWhileGroupExchangeIsOffered) {
    TestHost host;
    host.facts.moduli_path = walk(file("/etc/ssh/moduli", 0644));
    host.facts.moduli = keyfmt::Moduli{
        .lines = {{.line = 1, .bits = 3072, .usable = true}, {.line = 2, .bits = 2048, .usable = false}}};
    EXPECT_EQ(host.verdict("moduli_short"), "pass");
    EXPECT_EQ(host.verdict("moduli_none"), "pass");
    host.facts.moduli->lines[1].usable = true;
    EXPECT_EQ(host.verdict("moduli_short"), "fail");
    EXPECT_EQ(host.run("moduli_short")[0].where[0].line, 2U);
    EXPECT_THAT(host.detail("moduli_short"), HasSubstr("1 usable group is below 3072 bits, the smallest has 2048"));
    host.parameters["min_bits"] = "2048";
    EXPECT_EQ(host.verdict("moduli_short"), "pass");
    host.facts.moduli->lines.clear();
    EXPECT_EQ(host.verdict("moduli_none"), "fail");
    host.settings({{"kexalgorithms", "curve25519-sha256"}});
    EXPECT_EQ(host.verdict("moduli_none"), "pass");
}

facts::Unit unit(std::string name, bool enabled) {
    return {.name = name, .files = {"/lib/systemd/system/" + name}, .enabled = enabled};
}

TEST(ServiceChecks, Listeners) {
    TestHost host;
    EXPECT_EQ(host.verdict("listener_unexpected"), "pass") << "an offline tree";
    host.facts.running = true;
    EXPECT_EQ(host.verdict("listener_unexpected"), "unknown");
    host.facts.units = std::vector<facts::Unit>{};
    host.facts.listeners = std::vector<facts::Listener>{{"0.0.0.0", 22, "sshd"}, {"127.0.0.1", 5432, "postgres"}};
    EXPECT_EQ(host.verdict("listener_unexpected"), "pass");
    host.facts.listeners->push_back({"0.0.0.0", 31337, "sshd"});
    EXPECT_EQ(host.verdict("listener_unexpected"), "fail");
    EXPECT_THAT(host.detail("listener_unexpected"), HasSubstr("31337"));
    host.facts.listeners->pop_back();
    host.settings({{"listenaddress", "192.0.2.1:22"}});
    EXPECT_EQ(host.verdict("listener_unexpected"), "fail");
    host.settings({{"listenaddress", "[::]:22"}, {"listenaddress", "0.0.0.0:22"}});
    EXPECT_EQ(host.verdict("listener_unexpected"), "pass");
}

TEST(ServiceChecks, SocketActivation) {
    TestHost host;
    host.facts.units = {unit("ssh.socket", true), unit("ssh.service", false)};
    host.facts.units->front().listen_streams = {"22"};
    EXPECT_EQ(host.verdict("socket_overrides_ports"), "pass");
    EXPECT_EQ(host.verdict("service_not_enabled"), "pass");
    host.settings({{"listenaddress", "0.0.0.0:2222"}, {"port", "2222"}});
    EXPECT_EQ(host.verdict("socket_overrides_ports"), "fail");
    host.facts.listeners = std::vector<facts::Listener>{{"::", 22, "sshd"}};
    EXPECT_EQ(host.verdict("listener_unexpected"), "pass");
    host.facts.units->front().enabled = false;
    EXPECT_EQ(host.verdict("socket_overrides_ports"), "pass");
    EXPECT_EQ(host.verdict("service_not_enabled"), "fail");
}

TEST(ServiceChecks, CommandLine) {
    TestHost host;
    host.facts.units = {unit("ssh.service", true)};
    host.facts.units->front().exec_start = {"/usr/sbin/sshd -D $SSHD_OPTS"};
    EXPECT_EQ(host.verdict("command_line_overrides"), "pass");
    for (const char* options :
         {"-oPermitRootLogin=yes", "-o PermitRootLogin=yes", "-p 2222", "-f /root/x", "-h /tmp/key"}) {
        host.facts.sshd_options = options;
        EXPECT_EQ(host.verdict("command_line_overrides"), "fail") << options;
    }
    for (const char* options : {"", "-4", "-E /var/log/x", "-f /etc/ssh/sshd_config", "-u0"}) {
        host.facts.sshd_options = options;
        EXPECT_EQ(host.verdict("command_line_overrides"), "pass") << options;
    }
    host.facts.units->front().exec_start = {"/usr/sbin/sshd -D -p 2222"};
    EXPECT_EQ(host.verdict("command_line_overrides"), "fail");
}

TEST(ServiceChecks, PackageAndRelease) {
    TestHost host;
    host.facts.openssh = facts::OpensshServer{.installed = true};
    EXPECT_EQ(host.verdict("openssh_installed"), "pass");
    host.facts.openssh->installed = false;
    EXPECT_EQ(host.verdict("openssh_installed"), "fail");
    host.facts.os = facts::OsRelease{.id = "debian", .version_id = "12", .pretty_name = "Debian 12"};
    EXPECT_EQ(host.verdict("release_unsupported"), "unknown");
    host.parameters["debian-12"] = "2028-06-30";
    EXPECT_EQ(host.verdict("release_unsupported"), "pass");
    host.parameters["debian-12"] = "2026-11-21";
    EXPECT_EQ(host.verdict("release_unsupported"), "fail");
    host.parameters["debian-12"] = "2026-11-22";
    EXPECT_EQ(host.verdict("release_unsupported"), "pass");
    host.parameters["debian-12"] = "soon";
    EXPECT_EQ(host.verdict("release_unsupported"), "unknown");
}

}  // namespace
}  // namespace sshkeep::rules
