#include "report/layout.h"

#include <gtest/gtest.h>

namespace sshkeep::report {
namespace {

TEST(Layout, CutsByColumnsNotBytes) {
    EXPECT_EQ(cut("abc", 3), "abc");
    EXPECT_EQ(cut("abcd", 3), "ab\xE2\x80\xA6");
    EXPECT_EQ(cut("\xC3\xA4\xC3\xB6\xC3\xBC\xC3\x9F", 3), "\xC3\xA4\xC3\xB6\xE2\x80\xA6");
    EXPECT_EQ(columns(cut("abcd", 1)), 1U);
    EXPECT_EQ(cut("abcd", 0), "");
}

TEST(Layout, WrapsAtTheWidthAndKeepsTheIndent) {
    Page page(false, 40);
    page.entry({"TAG", Style::high}, 10, {{"one two three four five six seven eight nine ten"}});
    EXPECT_EQ(page.take(), "TAG       one two three four five six\n          seven eight nine ten\n");
}

TEST(Layout, AWordWiderThanThePageStaysWhole) {
    const std::string word(60, 'x');
    Page page(false, 40);
    page.paragraph("a " + word + " b", 2);
    EXPECT_EQ(page.take(), "  a\n  " + word + "\n  b\n");
}

TEST(Layout, BytesOfTheHostNeverMoveTheCursor) {
    Page page(true, 80);
    page.paragraph("a\x1b[2Jb\rc\nd");
    page.quote({"/tmp/\x1b]0;x\a:1", Style::plain},
               "k\x9b"
               "1m\x7f",
               2);
    page.verbatim("x\ty\x1b[31m\nz", 2);
    const auto out = page.take();
    for (const char c : out) {
        EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20) << static_cast<int>(c);
        EXPECT_NE(static_cast<unsigned char>(c), 0x9B);
        EXPECT_NE(c, 0x7F);
    }
}

TEST(Layout, ANewlineInAPathStartsNoLine) {
    Page page(false, 80);
    page.quote({"/a\nSCORE 100"}, "text", 0);
    EXPECT_EQ(page.take(), "/a\\x0aSCORE 100  text\n");
}

TEST(Layout, ColourOnlyWhenAsked) {
    Page plain(false, 80);
    plain.paragraph({{"x", Style::critical}});
    EXPECT_EQ(plain.take(), "x\n");
    Page coloured(true, 80);
    coloured.paragraph({{"x", Style::critical}});
    EXPECT_EQ(coloured.take(), "\x1b[1;37;41mx\x1b[0m\n");
}

TEST(Layout, QuoteCutsALongLineAndMovesItBelowALongPath) {
    Page page(false, 60);
    page.quote({"/etc/ssh/sshd_config:1"}, std::string(1'000'000, 'y'), 2);
    const auto cut_line = page.take();
    EXPECT_EQ(columns(cut_line), 61U);  // the newline
    Page below(false, 60);
    below.quote({"/" + std::string(50, 'p')}, "the text at fault, of some length", 2);
    EXPECT_EQ(below.take(), "  /" + std::string(50, 'p') + "\n    the text at fault, of some length\n");
}

TEST(Layout, ProseJoinsLinesAndKeepsParagraphs) {
    Page page(false, 80);
    page.prose("one\ntwo\n\nthree\n", 2);
    EXPECT_EQ(page.take(), "  one two\n\n  three\n");
}

TEST(Layout, OneBlankLineAtMost) {
    Page page(false, 80);
    page.blank();
    page.paragraph("a");
    page.blank();
    page.blank();
    page.paragraph("b");
    EXPECT_EQ(page.take(), "a\n\nb\n");
}

}  // namespace
}  // namespace sshkeep::report
