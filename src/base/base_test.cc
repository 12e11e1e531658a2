#include <gtest/gtest.h>

#include <type_traits>

#include "base/escape.h"
#include "base/result.h"
#include "base/text.h"

namespace sshkeep {
namespace {

Result<int> half(int number) {
    if (number % 2 != 0) {
        return fail(ErrorCode::invalid, "odd");
    }
    return number / 2;
}

Result<int> quarter(int number) { return half(TRY(half(number))); }

Result<int> eighth(int number) { return TRY(half(TRY(half(TRY(half(number)))))); }

TEST(Result, TryPassesValuesAndErrorsOn) {
    EXPECT_EQ(*quarter(8), 2);
    EXPECT_EQ(*eighth(8), 1);
    EXPECT_FALSE(eighth(4));
    EXPECT_EQ(quarter(6).error().message, "odd");
    EXPECT_EQ(quarter(6).error().code, ErrorCode::invalid);
}

TEST(Result, ContextIsAddedInFront) {
    EXPECT_EQ((Error{ErrorCode::io, "no space"}.in("write /a").in("plan")).message, "plan: write /a: no space");
}

TEST(Untrusted, HasNoWayIntoAString) {
    static_assert(!std::is_convertible_v<Untrusted, std::string>);
    static_assert(!std::is_convertible_v<Untrusted, std::string_view>);
}

TEST(Escape, LeavesPrintableTextAlone) {
    EXPECT_EQ(escape_for_terminal("key of J\xC3\xBCrgen \\ \xE6\xBC\xA2"), "key of J\xC3\xBCrgen \\ \xE6\xBC\xA2");
}

TEST(Escape, ShowsControlsAndMisleadingCharacters) {
    EXPECT_EQ(escape_for_terminal("\x1b[2Jx\r\n\t"), "\\x1b[2Jx\\x0d\\x0a\\x09");
    EXPECT_EQ(escape_for_terminal("a\xE2\x80\xAE"
                                  "b"),
              "a\\u{202e}b");                               // right-to-left override
    EXPECT_EQ(escape_for_terminal("\xC2\x9B"), "\\u{9b}");  // CSI as one C1 code point
    EXPECT_EQ(escape_for_terminal("\x7F"), "\\x7f");
}

TEST(Escape, ShowsBytesThatAreNotUtf8) {
    EXPECT_EQ(escape_for_terminal("\xFF"), "\\xff");
    EXPECT_EQ(escape_for_terminal("\xC0\xAF"), "\\xc0\\xaf");           // overlong slash
    EXPECT_EQ(escape_for_terminal("\xED\xA0\x80"), "\\xed\\xa0\\x80");  // surrogate
    EXPECT_EQ(escape_for_terminal("\xF4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");
    EXPECT_EQ(escape_for_terminal("\xE2\x80"), "\\xe2\\x80");  // cut short
}

TEST(Escape, CutsLongText) {
    EXPECT_EQ(escape_for_terminal("abcdef", 3), "abc\xE2\x80\xA6");
    EXPECT_EQ(escape_for_terminal("abc", 3), "abc");
}

TEST(Escape, ValidUtf8ReplacesOnlyWhatIsBroken) {
    EXPECT_EQ(valid_utf8("a\xFF\x01\xC3\xBC"), "a\xEF\xBF\xBD\x01\xC3\xBC");
}

TEST(Text, Trims) {
    EXPECT_EQ(trim(" \t a b \r\n"), "a b");
    EXPECT_EQ(trim(" \n"), "");
}

TEST(Text, SplitsKeepingEmptyPieces) {
    EXPECT_EQ(split("a,,b", ','), (std::vector<std::string_view>{"a", "", "b"}));
    EXPECT_EQ(split("", ','), (std::vector<std::string_view>{""}));
    EXPECT_EQ(split_words("  a \t b"), (std::vector<std::string_view>{"a", "b"}));
}

TEST(Text, JoinsEmptyPiecesToo) { EXPECT_EQ(join({"", "a", ""}, ","), ",a,"); }

TEST(Text, ReadsWholeNumbersOnly) {
    EXPECT_EQ(parse_int("-12"), -12);
    EXPECT_EQ(parse_uint("0755", 8), 0755U);
    for (const auto* bad : {"", " 1", "1 ", "+1", "0x1", "99999999999999999999", "1\n"}) {
        EXPECT_FALSE(parse_int(bad)) << bad;
    }
    EXPECT_FALSE(parse_uint("-1"));
}

}  // namespace
}  // namespace sshkeep
