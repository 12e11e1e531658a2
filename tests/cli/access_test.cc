#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "cli/run_program.h"
#include "support/temp_tree.h"

namespace sshkeep::cli_test {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* key_of_bob = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";
constexpr const char* key_of_nobody =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB8eHRwbGhkYFxYVFBMSERAPDg0MCwoJCAcGBQQDAgEA";

/// An offline host with one way in for bob and none for root. Its files belong to root, as all that a test makes does.
class Access : public testing::Test {
protected:
    Access() {
        tree.add_file("/etc/os-release", "ID=debian\nVERSION_ID=\"12\"\n");
        tree.add_file("/etc/hostname", "testhost\n");
        tree.add_file("/etc/passwd", "root:x:0:0:root:/root:/bin/bash\nbob:x:1000:1000::/home/bob:/bin/sh\n");
        tree.add_file("/etc/group", "root:x:0:\nbob:x:1000:\n");
        tree.add_file("/etc/shadow", "root:*:19000:0:99999:7:::\nbob:*:19000:0:99999:7:::\n", 0640);
        tree.add_file("/etc/shells", "/bin/sh\n/bin/bash\n");
        tree.add_file("/bin/sh", "", 0755);
        tree.add_file("/bin/bash", "", 0755);
        tree.add_file("/var/lib/dpkg/status",
                      "Package: openssh-server\nStatus: install ok installed\nVersion: 1:9.2p1-2+deb12u10\n\n");
        tree.add_file("/etc/ssh/sshd_config", "PasswordAuthentication no\nUsePAM no\n");
        tree.add_file("/etc/ssh/ssh_host_ed25519_key",
                      read_file(SSHKEEP_SOURCE_DIR "/src/keyfmt/testdata/private/openssh_ed25519"), 0600);
        tree.add_directory("/run/sshd");
        tree.add_directory("/");  // as mkdtemp makes it, nobody but root could enter
        tree.add_file("/home/bob/.ssh/authorized_keys",
                      std::string("from=\"192.0.2.0/24\" ") + key_of_bob + " bob \x1b[2J\n");
        keys.add_file("/bob.pub", std::string(key_of_bob) + " bob\n");
        keys.add_file("/nobody.pub", std::string("# a comment\n\n") + key_of_nobody + "\n");
    }

    [[nodiscard]] Outcome access(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), {"access"});
        arguments.insert(arguments.end(), {"--root", tree.root()});
        return run(arguments);
    }
    [[nodiscard]] Outcome check(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), {"check", "--user", "bob"});
        return access(arguments);
    }
    [[nodiscard]] std::string key(const char* name) const { return keys.at(name).string(); }

    support::TempTree tree;
    support::TempTree keys;
};

TEST_F(Access, ListShowsTheWayInAndWhoHasNone) {
    const auto outcome = access({"list"});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_THAT(outcome.out, StartsWith("Who can get in to testhost"));
    EXPECT_THAT(outcome.out, HasSubstr("\nbob\n  publickey ssh-ed25519 256 SHA256:"));
    EXPECT_THAT(outcome.out, HasSubstr("from 192.0.2.0/24"));
    EXPECT_THAT(outcome.out, HasSubstr("/home/bob/.ssh/authorized_keys:1"));
    EXPECT_THAT(outcome.out, HasSubstr("No way in: root"));
    EXPECT_THAT(outcome.out, HasSubstr("1 way in for 1 account"));
    EXPECT_THAT(outcome.out, Not(HasSubstr("\x1b")));
}

TEST_F(Access, ListIsNarrowedByAccountAndSource) {
    const auto paths = [&](std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), {"list", "--format", "json"});
        return json::parse(access(arguments).out)["paths"];
    };
    ASSERT_EQ(paths({}).size(), 1U);
    EXPECT_EQ(paths({})[0]["user"], "bob");
    EXPECT_EQ(paths({})[0]["from"], json::parse(R"(["192.0.2.0/24"])"));
    EXPECT_EQ(paths({"--user", "root"}).size(), 0U);
    EXPECT_EQ(paths({"--from", "192.0.2.7"}).size(), 1U);
    EXPECT_EQ(paths({"--from", "198.51.100.7"}).size(), 0U);
    const auto nobody = access({"list", "--user", "nobody-of-that-name"});
    EXPECT_EQ(nobody.status, 2);
    EXPECT_THAT(nobody.err, HasSubstr("no account nobody-of-that-name"));
}

TEST_F(Access, CheckExitsWithZeroOnlyForTheAdmitted) {
    const auto admitted = check({"--from", "192.0.2.7", "--key", key("/bob.pub")});
    EXPECT_EQ(admitted.status, 0) << admitted.out << admitted.err;
    EXPECT_THAT(admitted.out, StartsWith("admitted: bob from 192.0.2.7 by publickey with SHA256:"));
    const auto elsewhere = check({"--from", "198.51.100.7", "--key", key("/bob.pub")});
    EXPECT_EQ(elsewhere.status, 1);
    EXPECT_THAT(elsewhere.out, StartsWith("refused: bob from 198.51.100.7\n"));
    EXPECT_THAT(elsewhere.out, HasSubstr("/home/bob/.ssh/authorized_keys:1]"));
    EXPECT_EQ(check({"--from", "192.0.2.7", "--key", key("/nobody.pub")}).status, 1);
    EXPECT_EQ(check({"--from", "192.0.2.7", "--key", key("/nobody.pub"), "--key", key("/bob.pub")}).status, 0);
    EXPECT_EQ(check({"--from", "192.0.2.7", "--password"}).status, 1);
    EXPECT_EQ(check({"--from", "192.0.2.7"}).status, 1);
}

TEST_F(Access, KeysOfferedBeforeCountAgainstMaxAuthTries) {
    tree.add_file("/etc/ssh/sshd_config", "PasswordAuthentication no\nUsePAM no\nMaxAuthTries 2\n");
    EXPECT_EQ(check({"--from", "192.0.2.7", "--key", key("/bob.pub"), "--offers", "1"}).status, 0);
    EXPECT_EQ(check({"--from", "192.0.2.7", "--key", key("/bob.pub"), "--offers", "4"}).status, 1);
}

TEST_F(Access, WhatIsUnknownIsARefusalThatSaysSo) {
    tree.add_file("/etc/ssh/sshd_config", "Include extra.conf\nPasswordAuthentication no\nUsePAM no\n");
    tree.add_fifo("/etc/ssh/extra.conf");
    const auto outcome = check({"--from", "192.0.2.7", "--key", key("/bob.pub"), "--format", "json"});
    EXPECT_EQ(outcome.status, 1);
    EXPECT_EQ(json::parse(outcome.out)["answer"], "unknown");
    EXPECT_THAT(check({"--from", "192.0.2.7", "--key", key("/bob.pub")}).out, StartsWith("cannot be told: bob"));
}

TEST_F(Access, CheckAsJson) {
    const auto out = json::parse(check({"--from", "192.0.2.7", "--key", key("/bob.pub"), "--format", "json"}).out);
    EXPECT_EQ(out["schema"], "sshkeep.access-check/1");
    EXPECT_EQ(out["answer"], "admitted");
    EXPECT_EQ(out["methods"], json::parse(R"(["publickey"])"));
    EXPECT_THAT(out["key"].get<std::string>(), StartsWith("SHA256:"));
    EXPECT_EQ(out["session"]["kind"], "shell");
    EXPECT_FALSE(out["reasons"].empty());
}

TEST_F(Access, APrivateKeyNeedsItsPublicHalf) {
    keys.add_file("/closed",
                  "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAA==\n"
                  "-----END RSA PRIVATE KEY-----\n");
    const auto alone = check({"--from", "192.0.2.7", "--key", key("/closed")});
    EXPECT_EQ(alone.status, 2);
    EXPECT_THAT(alone.err, HasSubstr("/closed"));
    keys.add_file("/closed.pub", key_of_bob);
    EXPECT_EQ(check({"--from", "192.0.2.7", "--key", key("/closed")}).status, 0);
    keys.add_file("/broken.pub", "ssh-ed25519 AAAA\n");
    EXPECT_EQ(check({"--from", "192.0.2.7", "--key", key("/broken.pub")}).status, 2);
}

TEST_F(Access, AConfigurationThatSshdRefusesIsNotJudged) {
    tree.add_file("/etc/ssh/sshd_config", "PermitRotLogin no\n");
    for (const auto& arguments :
         {std::vector<std::string>{"list"}, {"check", "--user", "bob", "--from", "192.0.2.7"}}) {
        const auto outcome = access(arguments);
        EXPECT_EQ(outcome.status, 2);
        EXPECT_EQ(outcome.out, "");
        EXPECT_THAT(outcome.err, HasSubstr("/etc/ssh/sshd_config:1: "));
    }
}

TEST_F(Access, DiffComparesConfigurationsTreesAndSavedLists) {
    tree.add_file("/etc/ssh/closed_config", "PubkeyAuthentication no\nPasswordAuthentication no\nUsePAM no\n");
    const auto configurations = access({"diff", "/etc/ssh/sshd_config", "/etc/ssh/closed_config"});
    EXPECT_EQ(configurations.status, 0) << configurations.err;
    EXPECT_THAT(configurations.out, StartsWith("Ways in lost (1)\n\nbob\n"));
    EXPECT_THAT(configurations.out, HasSubstr("1 lost, 0 gained, 0 changed, 0 kept."));
    EXPECT_EQ(access({"diff", "/etc/ssh/sshd_config", "/etc/ssh/closed_config", "--fail-on-loss"}).status, 1);
    EXPECT_EQ(access({"diff", "/etc/ssh/closed_config", "/etc/ssh/sshd_config", "--fail-on-loss"}).status, 0);

    const auto saved = keys.at("/saved.json").string();
    ASSERT_EQ(access({"list", "--format", "json", "-o", saved}).status, 0);
    const auto same = json::parse(run({"access", "diff", saved, tree.root(), "--format", "json"}).out);
    EXPECT_EQ(same["schema"], "sshkeep.access-diff/1");
    EXPECT_EQ(same["kept"], 1);
    EXPECT_EQ(same["lost"], json::array());
    EXPECT_EQ(same["changed"], json::array());
    tree.add_file("/home/bob/.ssh/authorized_keys", std::string(key_of_bob) + "\n" + key_of_nobody + "\n");
    const auto more = json::parse(run({"access", "diff", saved, tree.root(), "--format", "json"}).out);
    EXPECT_EQ(more["gained"].size(), 1U);
    EXPECT_EQ(more["changed"].size(), 1U);
    keys.add_file("/no.json", "{\"schema\": 1}");
    const auto wrong = run({"access", "diff", keys.at("/no.json").string(), saved});
    EXPECT_EQ(wrong.status, 2);
    EXPECT_THAT(wrong.err, HasSubstr("no.json: this is no listing"));
}

}  // namespace
}  // namespace sshkeep::cli_test
