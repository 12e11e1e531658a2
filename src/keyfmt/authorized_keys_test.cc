#include "keyfmt/authorized_keys.h"

#include <gtest/gtest.h>

#include "keyfmt/testdata.h"

namespace sshkeep::keyfmt {
namespace {

const std::string& key() {
    static const std::string line = without_comment(public_key_line("ED25519"));
    return line;
}

/// The one entry of a file of one line.
AuthorizedKey entry_of(const std::string& line) {
    auto entries = parse_authorized_keys(line);
    EXPECT_EQ(entries.size(), 1U) << line.substr(0, 200);
    return entries.empty() ? AuthorizedKey{} : entries.front();
}

KeyOptions options_of(const std::string& options) {
    const auto entry = entry_of(options + ' ' + key());
    EXPECT_EQ(entry.rejected, "") << options.substr(0, 200);
    return entry.options;
}

std::string rejection_of(const std::string& options) {
    const auto entry = entry_of(options + ' ' + key());
    EXPECT_EQ(entry.key.has_value(), entry.rejected.empty()) << options.substr(0, 200);
    return entry.rejected;
}

TEST(AuthorizedKeys, BlankLinesAndCommentsGiveNothing) {
    EXPECT_TRUE(parse_authorized_keys("").empty());
    EXPECT_TRUE(parse_authorized_keys("\n\n \t\n# comment\n \t#" + key() + "\n").empty());
}

TEST(AuthorizedKeys, LinesAreNumberedFromOne) {
    const auto entries = parse_authorized_keys("# one\n" + key() + " two\n\nbad\n" + key() + " five");
    ASSERT_EQ(entries.size(), 3U);
    EXPECT_EQ(entries[0].line, 2U);
    EXPECT_EQ(entries[0].comment.raw(), "two");
    EXPECT_EQ(entries[1].line, 4U);
    EXPECT_FALSE(entries[1].key);
    EXPECT_EQ(entries[2].line, 5U);
    EXPECT_EQ(entries[2].comment.raw(), "five");
}

TEST(AuthorizedKeys, AllKindsOfPlainKeysAreRead) {
    for (const auto& row : read_table("public_keys.tsv")) {
        const auto entry = entry_of(row.at(3));
        if (row.at(2).ends_with("-CERT")) {
            EXPECT_EQ(entry.rejected, "a certificate stands where only a plain key is ever matched");
        } else {
            ASSERT_TRUE(entry.key) << entry.rejected;
            EXPECT_EQ(entry.key->fingerprint, row.at(1));
            EXPECT_FALSE(entry.options.any);
        }
    }
}

TEST(AuthorizedKeys, WhiteSpaceIsSpacesAndTabs) {
    EXPECT_TRUE(entry_of(" \t" + key()).key);
    EXPECT_TRUE(entry_of("no-pty \t  " + key()).key);
    EXPECT_TRUE(entry_of(key() + "\r\n").key);
    EXPECT_EQ(entry_of(key() + " me\r\n").comment.raw(), "me\r");
    EXPECT_EQ(entry_of("\v" + key()).rejected, "neither a key nor options and a key");
    EXPECT_EQ(entry_of("\xEF\xBB\xBF" + key()).rejected, "neither a key nor options and a key");
    EXPECT_EQ(entry_of("no-pty \\\n").rejected, "neither a key nor options and a key");
}

TEST(AuthorizedKeys, ANulHidesTheRestOfItsLine) {
    const auto nul = std::string(1, '\0');
    const auto entries =
        parse_authorized_keys(nul + key() + "\n" + key() + " a" + nul + "b\nno-pty" + nul + " " + key());
    ASSERT_EQ(entries.size(), 2U);
    EXPECT_EQ(entries[0].line, 2U);
    EXPECT_EQ(entries[0].comment.raw(), "a");
    EXPECT_FALSE(entries[1].key);
}

TEST(AuthorizedKeys, DamagedKeysAreNamed) {
    EXPECT_EQ(entry_of("hello world").rejected, "neither a key nor options and a key");
    EXPECT_EQ(entry_of("ssh-ed25519").rejected, "no key follows its type");
    EXPECT_EQ(entry_of("ssh-ed25519 AAAA*").rejected, "the key is not valid base64");
    EXPECT_EQ(entry_of("no-pty ssh-ed25519 AAAA").rejected, "the key is truncated");
    EXPECT_EQ(entry_of("ssh-rsa " + key().substr(12)).rejected,
              "the type in front of the key is not the one inside it");
    EXPECT_EQ(entry_of("ssh-rsa " + key()).rejected, "the key is not valid base64");
}

TEST(AuthorizedKeys, FlagsInAnyCase) {
    const auto plain = options_of("cert-authority");
    EXPECT_TRUE(plain.cert_authority && plain.pty && plain.user_rc && plain.port_forwarding && plain.touch_required);
    EXPECT_FALSE(plain.any);
    const auto options = options_of("NO-PTY,no-X11-forwarding,No-Agent-Forwarding,no-user-rc,no-touch-required");
    EXPECT_TRUE(options.any && options.port_forwarding);
    EXPECT_FALSE(options.pty || options.x11_forwarding || options.agent_forwarding || options.user_rc);
    EXPECT_FALSE(options.touch_required || options.verify_required);
    EXPECT_TRUE(options_of("verify-required").verify_required);
    EXPECT_FALSE(options_of("no-port-forwarding").port_forwarding);
}

TEST(AuthorizedKeys, OrderDecides) {
    const auto opened = options_of("restrict,pty");
    EXPECT_TRUE(opened.restrict_all && opened.pty);
    EXPECT_FALSE(opened.port_forwarding || opened.agent_forwarding || opened.x11_forwarding || opened.user_rc);
    EXPECT_FALSE(options_of("pty,restrict").pty);
    EXPECT_TRUE(options_of("no-pty,pty").pty);
}

TEST(AuthorizedKeys, UnknownOptionsRejectTheLine) {
    for (const auto* options :
         {"wow", "restrictive", "no-restrict", "no-cert-authority", "no-no-pty", "pty=\"yes\"", "pty;",
          "zos-key-ring-label=\"x\"", "command", "x,no-pty", "no-pty,x", "\\\"", "environmentA=\"b\""}) {
        EXPECT_EQ(rejection_of(options), "unknown option") << options;
    }
    // The blank ends the options, and what follows it is no key.
    EXPECT_EQ(rejection_of("no-pty, no-user-rc"), "neither a key nor options and a key");
}

TEST(AuthorizedKeys, StrayCommasAsSshdTakesThem) {
    EXPECT_FALSE(options_of("no-pty,").pty);
    EXPECT_FALSE(options_of(",no-pty").pty);
    EXPECT_FALSE(options_of("no-user-rc,,no-pty").pty);
}

TEST(AuthorizedKeys, QuotesAndTheirOnlyEscape) {
    EXPECT_EQ(options_of(R"(command="echo \"hi\" \n \\ , x")").command->raw(), R"(echo "hi" \n \\ , x)");
    EXPECT_EQ(options_of(R"(COMMAND="")").command->raw(), "");
    EXPECT_EQ(rejection_of("command=ls"), "command=: the value is not in double quotes");
    EXPECT_EQ(rejection_of("command=\"ls"), "a double quote in the options is not closed");
    EXPECT_EQ(rejection_of(R"(command="ls\")"), "a double quote in the options is not closed");
    EXPECT_EQ(rejection_of(R"(command="a",command="b")"), "command is given twice");
}

TEST(AuthorizedKeys, FromListsThatSshdCannotUse) {
    for (const auto* list : {"*", "10.0.0.0/8", "!10.1.0.0/16,10.0.0.0/8", "*.example.org,!x", "2001:db8::/32", "::1",
                             "127.1", "10.0.0.0/+8", "10.0.0.0/x", "fe80::1%eth0", "host name"}) {
        EXPECT_EQ(options_of("from=\"" + std::string(list) + '"').from->raw(), list);
    }
    for (const auto* list : {"", "a,", ",a", "a,,b", "!", "127.0.0.1/4", "10/8", "10.0.0.0/33", "2001:db8::/129",
                             "2001:db8::1/64", "*,10.0.0.1/8", "!10.0.0.1/8,*", "0x0a000001/8"}) {
        EXPECT_EQ(rejection_of("from=\"" + std::string(list) + '"'),
                  "from= holds an invalid entry: sshd refuses every address")
            << list;
    }
    EXPECT_EQ(rejection_of("from=\"!me,!you\""), "from= holds only negated entries: it matches no address");
    EXPECT_EQ(rejection_of("from=\"*\",from=\"*\""), "from is given twice");
}

TEST(AuthorizedKeys, PrincipalsNeedACertificateAuthority) {
    const auto options = options_of("cert-authority,principals=\"alice,bob\"");
    ASSERT_EQ(options.principals.size(), 2U);
    EXPECT_EQ(options.principals[1].raw(), "bob");
    // sshd stops at the first empty name.
    EXPECT_EQ(options_of("cert-authority,principals=\"alice,,bob\"").principals.size(), 1U);
    EXPECT_EQ(rejection_of("cert-authority,principals=\"\""), "principals names nobody");
    EXPECT_EQ(rejection_of("cert-authority,principals=\",x\""), "principals names nobody");
    EXPECT_EQ(rejection_of("principals=\"alice\""), "principals without cert-authority: sshd refuses the key");
    EXPECT_EQ(rejection_of("principals=\"a\",principals=\"b\",cert-authority"), "principals is given twice");
}

TEST(AuthorizedKeys, ExpiryTimes) {
    const auto time = [](const std::string& text) { return options_of("expiry-time=\"" + text + '"').expiry_time; };
    EXPECT_EQ(time("20260102Z"), 1767312000);
    EXPECT_EQ(time("20260102utc"), 1767312000);
    EXPECT_EQ(time("202601020304Z"), 1767323040);
    EXPECT_EQ(time("20260102030405Z"), 1767323045);
    EXPECT_EQ(time("20260102030461Z"), 1767323101);
    EXPECT_EQ(time("20260231Z"), time("20260303Z"));
    EXPECT_EQ(time("2026 1\t2Z"), 1767312000);
    EXPECT_EQ(options_of(R"(expiry-time="20270101Z",expiry-time="20260102Z",expiry-time="20280101Z")").expiry_time,
              1767312000);
    const auto berlin = parse_authorized_keys("expiry-time=\"20260102\" " + key(), 3600);
    EXPECT_EQ(berlin.at(0).options.expiry_time, 1767312000 - 3600);
    for (const auto* text : {"", "Z", "UTC", "2026", "2026010203", "2026-01-02", "20261301", "20260100", "20260132",
                             "202601022400", "202601020060", "20260102030462", "2026010x", "2026+1+2", "19700101Z",
                             "19600101Z", "20260102ZZ", "20260102CET"}) {
        EXPECT_EQ(rejection_of("expiry-time=\"" + std::string(text) + '"'), "invalid expiry-time") << text;
    }
}

TEST(AuthorizedKeys, EnvironmentNames) {
    const auto options = options_of(R"(environment="A_1=b=c",environment="A_1=second",environment="B=")");
    ASSERT_EQ(options.environment.size(), 2U);
    EXPECT_EQ(options.environment[0].raw(), "A_1=b=c");
    EXPECT_EQ(options.environment[1].raw(), "B=");
    for (const auto* text : {"", "A", "=b", "A-B=1", "A B=1", "\xC3\xA4=1"}) {
        EXPECT_EQ(rejection_of("environment=\"" + std::string(text) + '"'), "invalid environment") << text;
    }
}

TEST(AuthorizedKeys, PermittedTargets) {
    for (const auto* text : {"localhost:22", "*:*", "[::1]:22", "a/22", "[a]/22", ":22", "host: 22", "host:ssh"}) {
        EXPECT_EQ(options_of("permitopen=\"" + std::string(text) + '"').permit_open.at(0).raw(), text);
    }
    for (const auto* text : {"host", "22", "host:", "host:0", "host:65536", "host:-1", "[::1]", "a:b:22"}) {
        EXPECT_EQ(rejection_of("permitopen=\"" + std::string(text) + '"'), "invalid port in permitopen") << text;
    }
    EXPECT_EQ(rejection_of("permitopen=\"[::1\""), "invalid host in permitopen");
    EXPECT_EQ(rejection_of("permitopen=\"[::1]x:22\""), "invalid host in permitopen");
    EXPECT_EQ(rejection_of("permitopen=\"" + std::string(1025, 'h') + ":1\""), "invalid host in permitopen");
    EXPECT_EQ(options_of("permitlisten=\"8080\"").permit_listen.at(0).raw(), "*:8080");
    EXPECT_EQ(options_of("permitlisten=\"*\",permitlisten=\"a:1\"").permit_listen.at(1).raw(), "a:1");
    EXPECT_EQ(rejection_of("permitlisten=\"localhost/\""), "invalid port in permitlisten");
}

TEST(AuthorizedKeys, TunnelDevices) {
    EXPECT_EQ(options_of("tunnel=\"0\"").tunnel, 0);
    EXPECT_EQ(options_of("tunnel=\"ANY\"").tunnel, 2147483647);
    EXPECT_EQ(options_of("tunnel=\"2147483645\"").tunnel, 2147483645);
    for (const auto* text : {"", "-1", "2147483646", "x", "1:2"}) {
        EXPECT_EQ(rejection_of("tunnel=\"" + std::string(text) + '"'), "invalid tunnel device") << text;
    }
}

TEST(AuthorizedKeys, CountsAreBoundedAsInSshd) {
    std::string environment;
    std::string permits;
    for (int i = 0; i < 1025; ++i) {
        environment += "environment=\"E" + std::to_string(i) + "=\",";
    }
    for (int i = 0; i < 4097; ++i) {
        permits += "permitopen=\"h:1\",";
    }
    EXPECT_EQ(options_of(environment).environment.size(), 1025U);
    EXPECT_EQ(rejection_of(environment + "environment=\"X=\""), "more than 1025 environment options");
    EXPECT_EQ(options_of(permits).permit_open.size(), 4097U);
    EXPECT_EQ(rejection_of(permits + "permitopen=\"h:1\""), "more than 4097 options permitopen");
}

TEST(AuthorizedKeys, HugeLinesAreReadInOnePass) {
    EXPECT_EQ(entry_of(key() + ' ' + std::string(10'000'000, 'c')).comment.raw().size(), 4096U);
    EXPECT_EQ(rejection_of(std::string(10'000'000, '"')), "unknown option");
    EXPECT_EQ(rejection_of("command=\"" + std::string(10'000'000, '\\') + "x\",x"), "unknown option");
    EXPECT_EQ(rejection_of("from=\"" + std::string(10'000'000, ',') + '"'),
              "from= holds an invalid entry: sshd refuses every address");
}

TEST(AuthorizedKeys, IgnoredLinesAreListedUpToABound) {
    std::string bytes;
    for (std::size_t i = 0; i < 3 * max_rejected_lines; ++i) {
        bytes += "x\n";
    }
    const auto entries = parse_authorized_keys(bytes + key() + '\n');
    ASSERT_EQ(entries.size(), max_rejected_lines + 2);
    EXPECT_EQ(entries[max_rejected_lines].rejected, "sshd ignores this line and others below, which are not listed");
    EXPECT_TRUE(entries.back().key);
    EXPECT_EQ(entries.back().line, 3 * max_rejected_lines + 1);
}

}  // namespace
}  // namespace sshkeep::keyfmt
