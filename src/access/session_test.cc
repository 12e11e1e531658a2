#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "access/test_host.h"

namespace sshkeep::access::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Kind = Session::Kind;

Session session_with(const std::string& config, keyfmt::KeyOptions options = {},
                     const std::string& shell = "/bin/bash") {
    TestHost host("UsePAM yes\n" + config);
    host.find("bob").shell = shell;
    host.key("bob", ed25519("a"), std::move(options));
    auto decision = host.check_key("bob", "a");
    EXPECT_EQ(answer(decision), "admitted") << reasons(decision);
    return decision.session.value_or(Session{});
}

TEST(Session, ForceCommandComesBeforeTheKeysCommand) {
    EXPECT_EQ(session_with("").kind, Kind::shell);
    EXPECT_EQ(session_with("", {.command = Untrusted("/bin/date")}).command, "/bin/date");
    const auto both = session_with("ForceCommand /bin/true\n", {.command = Untrusted("/bin/date")});
    EXPECT_EQ(both.command, "/bin/true");
    EXPECT_EQ(both.kind, Kind::command);
    EXPECT_EQ(session_with("ForceCommand internal-sftp -d /x\n").kind, Kind::sftp);
}

TEST(Session, RestrictionsOfKeyAndConfigurationAddUp) {
    keyfmt::KeyOptions options{.pty = false, .user_rc = false};
    EXPECT_THAT(session_with("X11Forwarding yes\nAllowTcpForwarding no\n", options).restrictions,
                ElementsAre("no-port-forwarding", "no-pty", "no-user-rc"));
}

TEST(Session, AShellThatRefusesEndsItButNotInternalSftp) {
    const std::string nologin = "/usr/sbin/nologin";
    EXPECT_THAT(session_with("", {}, nologin).ends, HasSubstr("nologin"));
    EXPECT_THAT(session_with("ForceCommand /bin/date\n", {}, nologin).ends, HasSubstr("nologin"));
    EXPECT_THAT(session_with("ForceCommand internal-sftp\n", {}, nologin).ends, IsEmpty());
    const auto subsystem = session_with("Subsystem sftp internal-sftp\n", {}, nologin);
    EXPECT_EQ(subsystem.kind, Kind::sftp);
    EXPECT_THAT(subsystem.ends, IsEmpty());
}

TEST(Session, AnEmptyPasswordTriedBeforeBreaksKeyboardInteractive) {
    for (const bool permitted : {true, false}) {
        TestHost host(std::string("UsePAM yes\nPasswordAuthentication yes\nKbdInteractiveAuthentication yes\n") +
                      "PermitEmptyPasswords " + (permitted ? "yes" : "no") + "\n");
        host.find("bob").password = facts::PasswordState::hashed;
        const auto decision = host.check({.user = "bob", .password = true});
        EXPECT_EQ(answer(decision), "admitted");
        EXPECT_EQ(decision.methods, std::vector<std::string>{"keyboard-interactive"});
        EXPECT_EQ(decision.session->ends.empty(), !permitted);
    }
}

TEST(Session, MaxSessionsNoneAllowsNone) {
    const auto session = session_with("MaxSessions 0\n");
    EXPECT_EQ(session.kind, Kind::none);
    EXPECT_THAT(session.ends, HasSubstr("MaxSessions"));
}

TEST(Session, WithoutPamSshdLooksForEtcNologin) {
    TestHost host("UsePAM no\nPermitRootLogin yes\n");
    host.key("bob", ed25519("a"));
    host.key("root", ed25519("a"));
    EXPECT_THAT(host.check_key("bob", "a").session->ends, IsEmpty());
    host.facts.nologin = true;
    EXPECT_THAT(host.check_key("bob", "a").session->ends, HasSubstr("nologin"));
    EXPECT_THAT(host.check_key("root", "a").session->ends, IsEmpty());
}

TEST(Session, AChrootMustBeRoots) {
    TestHost host("UsePAM yes\nChrootDirectory /srv/%u\nForceCommand internal-sftp\n");
    host.key("bob", ed25519("a"));
    EXPECT_THAT(reasons(host.check_key("bob", "a")), HasSubstr("not looked at"));
    facts::NamedPath chroot{.option = "chrootdirectory", .account = "bob"};
    chroot.walk = facts::PathWalk{.named = "/srv/bob",
                                  .steps = {info_of("/srv/bob", facts::FileType::directory, 0755, 0),
                                            info_of("/srv", facts::FileType::directory, 0755, 0),
                                            info_of("/", facts::FileType::directory, 0755, 0)}};
    host.facts.named_paths.push_back(chroot);
    EXPECT_THAT(host.check_key("bob", "a").session->ends, IsEmpty());
    for (const std::uint32_t mode : {0775U, 0757U}) {
        host.facts.named_paths.front().walk->steps[1].mode = mode;
        EXPECT_THAT(host.check_key("bob", "a").session->ends, HasSubstr("/srv"));
    }
    host.facts.named_paths.front().walk->steps[1].mode = 0755;
    host.facts.named_paths.front().walk->steps[0].uid = 1000;
    EXPECT_THAT(host.check_key("bob", "a").session->ends, HasSubstr("/srv/bob"));
}

TEST(Session, AShellMustBeInTheChroot) {
    TestHost host("UsePAM yes\nChrootDirectory /srv\nSubsystem sftp /usr/lib/openssh/sftp-server\n");
    host.key("bob", ed25519("a"));
    facts::NamedPath chroot{.option = "chrootdirectory"};
    chroot.walk = facts::PathWalk{.named = "/srv", .steps = {info_of("/srv", facts::FileType::directory, 0755, 0)}};
    host.facts.named_paths.push_back(chroot);
    EXPECT_THAT(reasons(host.check_key("bob", "a")), HasSubstr("is not known"));
    host.facts.other_paths["/srv/bin/bash"] = facts::PathInfo{.path = "/srv/bin/bash"};
    EXPECT_THAT(host.check_key("bob", "a").session->ends, HasSubstr("there is no /bin/bash inside"));
    host.facts.other_paths["/srv/bin/bash"] = info_of("/srv/bin/bash", facts::FileType::regular, 0755, 0);
    EXPECT_THAT(host.check_key("bob", "a").session->ends, IsEmpty());
}

}  // namespace
}  // namespace sshkeep::access::testing
