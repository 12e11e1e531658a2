#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rules/checks_paths.h"
#include "rules/checks_test_support.h"

namespace sshkeep::rules {
namespace {

using ::testing::HasSubstr;
using namespace rules::testing;  // NOLINT(google-build-using-namespace)

TEST(HomeChecks, StrictModesRefusesWritableParents) {
    TestHost host;
    auto& keys = host.keys_of("bob", {ed25519("a")});
    EXPECT_EQ(host.verdict("authorized_keys_path_refused"), "pass");
    keys.walk->steps[2].mode = 0777;  // the home
    EXPECT_EQ(host.verdict("authorized_keys_path_refused"), "fail");
    EXPECT_THAT(host.detail("authorized_keys_path_refused"), HasSubstr("/home/bob is writable by everybody"));
    EXPECT_EQ(host.run("authorized_keys_path_refused")[0].fix, "chmod go-w /home/bob\n");
    EXPECT_EQ(host.verdict("authorized_keys_path_writable"), "pass");
    host.settings({{"strictmodes", "no"}});
    EXPECT_EQ(host.verdict("authorized_keys_path_refused"), "pass");
    EXPECT_EQ(host.verdict("authorized_keys_path_writable"), "fail");
}

TEST(HomeChecks, StrictModesStopsAtTheHomeAndTakesRootAsOwner) {
    TestHost host;
    auto& keys = host.keys_of("bob", {ed25519("a")});
    keys.walk->steps[0].uid = 0;
    keys.walk->steps[3].mode = 0777;  // /home, above the home
    EXPECT_EQ(host.verdict("authorized_keys_path_refused"), "pass");
    keys.walk->steps[1].uid = 1001;
    EXPECT_EQ(host.verdict("authorized_keys_path_refused"), "fail");
    EXPECT_THAT(host.detail("authorized_keys_path_refused"), HasSubstr("owned by uid 1001"));
}

TEST(HomeChecks, DebianAcceptsTheGroupOfOne) {
    TestHost host;
    host.facts.accounts->back().groups = {"bob"};
    auto& keys = host.keys_of("bob", {ed25519("a")});
    keys.walk->steps[2].mode = 0775;
    keys.walk->steps[2].gid = 1000;
    EXPECT_EQ(host.verdict("authorized_keys_path_refused"), "pass");
    host.facts.build.flavour = sshdconf::Flavour::upstream;
    EXPECT_EQ(host.verdict("authorized_keys_path_refused"), "fail");
    host.facts.build.flavour = sshdconf::Flavour::debian;
    host.account("carol", 1001).groups = {"users", "bob"};
    host.settings({});
    EXPECT_EQ(host.verdict("authorized_keys_path_refused"), "fail");
    EXPECT_THAT(host.detail("authorized_keys_path_refused"), HasSubstr("writable by group bob"));
}

TEST(HomeChecks, AFileWithoutKeysIsNotRefused) {
    TestHost host;
    auto& keys = host.keys_of("bob", {});
    keys.walk->steps[2].mode = 0777;
    EXPECT_EQ(host.verdict("authorized_keys_path_refused"), "pass");
    keys.walk = fail(ErrorCode::permission, "no");
    EXPECT_EQ(host.verdict("authorized_keys_path_refused"), "unknown");
}

facts::HomeDirectory home_of_bob() {
    facts::HomeDirectory home{.account = "bob"};
    home.home = directory("/home/bob", 0755, 1000, 1000);
    home.dot_ssh = directory("/home/bob/.ssh", 0700, 1000, 1000);
    home.rc = absent("/home/bob/.ssh/rc");
    home.environment = absent("/home/bob/.ssh/environment");
    home.rhosts = absent("/home/bob/.rhosts");
    return home;
}

TEST(HomeChecks, HomesAndWhatLiesInThem) {
    TestHost host;
    host.facts.homes.push_back(home_of_bob());
    for (const char* name : {"home_directory_unsafe", "dot_ssh_mode", "user_rc_unsafe", "rhosts_files"}) {
        EXPECT_EQ(host.verdict(name), "pass") << name;
    }
    facts::HomeDirectory& home = host.facts.homes[0];
    home.home->mode = 0757;
    home.dot_ssh->mode = 0755;
    home.rc = file("/home/bob/.ssh/rc", 0666, 1000);
    home.rhosts = file("/home/bob/.rhosts", 0600, 1000);
    for (const char* name : {"home_directory_unsafe", "dot_ssh_mode", "user_rc_unsafe", "rhosts_files"}) {
        EXPECT_EQ(host.verdict(name), "fail") << name;
    }
    home = {.account = "bob"};
    for (const char* name : {"home_directory_unsafe", "dot_ssh_mode", "user_rc_unsafe", "rhosts_files"}) {
        EXPECT_EQ(host.verdict(name), "unknown") << name;
    }
}

TEST(HomeChecks, DaemonsWithASpoolAsHomeAreNoLogins) {
    TestHost host;
    host.facts.homes.push_back(home_of_bob());
    host.facts.homes[0].home->mode = 0775;
    host.facts.accounts->back().shell_usable = false;
    EXPECT_EQ(host.verdict("home_directory_unsafe"), "pass");
}

TEST(PathChecks, ConfigurationBelongsToRoot) {
    TestHost host;
    host.facts.config_paths = {walk(file("/etc/ssh/sshd_config", 0600))};
    EXPECT_EQ(host.verdict("config_path_unsafe"), "pass");
    EXPECT_EQ(host.verdict("config_mode"), "pass");
    host.facts.config_paths.push_back(walk(file("/etc/ssh/sshd_config.d/a.conf", 0644)));
    EXPECT_EQ(host.verdict("config_path_unsafe"), "pass");
    EXPECT_EQ(host.verdict("config_mode"), "fail");
    host.parameters["max_mode"] = "0644";
    EXPECT_EQ(host.verdict("config_mode"), "pass");
    host.facts.config_paths[1].steps[1].mode = 0775;
    EXPECT_EQ(host.verdict("config_path_unsafe"), "fail");
    EXPECT_EQ(host.run("config_path_unsafe")[0].fix, "chmod g-w /etc/ssh/sshd_config.d\n");
    host.facts.config_paths[1].steps[0].uid = 1000;
    EXPECT_THAT(host.detail("config_path_unsafe"), HasSubstr("owned by bob"));
}

facts::HostKey host_key(std::uint32_t mode, std::uint32_t uid = 0, std::uint32_t gid = 0) {
    facts::HostKey key{.path = "/etc/ssh/ssh_host_ed25519_key"};
    key.private_walk = walk(file(key.path, mode, uid, gid));
    key.public_info = file(key.path + ".pub", 0644);
    return key;
}

TEST(PathChecks, HostKeys) {
    TestHost host;
    host.facts.host_keys = {host_key(0600)};
    EXPECT_EQ(host.verdict("host_key_path_unsafe"), "pass");
    EXPECT_EQ(host.verdict("public_key_mode"), "pass");
    host.facts.host_keys = {host_key(0640)};
    EXPECT_EQ(host.verdict("host_key_path_unsafe"), "fail");
    host.facts.group_names->emplace(998, "ssh_keys");
    host.facts.host_keys = {host_key(0640, 0, 998)};
    EXPECT_EQ(host.verdict("host_key_path_unsafe"), "pass");
    host.facts.host_keys = {host_key(0600, 1000)};
    EXPECT_EQ(host.verdict("host_key_path_unsafe"), "fail");
    host.facts.host_keys[0].public_info->mode = 0664;
    EXPECT_EQ(host.verdict("public_key_mode"), "fail");
    host.facts.host_keys[0].private_walk = fail(ErrorCode::permission, "no");
    EXPECT_EQ(host.verdict("host_key_path_unsafe"), "unknown");
}

facts::NamedPath named(std::string option, facts::PathWalk where, std::string account = {}) {
    facts::NamedPath path{.option = std::move(option), .account = std::move(account)};
    path.walk = std::move(where);
    return path;
}

TEST(ProgramChecks, FilesThatSshdTrusts) {
    TestHost host;
    host.facts.named_paths = {named("revokedkeys", walk(file("/etc/ssh/revoked", 0644)))};
    EXPECT_EQ(host.verdict("trust_file_unsafe"), "pass");
    EXPECT_EQ(host.verdict("revoked_keys_missing"), "pass");
    host.facts.named_paths[0].walk->steps[0].mode = 0666;
    EXPECT_EQ(host.verdict("trust_file_unsafe"), "fail");
    host.facts.named_paths[0].walk->steps[0] = absent("/etc/ssh/revoked");
    EXPECT_EQ(host.verdict("revoked_keys_missing"), "fail");
    host.facts.named_paths[0].option = "trustedusercakeys";
    EXPECT_EQ(host.verdict("trusted_ca_missing"), "fail");
    host.facts.named_paths[0].walk = fail(ErrorCode::io, "no");
    EXPECT_EQ(host.verdict("trusted_ca_missing"), "unknown");
}

TEST(ProgramChecks, PrincipalsFileMayBeTheOwners) {
    TestHost host;
    host.facts.named_paths = {named("authorizedprincipalsfile",
                                    walk(file("/home/bob/.ssh/p", 0600, 1000),
                                         {directory("/home/bob/.ssh", 0700, 1000), directory("/home/bob", 0755, 1000)}),
                                    "bob")};
    EXPECT_EQ(host.verdict("principals_file_unsafe"), "pass");
    host.facts.named_paths[0].walk->steps[1].mode = 0722;
    EXPECT_EQ(host.verdict("principals_file_unsafe"), "fail");
}

TEST(ProgramChecks, HelperCommandsAreRootsAllTheWayUp) {
    TestHost host;
    host.facts.named_paths = {named("authorizedkeyscommand", walk(file("/opt/keys", 0755)))};
    EXPECT_EQ(host.verdict("helper_command_unsafe"), "pass");
    host.facts.named_paths[0].walk->steps[1].uid = 1000;
    EXPECT_EQ(host.verdict("helper_command_unsafe"), "fail");
    host.facts.named_paths[0].option = "subsystem";
    EXPECT_EQ(host.verdict("helper_command_unsafe"), "pass");
    EXPECT_EQ(host.verdict("session_program_unsafe"), "fail");
    host.facts.named_paths[0].walk->steps[0].exists = false;
    EXPECT_EQ(host.verdict("session_program_missing"), "fail");
}

TEST(ProgramChecks, HelperCommandNeedsAnAccount) {
    TestHost host;
    EXPECT_EQ(host.verdict("helper_command_user"), "pass");
    host.settings({{"authorizedkeyscommand", "/opt/keys"}});
    EXPECT_EQ(host.verdict("helper_command_user"), "fail");
    host.settings({{"authorizedkeyscommand", "/opt/keys"}, {"authorizedkeyscommanduser", "nobody"}});
    EXPECT_THAT(host.detail("helper_command_user"), HasSubstr("no such account"));
    host.settings({{"authorizedkeyscommand", "/opt/keys"}, {"authorizedkeyscommanduser", "root"}});
    EXPECT_EQ(host.verdict("helper_command_user"), "pass");
    host.parameters["user"] = "root";
    EXPECT_EQ(host.verdict("helper_command_user"), "fail");
}

TEST(ProgramChecks, NologinAndModuliFile) {
    TestHost host;
    host.facts.nologin = false;
    host.facts.moduli_path = walk(file("/etc/ssh/moduli", 0644));
    EXPECT_EQ(host.verdict("nologin_present"), "pass");
    EXPECT_EQ(host.verdict("moduli_path_unsafe"), "pass");
    host.facts.nologin = true;
    host.facts.moduli_path->steps[0].mode = 0666;
    EXPECT_EQ(host.verdict("nologin_present"), "fail");
    EXPECT_EQ(host.verdict("moduli_path_unsafe"), "fail");
}

TEST(ChrootChecks, EveryDirectoryIsRoots) {
    TestHost host;
    host.settings({{"chrootdirectory", "/srv/ftp"}, {"forcecommand", "internal-sftp"}});
    EXPECT_EQ(host.verdict("chroot_unsafe"), "unknown");
    host.facts.named_paths = {named("chrootdirectory", walk(directory("/srv/ftp")))};
    EXPECT_EQ(host.verdict("chroot_unsafe"), "pass");
    EXPECT_EQ(host.verdict("chroot_needs_programs"), "pass");
    host.facts.named_paths[0].walk->steps[0].uid = 1000;
    EXPECT_EQ(host.verdict("chroot_unsafe"), "fail");
    EXPECT_EQ(host.run("chroot_unsafe")[0].fix, "chown root /srv/ftp\n");
    host.facts.named_paths[0].walk->steps[0] = absent("/srv/ftp");
    EXPECT_THAT(host.detail("chroot_unsafe"), HasSubstr("does not exist"));
    host.settings({{"chrootdirectory", "/srv/ftp"}});
    EXPECT_EQ(host.verdict("chroot_needs_programs"), "fail");
    host.settings({{"chrootdirectory", "/srv/ftp"}, {"forcecommand", "/usr/lib/openssh/sftp-server"}});
    EXPECT_THAT(host.detail("chroot_needs_programs"), HasSubstr("looked for within"));
}

}  // namespace
}  // namespace sshkeep::rules
