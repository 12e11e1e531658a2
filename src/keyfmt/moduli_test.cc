#include "keyfmt/moduli.h"

#include <gtest/gtest.h>

#include <string>

namespace sshkeep::keyfmt {
namespace {

using namespace std::string_literals;

const std::string number_2048 = "F" + std::string(511, '1');

std::string line(std::string_view fields, std::string_view modulus = number_2048) {
    return std::string("20240101000000 ") + std::string(fields) + ' ' + std::string(modulus) + '\n';
}

TEST(Moduli, ReadsALine) {
    const auto moduli = parse_moduli("# Time Type Tests Tries Size Generator Modulus\n\n" + line("2 6 100 2047 5"));
    ASSERT_EQ(moduli.lines.size(), 1U);
    EXPECT_EQ(moduli.lines[0].line, 3U);
    EXPECT_EQ(moduli.lines[0].bits, 2048U);
    EXPECT_EQ(moduli.lines[0].generator, 5U);
    EXPECT_TRUE(moduli.lines[0].usable);
    EXPECT_TRUE(moduli.malformed.empty());
}

TEST(Moduli, TheGeneratorIsHexadecimal) { EXPECT_EQ(parse_moduli(line("2 6 100 2047 1F")).lines.at(0).generator, 31U); }

TEST(Moduli, WhatSshdPassesOverIsNotUsable) {
    for (const auto* fields : {"4 6 100 2047 2", "2 7 100 2047 2", "2 0 100 2047 2", "2 1 100 2047 2", "2 6 0 2047 2",
                               "2 6 100 2046 2", "2 6 100 2048 2", "2 6 100 2047 1", "2 6 100 2047 0"}) {
        const auto moduli = parse_moduli(line(fields));
        ASSERT_EQ(moduli.lines.size(), 1U) << fields;
        EXPECT_FALSE(moduli.lines[0].usable) << fields;
    }
    EXPECT_TRUE(parse_moduli(line("2 6 100 2047 2", "0" + number_2048)).lines.at(0).usable);
    EXPECT_FALSE(parse_moduli(line("2 6 100 2047 2", "1" + number_2048)).lines.at(0).usable);
}

TEST(Moduli, LinesThatAreNotSevenFieldsAreMalformed) {
    const auto moduli = parse_moduli("x\n" + line("2 6 100 2047") + line("2  6 100 2047 2") +
                                     line("2 6 100 2047 2", number_2048 + " 1") + line("2 6 100 2047 2", "xyz") +
                                     line("2 6 x 2047 2") + line("2 6 100 0 2") + line("9 6 100 2047 2") +
                                     line("2 6 100 70000 2") + line("2 6 100 2047 FFFFFFFFF"));
    EXPECT_TRUE(moduli.lines.empty());
    EXPECT_EQ(moduli.malformed.size(), 10U);
}

TEST(Moduli, LineEndsAndHostileBytes) {
    auto text = line("2 6 100 2047 2");
    text.insert(text.size() - 1, "\r");
    EXPECT_TRUE(parse_moduli(text).lines.at(0).usable);
    EXPECT_TRUE(parse_moduli(" \t" + line("2 6 100 2047 2")).lines.at(0).usable);
    EXPECT_EQ(parse_moduli("\0 2 6\n\xFF\xFE\n"s).malformed, std::vector<std::uint32_t>{2});
    EXPECT_EQ(parse_moduli(std::string(10'000'000, '1')).malformed.size(), 1U);
}

}  // namespace
}  // namespace sshkeep::keyfmt
