#include "facts/assignments.h"

#include <gtest/gtest.h>

namespace sshkeep::facts {
namespace {

TEST(FindAssignment, ReadsPlainAndQuotedValues) {
    EXPECT_EQ(find_assignment("SSHD_OPTS=\n", "SSHD_OPTS"), "");
    EXPECT_EQ(find_assignment("SSHD_OPTS=-4", "SSHD_OPTS"), "-4");
    EXPECT_EQ(find_assignment("  SSHD_OPTS=\"-o Port=22 -4\"  \n", "SSHD_OPTS"), "-o Port=22 -4");
    EXPECT_EQ(find_assignment("SSHD_OPTS='a\\b'\n", "SSHD_OPTS"), "a\\b");
    EXPECT_EQ(find_assignment("export SSHD_OPTS=-6\n", "SSHD_OPTS"), "-6");
    EXPECT_EQ(find_assignment("NAME=\"a \\\"b\\\" c\"\n", "NAME"), "a \"b\" c");
}

TEST(FindAssignment, TheLastOneCounts) { EXPECT_EQ(find_assignment("A=1\nA=2\n", "A"), "2"); }

TEST(FindAssignment, OtherLinesDoNot) {
    EXPECT_EQ(find_assignment("#SSHD_OPTS=-4\nSSHD_OPTS2=x\nXSSHD_OPTS=y\nSSHD_OPTS\n", "SSHD_OPTS"), std::nullopt);
    EXPECT_EQ(find_assignment("", "SSHD_OPTS"), std::nullopt);
    EXPECT_EQ(find_assignment("A=\"unbalanced\n", "A"), "unbalanced");
    EXPECT_EQ(find_assignment("A=\\", "A"), "\\");
}

TEST(OsRelease, IsRead) {
    const auto os = parse_os_release(
        "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nVERSION_ID=\"12\"\nVERSION_CODENAME=bookworm\nID=debian\n");
    EXPECT_EQ(os.id, "debian");
    EXPECT_EQ(os.version_id, "12");
    EXPECT_EQ(os.codename, "bookworm");
    EXPECT_EQ(os.pretty_name, "Debian GNU/Linux 12 (bookworm)");
    EXPECT_EQ(parse_os_release("\xFF\0=").id, "");
}

}  // namespace
}  // namespace sshkeep::facts
