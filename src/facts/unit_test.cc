#include "facts/unit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sshkeep::facts {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(MergeUnit, KeepsWhatIsStartedAndListenedOn) {
    Unit unit;
    merge_unit_text(unit,
                    "[Unit]\nExecStart=/not/here\n[Service]\nExecStartPre=/usr/sbin/sshd -t\n"
                    "ExecStart = /usr/sbin/sshd -D $SSHD_OPTS\n[Socket]\nListenStream=22\nListenStream=[::]:2222\n");
    EXPECT_THAT(unit.exec_start, ElementsAre("/usr/sbin/sshd -D $SSHD_OPTS"));
    EXPECT_THAT(unit.listen_streams, ElementsAre("22", "[::]:2222"));
}

TEST(MergeUnit, AnEmptyAssignmentClears) {
    Unit unit;
    merge_unit_text(unit, "[Socket]\nListenStream=22\n");
    merge_unit_text(unit, "[Socket]\nListenStream=\nListenStream=2222\n");
    EXPECT_THAT(unit.listen_streams, ElementsAre("2222"));
}

TEST(MergeUnit, JoinsContinuedLinesAndSkipsComments) {
    Unit unit;
    merge_unit_text(unit, "# c\n; c\n[Service]\nExecStart=/usr/sbin/sshd \\\n# inside\n  -D\n#ExecStart=/no\n");
    ASSERT_EQ(unit.exec_start.size(), 1U);
    EXPECT_EQ(unit.exec_start.front(), "/usr/sbin/sshd    -D");
}

TEST(MergeUnit, HostileTextIsTotal) {
    for (const auto* text :
         {"", "\\", "\\\n", "=", "[", "]", "[]", "[Service]\n=\nExecStart\n", "[Socket]\n\xFF\x01\n"}) {
        Unit unit;
        merge_unit_text(unit, text);
        EXPECT_THAT(unit.exec_start, IsEmpty()) << text;
        EXPECT_THAT(unit.listen_streams, IsEmpty()) << text;
    }
}

}  // namespace
}  // namespace sshkeep::facts
