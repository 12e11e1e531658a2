#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

#include "host/host_factory.h"
#include "host/unique_fd.h"

namespace sshkeep::host {
namespace {

TEST(LocalHost, KnowsRootAndItsGroup) {
    const auto host = make_local_host().value();
    EXPECT_TRUE(host->running());
    const auto accounts = host->read_accounts();
    ASSERT_TRUE(accounts) << accounts.error().message;
    EXPECT_TRUE(
        std::ranges::any_of(*accounts, [](const auto& entry) { return entry.name == "root" && entry.uid == 0; }));
    const auto groups = host->read_groups();
    ASSERT_TRUE(groups) << groups.error().message;
    EXPECT_TRUE(std::ranges::any_of(*groups, [](const auto& entry) { return entry.gid == 0; }));
    EXPECT_FALSE(host->read_hostname().value().empty());
}

TEST(LocalHost, AsksTwiceWithTheSameAnswer) {
    const auto host = make_local_host().value();
    EXPECT_EQ(host->read_accounts().value().size(), host->read_accounts().value().size());
}

TEST(LocalHost, SeesAListeningSocket) {
    const UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    ASSERT_EQ(::bind(socket.get(), generic, size), 0);
    ASSERT_EQ(::listen(socket.get(), 1), 0);
    ASSERT_EQ(::getsockname(socket.get(), generic, &size), 0);

    const auto listeners = make_local_host().value()->read_listeners();
    ASSERT_TRUE(listeners) << listeners.error().message;
    EXPECT_TRUE(std::ranges::any_of(*listeners, [&](const auto& listener) {
        return listener.address == "127.0.0.1" && listener.port == ::ntohs(address.sin_port);
    }));
}

TEST(LocalHost, NeverReadsADevice) {
    const auto host = make_local_host().value();
    EXPECT_EQ(host->read_file("/dev/zero", ports::Links::follow, 10).error().code, ErrorCode::wrong_type);
}

}  // namespace
}  // namespace sshkeep::host
