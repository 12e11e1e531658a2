#include "host/login_session.h"

#include <gtest/gtest.h>

#include "host/host_factory.h"
#include "host/proc_net.h"
#include "support/temp_tree.h"

namespace sshkeep::host {
namespace {

constexpr const char* header =
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";

/// A /proc of our own, in which 40 is sshkeep, 30 its shell, 21 and 20 the processes of one connection, 10 the
/// listener.
class LoginSessionTest : public testing::Test {
protected:
    void add_process(int pid, const std::string& name, int parent, const std::string& title, unsigned started) const {
        const auto directory = "/proc/" + std::to_string(pid) + "/";
        tree_.add_file(directory + "stat", std::to_string(pid) + " (" + name + ") S " + std::to_string(parent) +
                                               " 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 " + std::to_string(started) +
                                               " 0 0\n");
        tree_.add_file(directory + "cmdline", title + std::string(1, '\0'));
        tree_.add_file(directory + "environ", "");
        tree_.add_directory(directory + "fd");
    }
    void add_socket(int pid, const std::string& inode) const {
        tree_.add_link("/proc/" + std::to_string(pid) + "/fd/4", "socket:[" + inode + "]");
    }
    void add_table(int pid, const std::string& lines) const {
        tree_.add_file("/proc/" + std::to_string(pid) + "/net/tcp", header + lines);
        tree_.add_file("/proc/" + std::to_string(pid) + "/net/tcp6", header);
    }
    [[nodiscard]] std::optional<LoginSession> session() const {
        const auto host = make_tree_host(tree_.root()).value();
        return read_login_session(*host, 40);
    }

    support::TempTree tree_;
};

TEST_F(LoginSessionTest, IsFoundThroughTheAncestors) {
    add_process(40, "sshkeep", 35, "sshkeep", 900);
    add_process(35, "sudo) S 1 (", 30, "sudo", 890);
    add_process(30, "bash", 21, "-bash", 880);
    add_process(21, "sshd", 20, "sshd: alice@pts/0", 870);
    add_process(20, "sshd", 10, "sshd: alice [priv]", 860);
    add_process(10, "sshd", 1, "sshd: /usr/sbin/sshd -D [listener]", 100);
    const std::string established =
        "   0: 0A0200C0:0016 070200C0:C350 01 00000000:00000000 00:00000000 00000000     0        0 777 1 x\n";
    const std::string listening =
        "   1: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 111 1 x\n";
    for (const int pid : {10, 20, 21}) {
        add_table(pid, established + listening);
    }
    add_socket(10, "111");
    add_socket(20, "777");
    add_socket(21, "777");
    const auto found = session();
    ASSERT_TRUE(found);
    EXPECT_EQ(found->user, "alice");
    EXPECT_EQ(found->address, "192.0.2.7");
    EXPECT_EQ(found->local_address, "192.0.2.10");
    EXPECT_EQ(found->local_port, 22);
    EXPECT_EQ(found->identity, "sshd 20 860");
    EXPECT_TRUE(found->connected);
}

TEST_F(LoginSessionTest, OfAMultiplexerIsWhatTheEnvironmentClaims) {
    add_process(40, "sshkeep", 30, "sshkeep", 900);
    add_process(30, "bash", 25, "-bash", 880);
    add_process(25, "tmux: server", 1, "tmux", 500);
    std::string environment = "LOGNAME=bob";
    environment += '\0';
    environment += "SSH_CONNECTION=2001:db8::7 50000 2001:db8::1 2222";
    environment += '\0';
    tree_.add_file("/proc/30/environ", environment);
    const auto found = session();
    ASSERT_TRUE(found);
    EXPECT_EQ(found->user, "bob");
    EXPECT_EQ(found->address, "2001:db8::7");
    EXPECT_EQ(found->local_port, 2222);
    EXPECT_FALSE(found->connected);
}

TEST_F(LoginSessionTest, AConsoleHasNone) {
    add_process(40, "sshkeep", 30, "sshkeep", 900);
    add_process(30, "bash", 1, "-bash", 880);
    EXPECT_FALSE(session());
}

TEST(SshdTitleTest, TellsTheUser) {
    EXPECT_EQ(user_of_title("sshd: alice [priv]"), "alice");
    EXPECT_EQ(user_of_title("sshd-session: alice@pts/0"), "alice");
    EXPECT_EQ(user_of_title("sshd: user@realm@notty"), "user@realm");
    EXPECT_EQ(user_of_title("bash"), "");
}

}  // namespace
}  // namespace sshkeep::host
