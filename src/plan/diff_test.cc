#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <random>
#include <sstream>

#include "base/text.h"
#include "plan/plan.h"
#include "support/temp_tree.h"

namespace sshkeep::plan {
namespace {

FileChange change(const std::string& before, const std::string& after) {
    return {.path = "/f", .before = before, .after = after};
}

TEST(UnifiedDiff, OfANewFile) {
    EXPECT_EQ(unified_diff({{.path = "/etc/f", .before = std::nullopt, .after = "a\nb\n"}}),
              "--- /dev/null\n+++ b/etc/f\n@@ -0,0 +1,2 @@\n+a\n+b\n");
}

TEST(UnifiedDiff, HasThreeLinesOfContext) {
    EXPECT_EQ(unified_diff({change("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nx\n6\n7\n8\n9\n")}),
              "--- a/f\n+++ b/f\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n");
}

TEST(UnifiedDiff, TellsOfAMissingNewline) {
    EXPECT_EQ(unified_diff({change("a", "a\nb\n")}),
              "--- a/f\n+++ b/f\n@@ -1 +1,2 @@\n-a\n\\ No newline at end of file\n+a\n+b\n");
}

TEST(UnifiedDiff, OfNothingIsEmpty) { EXPECT_EQ(unified_diff({change("a\n", "a\n")}), ""); }

TEST(UnifiedDiff, EndsForTextsThatHaveNothingInCommon) {
    std::string before;
    std::string after;
    for (int i = 0; i < 40000; ++i) {
        before += "b" + std::to_string(i) + "\n";
        after += "a" + std::to_string(i) + "\n";
    }
    EXPECT_EQ(split(unified_diff({change(before, after)}), '\n').size(), 80000U + 4);
}

/// Output of a command; its exit status is not looked at.
std::string output_of(const std::string& command) {
    std::string text;
    FILE* pipe = popen(command.c_str(), "r");
    std::array<char, 4096> buffer{};
    for (std::size_t n = 0; pipe != nullptr && (n = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
        text.append(buffer.data(), n);
    }
    if (pipe != nullptr) {
        (void)pclose(pipe);
    }
    return text;
}

std::string contents(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

std::string some_lines(std::mt19937& random) {
    std::string text;
    for (auto n = random() % 30; n > 0; --n) {
        text += std::string(1, static_cast<char>('a' + random() % 5)) + "\n";
    }
    if (!text.empty() && random() % 4 == 0) {
        text.pop_back();
    }
    return text;
}

/// patch(1) makes the new text of the old one, and the diff is as short as that of diff(1).
TEST(UnifiedDiff, IsUnderstoodByPatch) {
    if (output_of("command -v patch && command -v diff").empty()) {
        GTEST_SKIP() << "NOT RUN: diff and patch are not installed";
    }
    std::mt19937 random(4);  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same cases in every run
    const support::TempTree tree;
    const std::string root = tree.root();
    const auto changed_lines = [](const std::string& diff) {
        return std::ranges::count_if(
            split(diff, '\n'), [](std::string_view line) { return line.starts_with('+') || line.starts_with('-'); });
    };
    for (int i = 0; i < 150; ++i) {
        const std::string before = some_lines(random);
        const std::string after = some_lines(random);
        tree.add_file("/f", before);
        tree.add_file("/new", after);
        const std::string diff = unified_diff({change(before, after)});
        tree.add_file("/diff", diff);
        const std::string theirs = output_of("cd " + root + " && diff -u -d f new");
        EXPECT_EQ(changed_lines(diff), changed_lines(theirs)) << diff << theirs;
        const std::string said = output_of("cd " + root + " && patch -s -p1 < diff 2>&1");
        EXPECT_EQ(before == after ? after : contents(tree.at("/f")), after) << said << diff;
    }
}

}  // namespace
}  // namespace sshkeep::plan
