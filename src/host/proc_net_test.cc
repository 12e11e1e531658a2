#include "host/proc_net.h"

#include <gtest/gtest.h>

namespace sshkeep::host {
namespace {

constexpr std::string_view table =
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
    "   0: 0100007F:0019 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1111 1 0 100 0\n"
    "   1: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 2222 1 0 100 0\n"
    "   2: 0100007F:0016 0100007F:A2C4 01 00000000:00000000 00:00000000 00000000     0        0 3333 1 0 100 0\n";

TEST(ProcNet, KeepsOnlyListeners) {
    const auto listeners = parse_proc_net_tcp(table);
    ASSERT_EQ(listeners.size(), 2U);
    EXPECT_EQ(listeners[0].address, "127.0.0.1");
    EXPECT_EQ(listeners[0].port, 25);
    EXPECT_EQ(listeners[1].address, "0.0.0.0");
    EXPECT_EQ(listeners[1].port, 22);
    EXPECT_EQ(listeners[1].inode, 2222U);
}

TEST(ProcNet, ReadsIpv6) {
    const auto listeners = parse_proc_net_tcp(
        " 0: 00000000000000000000000001000000:0016 00000000000000000000000000000000:0000 0A 0:0 0:0 0 0 0 77 1\n"
        " 1: B80D01200000000000000000010000AA:0017 00000000000000000000000000000000:0000 0A 0:0 0:0 0 0 0 78 1\n");
    ASSERT_EQ(listeners.size(), 2U);
    EXPECT_EQ(listeners[0].address, "::1");
    EXPECT_EQ(listeners[1].address, "2001:db8::aa00:1");
}

TEST(ProcNet, SkipsWhatDoesNotParse) {
    for (const auto* text :
         {"", "\n\n", "garbage", " 0: 0100007F 0 0A 0 0 0 0 0 1 1\n", " 0: 0100007F:99999 0 0A 0:0 0:0 0 0 0 5 1\n",
          " 0: XYZ0007F:0016 0 0A 0:0 0:0 0 0 0 5 1\n", " 0: 01:0016 0 0A 0:0 0:0 0 0 0 5 1\n",
          " 0: 0100007F:0016 0 0A 0:0 0:0 0 0 0 -5 1\n", " 0: 0100007F:0016 0 0A\n"}) {
        EXPECT_TRUE(parse_proc_net_tcp(text).empty()) << text;
    }
}

}  // namespace
}  // namespace sshkeep::host
