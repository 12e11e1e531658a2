#include "app/observe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "host/host_factory.h"
#include "support/fake_host.h"
#include "support/temp_tree.h"

namespace sshkeep::app {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Key;
using testing::SizeIs;

constexpr const char* key_line =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMmUCTxyxGfCmEPUvRKEhbX8ufvm6zhPXPY5xShyYiEe alice@laptop\n";

class ObserveTest : public testing::Test {
protected:
    ObserveTest() {
        host_.add_file("/etc/ssh/sshd_config", "");
        host_.add_file("/bin/bash", "", {.mode = 0755});
        host_.add_file("/usr/sbin/nologin", "", {.mode = 0755});
        host_.groups = {{.name = "root", .gid = 0}, {.name = "alice", .gid = 1000}};
        host_.add_account({.name = "root", .home = "/root", .shell = "/bin/bash"});
        host_.add_account({.name = "alice", .uid = 1000, .gid = 1000, .home = "/home/alice", .shell = "/bin/bash"});
        host_.add_file("/etc/shadow", "root:*:19000:0:99999:7:::\nalice:$y$j9T$a$b:19000:0:90:7::20000:\n");
    }

    void configure(const std::string& text) { host_.add_file("/etc/ssh/sshd_config", text); }
    facts::HostFacts observe() { return app::observe(host_, {}); }

    static const facts::Account& account(const facts::HostFacts& facts, const std::string& name) {
        return *std::ranges::find(facts.accounts.value(), name, &facts::Account::name);
    }
    /// "path as named" of each key file.
    static std::vector<std::string> key_files(const facts::HostFacts& facts) {
        std::vector<std::string> names;
        for (const auto& file : facts.authorized_keys) {
            names.push_back(file.walk ? file.walk->named : file.walk.error().message);
        }
        return names;
    }
    static std::vector<std::string> named(const facts::HostFacts& facts, const std::string& option) {
        std::vector<std::string> names;
        for (const auto& path : facts.named_paths) {
            if (path.option == option) {
                names.push_back(path.account.empty() ? path.walk.value().named
                                                     : path.account + "=" + path.walk.value().named);
            }
        }
        return names;
    }

    support::FakeHost host_;
};

TEST_F(ObserveTest, AnEmptyHostIsKnownToBeEmpty) {
    support::FakeHost nothing;
    const auto facts = app::observe(nothing, {});
    ASSERT_TRUE(facts.openssh);
    EXPECT_FALSE(facts.openssh->installed);
    EXPECT_EQ(facts.config.error().code, ErrorCode::not_found);
    EXPECT_THAT(facts.accounts.value(), IsEmpty());
    EXPECT_THAT(facts.units.value(), IsEmpty());
    EXPECT_THAT(facts.host_keys, SizeIs(testing::Ge(2U)));
    EXPECT_FALSE(facts.host_keys[0].private_walk->exists());
    EXPECT_FALSE(facts.nologin.value());
}

TEST_F(ObserveTest, AccountsHaveGroupsShellsAndPasswords) {
    host_.groups = {{.name = "users", .gid = 1000}, {.name = "sudo", .gid = 27, .members = {"alice", "alice"}}};
    host_.add_account({.name = "open", .uid = 5, .gid = 5, .home = "/", .shell = ""}, "");
    host_.add_account({.name = "svc", .uid = 6, .gid = 6, .home = "/", .shell = "/usr/sbin/nologin"}, "*");
    host_.add_account({.name = "gone", .uid = 7, .gid = 7, .home = "/", .shell = "/bin/none"});
    const auto facts = observe();
    const auto& alice = account(facts, "alice");
    EXPECT_THAT(alice.groups, ElementsAre("users", "sudo"));
    EXPECT_EQ(alice.password, facts::PasswordState::hashed);
    EXPECT_EQ(alice.hash_scheme, "yescrypt");
    EXPECT_EQ(alice.account_expires, 20000);
    EXPECT_EQ(alice.password_max_days, 90);
    EXPECT_EQ(alice.shell_usable, true);
    EXPECT_EQ(alice.line, 2U);
    EXPECT_EQ(account(facts, "root").password, facts::PasswordState::impossible);
    EXPECT_EQ(account(facts, "open").password, facts::PasswordState::none);
    EXPECT_EQ(account(facts, "open").shell_usable, false) << "there is no /bin/sh";
    EXPECT_EQ(account(facts, "svc").shell_usable, false);
    EXPECT_EQ(account(facts, "gone").shell_usable, false);
    EXPECT_EQ(account(facts, "gone").password, facts::PasswordState::impossible) << "no shadow line";
    EXPECT_EQ(facts.group_names.value().at(27), "sudo");
}

TEST_F(ObserveTest, AnUnreadableShadowFileLeavesPasswordsUnknown) {
    host_.deny_reading("/etc/shadow");
    host_.add_account({.name = "plain", .uid = 5, .home = "/", .shell = "/bin/bash"}, "");
    const auto facts = observe();
    EXPECT_EQ(account(facts, "alice").password.error().code, ErrorCode::permission);
    EXPECT_EQ(account(facts, "plain").password, facts::PasswordState::none) << "passwd itself says it";
}

TEST_F(ObserveTest, AnAccountOfAnotherNameServiceHasAnUnknownPassword) {
    host_.accounts.push_back({.name = "ldap", .uid = 9000, .gid = 9000, .home = "/home/ldap", .shell = "/bin/bash"});
    host_.accounts.push_back({.name = "alice", .uid = 9001, .home = "/elsewhere"});
    const auto facts = observe();
    EXPECT_FALSE(account(facts, "ldap").password);
    EXPECT_EQ(account(facts, "ldap").line, 0U);
    EXPECT_EQ(account(facts, "alice").uid, 1000U) << "the first entry counts";
    EXPECT_THAT(facts.accounts.value(), SizeIs(3));
}

TEST_F(ObserveTest, ReadsEveryKeyFileThatIsConfigured) {
    configure("AuthorizedKeysFile .ssh/authorized_keys /etc/keys/%u /etc/100%%/%U %h/more\n");
    host_.add_file("/home/alice/.ssh/authorized_keys", key_line, {.uid = 1000, .gid = 1000, .mode = 0600});
    host_.add_file("/etc/keys/alice", "# nothing\n\nrubbish\n");
    const auto facts = observe();
    EXPECT_THAT(key_files(facts), ElementsAre("/root/.ssh/authorized_keys", "/etc/keys/root", "/etc/100%/0",
                                              "/root/more", "/home/alice/.ssh/authorized_keys", "/etc/keys/alice",
                                              "/etc/100%/1000", "/home/alice/more"));
    const auto& own = facts.authorized_keys[4];
    EXPECT_EQ(own.account, "alice");
    ASSERT_THAT(own.entries.value(), SizeIs(1));
    EXPECT_EQ(own.entries->front().comment.raw(), "alice@laptop");
    EXPECT_EQ(own.walk->steps.front().uid, 1000U);
    EXPECT_THAT(facts.authorized_keys[5].entries.value(), SizeIs(1));
    EXPECT_FALSE(facts.authorized_keys[5].entries->front().key);
    EXPECT_THAT(facts.authorized_keys[6].entries.value(), IsEmpty());
}

TEST_F(ObserveTest, KeyFilesFollowTheMatchBlockOfTheAccount) {
    configure(
        "Match User alice\n  AuthorizedKeysFile /srv/alice\nMatch Address 10.0.0.0/8\n"
        "  AuthorizedKeysFile /srv/internal/%u\nMatch User root\n  AuthorizedKeysFile none\n");
    const auto files = key_files(observe());
    EXPECT_THAT(files, ElementsAre("/srv/internal/root", "/srv/alice"))
        << "the first value wins: alice's block comes before the address, the address before root's none";
}

TEST_F(ObserveTest, KeyFilesOfAnOriginThatIsAskedForAreReadThoughNoSampleMeetsIt) {
    configure(
        "Match Address 10.0.0.0/8\n  AuthorizedKeysFile /srv/ten\nMatch Address *,!192.168.1.1\n"
        "  AuthorizedKeysFile /srv/most\n");
    ObserveOptions options;
    EXPECT_THAT(key_files(app::observe(host_, options)), testing::Not(testing::Contains("/root/.ssh/authorized_keys")));
    options.origins.push_back({.host = "192.168.1.1", .address = "192.168.1.1"});
    EXPECT_THAT(key_files(app::observe(host_, options)), testing::Contains("/root/.ssh/authorized_keys"));
}

TEST_F(ObserveTest, OneFileForManyAccountsIsReadOnce) {
    configure("AuthorizedKeysFile /etc/ssh/all_keys\n");
    host_.add_file("/etc/ssh/all_keys", key_line);
    const auto facts = observe();
    ASSERT_THAT(facts.authorized_keys, SizeIs(1));
    EXPECT_EQ(facts.authorized_keys[0].account, "root");
    EXPECT_THAT(facts.authorized_keys[0].shared_with, ElementsAre("alice"));
}

TEST_F(ObserveTest, WhatIsNoReadableFileIsUnknown) {
    configure("AuthorizedKeysFile .ssh/%u\n");
    host_.add_special("/root/.ssh/root", ports::FileType::fifo);
    host_.add_file("/home/alice/.ssh/alice", key_line);
    host_.deny_reading("/home/alice/.ssh/alice");
    auto facts = observe();
    EXPECT_EQ(facts.authorized_keys[0].entries.error().code, ErrorCode::wrong_type);
    EXPECT_EQ(facts.authorized_keys[1].entries.error().code, ErrorCode::permission);
    EXPECT_TRUE(facts.authorized_keys[1].walk->exists());
    host_.deny("/home/alice/.ssh");
    facts = observe();
    EXPECT_EQ(facts.authorized_keys[1].walk.error().code, ErrorCode::permission);
    EXPECT_EQ(facts.authorized_keys[1].entries.error().code, ErrorCode::permission);
}

TEST_F(ObserveTest, AHugeKeyFileIsUnknown) {
    host_.add_file("/root/.ssh/authorized_keys", std::string(9U << 20U, '#'));
    EXPECT_EQ(observe().authorized_keys[0].entries.error().code, ErrorCode::too_large);
}

TEST_F(ObserveTest, AKeyFileWithTooManyLinesIsUnknown) {
    std::string lines;
    for (int i = 0; i < 70000; ++i) {
        lines += "x\n";
    }
    host_.add_file("/root/.ssh/authorized_keys", lines);
    EXPECT_EQ(observe().authorized_keys[0].entries.error().code, ErrorCode::too_large);
}

TEST_F(ObserveTest, FilesInDotSshThatCannotBeReadAreNotTakenForKeyless) {
    host_.add_file("/root/.ssh/id", "");
    EXPECT_EQ(observe().homes[0].private_keys_unread, "");
    host_.deny_reading("/root/.ssh/id");
    EXPECT_THAT(observe().homes[0].private_keys_unread, HasSubstr("Permission denied"));
    host_.deny_reading("/root/.ssh");
    EXPECT_THAT(observe().homes[0].private_keys_unread, HasSubstr("Permission denied"));
}

TEST_F(ObserveTest, HomesTellOfDotSsh) {
    host_.add_directory("/home/alice", {.uid = 1000, .gid = 1000, .mode = 0777});
    host_.add_file("/home/alice/.ssh/rc", "echo");
    host_.add_file("/home/alice/.shosts", "");
    host_.add_file("/home/alice/.ssh/innocent",
                   "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n"
                   "-----END RSA PRIVATE KEY-----\n");
    host_.add_special("/home/alice/.ssh/pipe", ports::FileType::fifo);
    const auto facts = observe();
    ASSERT_THAT(facts.homes, SizeIs(2));
    EXPECT_FALSE(facts.homes[0].home->exists);
    EXPECT_FALSE(facts.homes[0].rc->exists);
    const auto& home = facts.homes[1];
    EXPECT_EQ(home.home->mode, 0777U);
    EXPECT_TRUE(home.dot_ssh->exists);
    EXPECT_TRUE(home.rc->exists);
    EXPECT_FALSE(home.environment->exists);
    EXPECT_EQ(home.rhosts->path, "/home/alice/.shosts");
    ASSERT_THAT(home.private_keys, SizeIs(1));
    EXPECT_EQ(home.private_keys[0].info.path, "/home/alice/.ssh/innocent");
    EXPECT_TRUE(home.private_keys[0].header.encrypted);
}

TEST_F(ObserveTest, AClosedHomeIsUnknown) {
    host_.add_directory("/home/alice");
    host_.deny("/home/alice");
    const auto facts = observe();
    EXPECT_FALSE(facts.homes[1].home);
    EXPECT_FALSE(facts.homes[1].dot_ssh);
    EXPECT_FALSE(facts.homes[1].rc);
}

TEST_F(ObserveTest, HostKeysAreThoseConfigured) {
    configure("HostKey /etc/ssh/one\nHostKey /etc/ssh/two\n");
    host_.add_file("/etc/ssh/one", "not a key", {.mode = 0600});
    host_.add_file("/etc/ssh/one.pub", key_line);
    const auto facts = observe();
    ASSERT_THAT(facts.host_keys, SizeIs(2));
    EXPECT_EQ(facts.host_keys[0].private_walk->steps[0].mode, 0600U);
    EXPECT_FALSE(facts.host_keys[0].header);
    EXPECT_EQ(facts.host_keys[0].public_key.value().type, "ssh-ed25519");
    EXPECT_FALSE(facts.host_keys[1].private_walk->exists());
}

TEST_F(ObserveTest, PathsOfTheConfigurationAreWalked) {
    configure(
        "Include /etc/ssh/sshd_config.d/*.conf\n"
        "TrustedUserCAKeys /etc/ssh/ca.pub\nRevokedKeys /etc/ssh/revoked\nBanner none\n"
        "AuthorizedKeysCommand /usr/bin/get-keys %u\nAuthorizedKeysCommandUser nobody\n"
        "Subsystem sftp /usr/lib/sftp-server -l INFO\nAuthorizedPrincipalsFile %h/principals\n"
        "Match User alice\n  ChrootDirectory /srv/%u\n  ForceCommand internal-sftp\n");
    host_.add_file("/etc/ssh/sshd_config.d/10.conf", "X11Forwarding no\n");
    host_.add_file("/etc/ssh/ca.pub", key_line);
    const auto facts = observe();
    EXPECT_THAT(named(facts, "trustedusercakeys"), ElementsAre("/etc/ssh/ca.pub"));
    EXPECT_THAT(named(facts, "revokedkeys"), ElementsAre("/etc/ssh/revoked"));
    EXPECT_THAT(named(facts, "banner"), IsEmpty());
    EXPECT_THAT(named(facts, "authorizedkeyscommand"), ElementsAre("/usr/bin/get-keys"));
    EXPECT_THAT(named(facts, "subsystem"), ElementsAre("/usr/lib/sftp-server"));
    EXPECT_THAT(named(facts, "forcecommand"), IsEmpty());
    EXPECT_THAT(named(facts, "chrootdirectory"), ElementsAre("alice=/srv/alice"));
    EXPECT_THAT(named(facts, "authorizedprincipalsfile"),
                ElementsAre("root=/root/principals", "alice=/home/alice/principals"));
    ASSERT_THAT(facts.ca_files, SizeIs(1));
    EXPECT_THAT(facts.ca_files[0].keys.value(), SizeIs(1));
    std::vector<std::string> config_paths;
    std::ranges::transform(facts.config_paths, std::back_inserter(config_paths), &facts::PathWalk::named);
    EXPECT_THAT(config_paths,
                ElementsAre("/etc/ssh/sshd_config", "/etc/ssh/sshd_config.d/10.conf", "/etc/ssh/sshd_config.d"));
}

TEST_F(ObserveTest, TheSystemIsKnownFromItsFiles) {
    host_.add_file("/usr/lib/os-release", "ID=debian\nVERSION_ID=\"12\"\n");
    host_.add_link("/etc/os-release", "../usr/lib/os-release");
    host_.add_file("/var/lib/dpkg/status",
                   "Package: openssh-server\nStatus: install ok installed\nVersion: 1:8.4p1-5+deb11u3\n");
    host_.add_file("/etc/default/ssh", "SSHD_OPTS=-4\n");
    host_.add_file("/etc/nologin", "");
    host_.add_file("/lib/ld-musl-x86_64.so.1", "");
    const auto facts = observe();
    EXPECT_EQ(facts.hostname, "fake");
    EXPECT_EQ(facts.os->version_id, "12");
    EXPECT_TRUE(facts.openssh->installed);
    EXPECT_TRUE(facts.openssh->distribution_build);
    EXPECT_TRUE(facts.openssh->musl);
    EXPECT_EQ(facts.openssh->version, (OpensshVersion{8, 4, 1}));
    EXPECT_EQ(facts.build.version, (OpensshVersion{8, 4, 1}));
    EXPECT_EQ(facts.build.flavour, sshdconf::Flavour::debian);
    EXPECT_EQ(facts.sshd_options, "-4");
    EXPECT_TRUE(facts.nologin.value());
    EXPECT_THAT(facts.other_paths, testing::Contains(Key("/etc/nologin")));
}

TEST_F(ObserveTest, WithoutAPackageTheProgramTells) {
    host_.add_file("/usr/local/sbin/sshd",
                   "\x7F"
                   "ELF OpenSSH_7.0* OpenSSH_9.9p2",
                   {.mode = 0755});
    auto facts = observe();
    EXPECT_TRUE(facts.openssh->installed);
    EXPECT_FALSE(facts.openssh->distribution_build);
    EXPECT_EQ(facts.build.version, (OpensshVersion{9, 9, 2}));
    EXPECT_EQ(facts.build.flavour, sshdconf::Flavour::upstream);
    host_.add_file("/usr/sbin/sshd", "OpenSSH_9.6p1 Ubuntu-3ubuntu13.5", {.mode = 0755});
    facts = observe();
    EXPECT_EQ(facts.openssh->package_version, "1:9.6p1-3ubuntu13.5");
    EXPECT_TRUE(facts.openssh->distribution_build);
    EXPECT_EQ(facts.build.flavour, sshdconf::Flavour::debian);
}

TEST_F(ObserveTest, UnitsAreReadWithDropInsAliasesAndMasks) {
    host_.add_file("/usr/lib/systemd/system/ssh.service",
                   "[Service]\nExecStart=/usr/sbin/sshd -D $SSHD_OPTS\n[Install]\nAlias=sshd.service\n");
    host_.add_link("/etc/systemd/system/sshd.service", "/usr/lib/systemd/system/ssh.service");
    host_.add_link("/etc/systemd/system/multi-user.target.wants/ssh.service", "/usr/lib/systemd/system/ssh.service");
    host_.add_file("/usr/lib/systemd/system/ssh.socket", "[Socket]\nListenStream=22\n");
    host_.add_file("/usr/lib/systemd/system/ssh.socket.d/10.conf", "[Socket]\nListenStream=9\n");
    host_.add_file("/etc/systemd/system/ssh.socket.d/10.conf", "[Socket]\nListenStream=\nListenStream=2222\n");
    host_.add_file("/run/systemd/generator/ssh.socket.d/05.conf", "[Socket]\nListenStream=7\n");
    host_.add_file("/usr/lib/systemd/system/sshd@.service", "[Service]\nExecStart=/usr/sbin/sshd -i\n");
    host_.add_link("/etc/systemd/system/sshd@.service", "/dev/null");
    const auto facts = observe();
    const auto& units = facts.units.value();
    ASSERT_THAT(units, ElementsAre(Field(&facts::Unit::name, "ssh.service"), Field(&facts::Unit::name, "ssh.socket"),
                                   Field(&facts::Unit::name, "sshd@.service")));
    EXPECT_TRUE(units[0].enabled);
    EXPECT_THAT(units[0].aliases, ElementsAre("sshd.service"));
    EXPECT_THAT(units[0].exec_start, ElementsAre("/usr/sbin/sshd -D $SSHD_OPTS"));
    EXPECT_FALSE(units[1].enabled);
    EXPECT_THAT(units[1].listen_streams, ElementsAre("2222"));
    EXPECT_THAT(units[1].files,
                ElementsAre("/usr/lib/systemd/system/ssh.socket", "/run/systemd/generator/ssh.socket.d/05.conf",
                            "/etc/systemd/system/ssh.socket.d/10.conf"));
    EXPECT_TRUE(units[2].masked);
    EXPECT_THAT(units[2].exec_start, IsEmpty());
}

TEST_F(ObserveTest, ARunningHostSaysWhatRuns) {
    host_.is_running = true;
    host_.listeners = {{.address = "0.0.0.0", .port = 22, .process = "systemd", .pid = 1}};
    host_.add_file("/usr/lib/systemd/system/ssh.service", "[Service]\nExecStart=/usr/sbin/sshd -D\n");
    host_.add_file("/usr/lib/systemd/system/ssh.socket", "[Socket]\nListenStream=22\n");
    host_.add_file("/sys/fs/cgroup/system.slice/ssh.service/cgroup.procs", "");
    auto facts = observe();
    EXPECT_FALSE(facts.units.value()[0].running);
    EXPECT_TRUE(facts.units.value()[1].running);
    EXPECT_THAT(facts.listeners.value(), SizeIs(1));
    host_.add_file("/sys/fs/cgroup/system.slice/ssh.service/cgroup.procs", "612\n");
    EXPECT_TRUE(observe().units.value()[0].running);
}

TEST_F(ObserveTest, ThePamStackIsThatOfTheService) {
    host_.add_file("/usr/lib/pam.d/sshd", "auth include common-auth\nauth include missing\n");
    host_.add_file("/etc/pam.d/common-auth", "auth required pam_unix.so nullok\n");
    const auto facts = observe();
    ASSERT_TRUE(facts.pam) << facts.pam.error().message;
    EXPECT_THAT(facts.pam->lines, ElementsAre(Field(&facts::PamLine::module, "pam_unix.so")));
    EXPECT_THAT(facts.pam->missing, ElementsAre("missing"));
}

TEST_F(ObserveTest, AnUnreadableConfigurationStillLeavesTheDefaultsToLookAt) {
    host_.deny_reading("/etc/ssh/sshd_config");
    host_.add_file("/root/.ssh/authorized_keys", key_line);
    const auto facts = observe();
    EXPECT_EQ(facts.config.error().code, ErrorCode::permission);
    EXPECT_THAT(facts.authorized_keys[0].entries.value(), SizeIs(1));
    EXPECT_THAT(facts.host_keys, SizeIs(testing::Ge(2U)));
}

TEST_F(ObserveTest, AHundredMegabyteConfigurationIsRefused) {
    host_.add_file("/etc/ssh/sshd_config", std::string(2U << 20U, '#'));
    EXPECT_THAT(observe().config.error().message, HasSubstr("too large"));
}

TEST(ObserveTree, ReadsARealTreeAndNothingOutside) {
    const support::TempTree outside;
    outside.add_file("/keys", key_line);
    const support::TempTree tree;
    tree.add_file("/etc/ssh/sshd_config", "Include conf.d/*\n");
    tree.add_link("/etc/ssh/conf.d/loop", "loop");
    tree.add_fifo("/etc/ssh/conf.d/pipe");
    tree.add_file("/etc/passwd", "bob:x:1000:1000::/home/bob:/bin/sh\neve:x:1001:1001::/home/eve:/bin/sh\n");
    tree.add_file("/etc/group", "bob:x:1000:\n");
    tree.add_file("/home/bob/.ssh/authorized_keys", key_line, 0600);
    tree.add_link("/home/eve/.ssh/authorized_keys", outside.at("/keys").string());
    tree.add_link("/home/eve/.ssh/authorized_keys2", "/home/eve/.ssh/authorized_keys2");
    const auto host = host::make_tree_host(tree.root()).value();
    const auto facts = app::observe(*host, {.root = tree.root()});

    ASSERT_TRUE(facts.config) << facts.config.error().message;
    EXPECT_THAT(facts.config->diagnostics, SizeIs(2));
    ASSERT_THAT(facts.authorized_keys, SizeIs(4));
    EXPECT_THAT(facts.authorized_keys[0].entries.value(), SizeIs(1));
    EXPECT_FALSE(facts.authorized_keys[2].walk->exists()) << "the link's target is not in the tree";
    EXPECT_FALSE(facts.authorized_keys[3].walk) << "a loop";
    EXPECT_EQ(facts.authorized_keys[3].walk.error().code, ErrorCode::too_large);
    EXPECT_FALSE(facts.openssh->installed);
    EXPECT_FALSE(facts.listeners);
}

}  // namespace
}  // namespace sshkeep::app
