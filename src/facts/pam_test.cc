#include "facts/pam.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace sshkeep::facts {
namespace {

using namespace std::string_literals;

using testing::ElementsAre;
using testing::IsEmpty;

PamLine only_line(std::string_view text) {
    const auto entries = parse_pam(text, "/etc/pam.d/sshd");
    EXPECT_EQ(entries.size(), 1U) << text;
    return entries.empty() ? PamLine{} : entries.front().line;
}

TEST(ParsePam, ReadsALine) {
    const auto line = only_line("# comment\nauth\t required   pam_unix.so nullok  try_first_pass # more\n");
    EXPECT_EQ(line.line, 2U);
    EXPECT_EQ(line.type, "auth");
    EXPECT_EQ(line.control, "required");
    EXPECT_EQ(line.module, "pam_unix.so");
    EXPECT_THAT(line.arguments, ElementsAre("nullok", "try_first_pass"));
}

TEST(ParsePam, ReadsBracketsAndDashes) {
    const auto line = only_line("-AUTH [success=1 default=ignore] pam_a.so [query=select \\] from x] y\r\n");
    EXPECT_EQ(line.type, "auth");
    EXPECT_EQ(line.control, "[success=1 default=ignore]");
    EXPECT_THAT(line.arguments, ElementsAre("query=select ] from x", "y"));
}

TEST(ParsePam, AModuleNamedByPathKeepsIt) {
    const auto line = only_line("auth required /opt/lib/pam_other.so");
    EXPECT_EQ(line.module, "pam_other.so");
    EXPECT_EQ(line.path, "/opt/lib/pam_other.so");
    EXPECT_EQ(only_line("auth required pam_unix.so").path, "");
}

TEST(ParsePam, JoinsContinuedLines) {
    const auto entries = parse_pam("auth required \\\n pam_a.so \\\n x\nauth required pam_b.so", "f");
    ASSERT_EQ(entries.size(), 2U);
    EXPECT_EQ(entries[0].line.line, 1U);
    EXPECT_THAT(entries[0].line.arguments, ElementsAre("x"));
    EXPECT_EQ(entries[1].line.line, 4U);
}

TEST(ParsePam, HostileTextIsTotal) {
    for (const auto* text : {"", "\n\n", "auth", "auth required", "[", "auth [", "auth [a\\", "@include",
                             "- required pam.so", "\\", "\\\n\\"}) {
        EXPECT_THAT(parse_pam(text, "f"), IsEmpty()) << text;
    }
    EXPECT_EQ(parse_pam("auth [unclosed required pam.so", "f").size(), 0U);
    EXPECT_EQ(parse_pam("auth\0 required \xFF"s, "f").size(), 1U);
}

class ExpandPam : public testing::Test {
protected:
    Fact<PamStack> expand(const std::string& service = "sshd") {
        return expand_pam(service, [this](const std::string& name) -> Result<PamFile> {
            ++reads_;
            const auto file = files_.find(name);
            if (file == files_.end()) {
                return fail(ErrorCode::not_found, "no such service");
            }
            if (file->second == "denied") {
                return fail(ErrorCode::permission, "Permission denied");
            }
            return PamFile{"/etc/pam.d/" + name, file->second};
        });
    }
    std::vector<std::string> modules(const Fact<PamStack>& stack) {
        std::vector<std::string> names;
        for (const auto& line : stack.value().lines) {
            names.push_back(line.module);
        }
        return names;
    }

    std::map<std::string, std::string> files_;
    int reads_ = 0;
};

TEST_F(ExpandPam, FollowsEveryKindOfInclude) {
    files_["sshd"] = "auth required a.so\n@include common\nauth include typed\naccount substack typed\n";
    files_["common"] = "auth required b.so\nsession required c.so\n";
    files_["typed"] = "auth required d.so\naccount required e.so\n";
    const auto stack = expand();
    EXPECT_THAT(modules(stack), ElementsAre("a.so", "b.so", "c.so", "d.so", "e.so"));
    EXPECT_EQ(stack->lines[1].file, "/etc/pam.d/common");
    EXPECT_THAT(stack->missing, IsEmpty());
}

TEST_F(ExpandPam, AMissingIncludeIsNoted) {
    files_["sshd"] = "@include gone\nauth required a.so\n";
    const auto stack = expand();
    EXPECT_THAT(modules(stack), ElementsAre("a.so"));
    EXPECT_THAT(stack->missing, ElementsAre("gone"));
}

TEST_F(ExpandPam, AServiceWithoutAFileFallsBackToOther) {
    files_["other"] = "auth required pam_deny.so\n";
    EXPECT_THAT(modules(expand()), ElementsAre("pam_deny.so"));
    files_.clear();
    EXPECT_THAT(expand()->missing, ElementsAre("sshd", "other"));
}

TEST_F(ExpandPam, AnUnreadableFileMakesTheStackUnknown) {
    files_["sshd"] = "@include common\n";
    files_["common"] = "denied";
    EXPECT_EQ(expand().error().code, ErrorCode::permission);
}

TEST_F(ExpandPam, EndlessIncludesEnd) {
    files_["sshd"] = "@include sshd\n";
    EXPECT_EQ(expand().error().code, ErrorCode::too_large);
    EXPECT_EQ(reads_, 1);
    files_["sshd"] = "@include b\n@include b\n@include b\n@include b\n";
    files_["b"] = "@include sshd\n@include sshd\n@include sshd\n";
    EXPECT_EQ(expand().error().code, ErrorCode::too_large);
}

TEST_F(ExpandPam, ABombOfLinesEnds) {
    for (int i = 0; i < 10; ++i) {
        files_["f" + std::to_string(i)] =
            "auth required x.so\n@include f" + std::to_string(i + 1) + "\n@include f" + std::to_string(i + 1) + "\n";
    }
    files_["f10"] = "auth required x.so\n";
    EXPECT_EQ(expand("f0").error().code, ErrorCode::too_large);
}

}  // namespace
}  // namespace sshkeep::facts
