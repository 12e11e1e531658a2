#include <gtest/gtest.h>

#include "sshdconf/test_support.h"

namespace sshkeep::sshdconf {
namespace {

using namespace std::string_literals;

TEST(Config, LinesGiveBackEveryByte) {
    const std::string text = "# c\r\n\nPort 22 \r\n Match User \"a b\"\n\tBanner x\0y\nX11Forwarding yes"s;
    const Config config = config_of(text);
    std::string whole;
    for (const Line& line : config.files[0].lines) {
        whole += text.substr(line.begin, line.end - line.begin);
    }
    EXPECT_EQ(whole, text);
    EXPECT_EQ(config.files[0].text(0), "# c\r");
}

TEST(Config, SplitsQuotesEqualsAndComments) {
    const Config config = config_of("AllowUsers=bob \"a b\" 'c d' e\\ f # not this\n  aCCEPTenv = LANG\r\n");
    EXPECT_EQ(value_of(config, "allowusers"), "bob|a b|c d|e f");
    EXPECT_EQ(value_of(config, "acceptenv"), "LANG");
    EXPECT_EQ(refusals_of(config), "");
}

TEST(Config, OldTokenizerKnowsDoubleQuotesOnlyAndCutsAtHash) {
    const Build bullseye = build_of_debian_package("1:8.4p1-5+deb11u7");
    EXPECT_EQ(value_of(config_of("AllowUsers 'bob' \"x y\"\n", bullseye), "allowusers"), "'bob'|x y");
    EXPECT_EQ(value_of(config_of("ForceCommand echo a # b\n", bullseye), "forcecommand"), "echo a");
    EXPECT_EQ(value_of(config_of("ForceCommand echo a # b\n"), "forcecommand"), "echo a # b");
}

TEST(Config, RefusesWhatSshdRefuses) {
    EXPECT_EQ(refusals_of(config_of("Prot 22\n")), "1: bad configuration option: prot\n");
    EXPECT_EQ(refusals_of(config_of("Port\n")), "1: port: no argument\n");
    EXPECT_EQ(refusals_of(config_of("Port 22 23\n")), "1: port: extra arguments at end of line\n");
    EXPECT_EQ(refusals_of(config_of("\nBanner \"x\n")), "2: banner: invalid quotes\n");
    EXPECT_EQ(refusals_of(config_of("PermitRootLogin maybe\n")), "1: permitrootlogin: bad argument 'maybe'\n");
    EXPECT_EQ(refusals_of(config_of("Match User x\nPort 22\n")), "2: port is not allowed within a Match block\n");
    EXPECT_EQ(refusals_of(config_of("Ciphers bogus\n")), "1: ciphers: bad argument 'bogus'\n");
    EXPECT_NE(refusals_of(config_of("Match Exec true\n")), "");
    EXPECT_NE(refusals_of(config_of("Match Address 10.0.0.1/8\n")), "");
    EXPECT_NE(refusals_of(config_of("Match User bob all\n")), "");
    EXPECT_NE(refusals_of(config_of("AuthorizedKeysCommand /bin/x\n")), "");
    EXPECT_NE(refusals_of(config_of("AuthenticationMethods hostbased\n")), "");
}

TEST(Config, DeprecatedOptionIsANotice) {
    const Config config = config_of("UsePrivilegeSeparation yes\n");
    ASSERT_EQ(config.diagnostics.size(), 1U);
    EXPECT_EQ(config.diagnostics[0].kind, Diagnostic::Kind::notice);
}

TEST(Config, IncludesInOrderRelativeToEtcSsh) {
    MemorySource source;
    source.files["/etc/ssh/sshd_config.d/10-a.conf"] = "X11Forwarding no\n";
    source.files["/etc/ssh/sshd_config.d/20-b.conf"] = "X11Forwarding yes\nPermitRootLogin no\n";
    const Config config = config_of("Include sshd_config.d/*\nPermitRootLogin yes\n", bookworm(), source);
    EXPECT_EQ(value_of(config, "x11forwarding"), "no");
    EXPECT_EQ(value_of(config, "permitrootlogin"), "no");
    EXPECT_EQ(config.files.size(), 3U);
}

TEST(Config, MatchInsideIncludeEndsWithTheFile) {
    MemorySource source;
    source.files["/etc/ssh/a"] = "Match User bob\nX11Forwarding yes\n";
    const Config config = config_of("Include a\nPermitRootLogin no\n", bookworm(), source);
    EXPECT_EQ(value_of(config, "permitrootlogin", {.user = "alice"}), "no");
    EXPECT_EQ(value_of(config, "x11forwarding", {.user = "alice"}), "no");
    EXPECT_EQ(value_of(config, "x11forwarding", {.user = "bob"}), "yes");
}

TEST(Config, IncludeInsideMatchDependsOnIt) {
    MemorySource source;
    source.files["/etc/ssh/a"] = "Banner /a\nMatch Address 10.0.0.0/8\nBanner /b\nX11Forwarding yes\n";
    const Config config = config_of("Match User bob\nInclude a\n", bookworm(), source);
    EXPECT_EQ(value_of(config, "banner", {.user = "bob", .address = "10.1.1.1"}), "/a");
    EXPECT_EQ(value_of(config, "x11forwarding", {.user = "bob", .address = "10.1.1.1"}), "yes");
    EXPECT_EQ(value_of(config, "x11forwarding", {.user = "eve", .address = "10.1.1.1"}), "no");
}

TEST(Config, SelfIncludeIsRefusedOnce) {
    const Config config = config_of("Include sshd_config\nInclude sshd_config\nPort 22\n");
    EXPECT_NE(refusals_of(config).find("more than 16 levels"), std::string::npos);
    EXPECT_LT(config.directives.size(), 100U);
}

TEST(Config, TooLargeMainFileIsAnError) {
    MemorySource source;
    source.files[main_path] = std::string((1U << 20) + 1, '#');
    EXPECT_EQ(parse_config(main_path, source, bookworm()).error().code, ErrorCode::too_large);
}

TEST(Config, UnreadableIncludeMakesTheRestUncertain) {
    MemorySource source;
    source.unreadable = {"/etc/ssh/secret"};
    const Config config = config_of("Port 2222\nUseDNS yes\nInclude secret\nPrintMotd no\n", bookworm(), source);
    EXPECT_EQ(config.diagnostics.front().kind, Diagnostic::Kind::unreadable);
    Evaluator evaluator(config);
    const Effective& effective = evaluator.at({});
    EXPECT_EQ(effective.find("usedns")->uncertain, "");
    EXPECT_NE(effective.find("printmotd")->uncertain, "");
    EXPECT_NE(effective.find("port")->uncertain, "");  // another Port line would add one
    EXPECT_NE(effective.find("passwordauthentication")->uncertain, "");
}

}  // namespace
}  // namespace sshkeep::sshdconf
