#include "sshdconf/edit.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "sshdconf/test_support.h"

namespace sshkeep::sshdconf {
namespace {

File file_of(const std::string& text) { return config_of(text).files[0]; }

std::string edited(const std::string& text, std::vector<Edit> edits) {
    const auto result = apply_edits(file_of(text), std::move(edits));
    return result ? *result : "error: " + result.error().message;
}

TEST(ApplyEdits, TouchesNothingElse) {
    const std::string text = "# a\r\n\tPort 22 \nUsePAM yes";
    EXPECT_EQ(edited(text, {}), text);
    EXPECT_EQ(edited(text, {{2, 1, "Port 23\n"}}), "# a\r\nPort 23\nUsePAM yes");
    EXPECT_EQ(edited(text, {{3, 1, ""}}), "# a\r\n\tPort 22 \n");
    EXPECT_EQ(edited(text, {{1, 3, ""}}), "");
}

TEST(ApplyEdits, EndsTheLastLineBeforeTextFollows) {
    EXPECT_EQ(edited("UsePAM yes", {{2, 0, "Port 23\n"}}), "UsePAM yes\nPort 23\n");
    EXPECT_EQ(edited("", {{1, 0, "Port 23\n"}}), "Port 23\n");
    EXPECT_EQ(edited("A\nB", {{2, 1, "C\n"}}), "A\nC\n");
}

TEST(ApplyEdits, InsertsInOrderInFrontOfWhatIsReplaced) {
    EXPECT_EQ(edited("A\nB\n", {{2, 1, "D\n"}, {2, 0, "x\n"}, {2, 0, "y\n"}}), "A\nx\ny\nD\n");
}

TEST(ApplyEdits, RefusesWhatOverlapsOrLiesOutside) {
    EXPECT_TRUE(edited("A\nB\n", {{1, 2, ""}, {2, 1, ""}}).starts_with("error"));
    EXPECT_TRUE(edited("A\nB\n", {{0, 1, ""}}).starts_with("error"));
    EXPECT_TRUE(edited("A\nB\n", {{2, 2, ""}}).starts_with("error"));
    EXPECT_TRUE(edited("A\nB\n", {{4, 0, "C\n"}}).starts_with("error"));
    EXPECT_TRUE(edited("A\nB\n", {{1, 0, "C"}}).starts_with("error"));
}

std::string copy_name(const std::string& path) {
    std::string flat = path;
    std::ranges::replace(flat, '/', '_');
    return "/stage/" + flat;
}

std::string staged(MemorySource& source, const std::vector<std::string>& drop = {}, const Build& build = bookworm()) {
    const auto copies = stage(main_path, source, build, copy_name, drop);
    if (!copies) {
        return "error: " + copies.error().message;
    }
    std::string text;
    for (const Staged& copy : *copies) {
        text += copy.path + ":\n" + copy.bytes;
    }
    return text;
}

TEST(Stage, NamesTheCopiesInsteadOfPatterns) {
    MemorySource source;
    source.files[main_path] = "# head\nInclude sshd_config.d/* \"/etc/b\"   # why\nMatch User bob\n\tInclude /etc/b\n";
    source.files["/etc/ssh/sshd_config.d/1"] = "Port 22\n";
    source.files["/etc/ssh/sshd_config.d/2"] = "UsePAM yes";
    source.files["/etc/b"] = "X11Forwarding no\n";
    EXPECT_EQ(staged(source),
              "/stage/_etc_ssh_sshd_config:\n# head\n"
              "Include /stage/_etc_ssh_sshd_config.d_1 /stage/_etc_ssh_sshd_config.d_2 /stage/_etc_b\n"
              "Match User bob\nInclude /stage/_etc_b\n"
              "/stage/_etc_ssh_sshd_config.d_1:\nPort 22\n"
              "/stage/_etc_ssh_sshd_config.d_2:\nUsePAM yes"
              "/stage/_etc_b:\nX11Forwarding no\n");
}

TEST(Stage, KeepsTheNumberOfLines) {
    MemorySource source;
    source.files[main_path] = "Port 22\nInclude /nothing*\nListenAddress ::1\nUsePAM yes\n";
    EXPECT_EQ(staged(source, {"port", "listenaddress"}),
              "/stage/_etc_ssh_sshd_config:\n\n#Include /nothing*\n\nUsePAM yes\n");
}

TEST(Stage, LeavesWhatSshdRefuses) {
    MemorySource source;
    source.files[main_path] = "Include \"/etc/b\nInclude\nInclude \"\" /etc/b\nNonsense 1\n";
    source.files["/etc/b"] = "";
    EXPECT_EQ(staged(source), "/stage/_etc_ssh_sshd_config:\n" + source.files[main_path]);
    source.files[main_path] = "Include /etc/b \"\"\n";
    EXPECT_EQ(staged(source), "/stage/_etc_ssh_sshd_config:\nInclude /stage/_etc_b \"\"\n/stage/_etc_b:\n");
}

TEST(Stage, KnowsNoIncludeBefore82) {
    MemorySource source;
    source.files[main_path] = "Include /etc/b\n";
    EXPECT_EQ(staged(source, {}, build_of_upstream({7, 9, 1})), "/stage/_etc_ssh_sshd_config:\nInclude /etc/b\n");
}

TEST(Stage, EndsForFilesThatIncludeThemselves) {
    MemorySource source;
    source.files[main_path] = "Include /etc/ssh/*\n";
    EXPECT_EQ(staged(source), "/stage/_etc_ssh_sshd_config:\nInclude /stage/_etc_ssh_sshd_config\n");
}

TEST(Stage, FailsWithoutAFileThatIsIncluded) {
    MemorySource source;
    source.files[main_path] = "Include /etc/b\n";
    source.unreadable = {"/etc/b"};
    EXPECT_TRUE(staged(source).starts_with("error: /etc/b: permission denied"));
    source.unreadable.clear();
    source.files["/etc/b"] = std::string("Port\0 22\n", 9);
    EXPECT_TRUE(staged(source).starts_with("error: /etc/b: holds a NUL byte"));
}

TEST(Stage, RefusesNamesThatAnIncludeLineCannotHold) {
    MemorySource source;
    source.files[main_path] = "";
    const auto copies = stage(main_path, source, bookworm(), [](const std::string&) { return "/a b"; }, {});
    EXPECT_FALSE(copies.has_value());
}

}  // namespace
}  // namespace sshkeep::sshdconf
