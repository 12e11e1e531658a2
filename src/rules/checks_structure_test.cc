#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "rules/checks_test_support.h"

namespace sshkeep::rules {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;
using namespace rules::testing;  // NOLINT(google-build-using-namespace)

/// Configuration files in memory; an Include pattern matches by its folder.
class Files : public sshdconf::FileSource {
public:
    explicit Files(std::map<std::string, std::string> files) : files_(std::move(files)) {}
    Result<std::string> read(const std::string& path) override {
        const auto found = files_.find(path);
        return found == files_.end() ? Result<std::string>(fail(ErrorCode::not_found, "no such file"))
                                     : Result<std::string>(found->second);
    }
    Result<std::vector<std::string>> glob(const std::string& pattern) override {
        std::vector<std::string> paths;
        const std::string folder = pattern.substr(0, pattern.rfind('/') + 1);
        for (const auto& [path, text] : files_) {
            if (path == pattern ||
                (pattern.ends_with("*.conf") && path.starts_with(folder) && path.ends_with(".conf"))) {
                paths.push_back(path);
            }
        }
        return paths;
    }

private:
    std::map<std::string, std::string> files_;
};

TestHost host_with(const std::string& main, std::map<std::string, std::string> others = {}) {
    TestHost host;
    others["/etc/ssh/sshd_config"] = main;
    Files files(std::move(others));
    host.facts.config = sshdconf::parse_config("/etc/ssh/sshd_config", files, host.facts.build);
    return host;
}

TEST(StructureChecks, CloudInitDropInWins) {
    TestHost host = host_with("Include /etc/ssh/sshd_config.d/*.conf\nPasswordAuthentication no\n",
                              {{"/etc/ssh/sshd_config.d/50-cloud-init.conf", "PasswordAuthentication yes\n"}});
    const Results results = host.run("safe_line_shadowed");
    ASSERT_EQ(results[0].verdict, Verdict::fail);
    ASSERT_THAT(results[0].where, SizeIs(2));
    EXPECT_EQ(results[0].where[0].path, "/etc/ssh/sshd_config.d/50-cloud-init.conf");
    EXPECT_EQ(results[0].where[1].line, 2U);
    EXPECT_THAT(results[0].detail,
                HasSubstr("passwordauthentication yes (/etc/ssh/sshd_config.d/50-cloud-init.conf:1) wins over no"));
    EXPECT_EQ(host.verdict("option_repeated"), "pass");
}

TEST(StructureChecks, TheSaferLineMayWin) {
    TestHost host = host_with("PermitRootLogin no\nPermitRootLogin yes\nMaxAuthTries 3\nMaxAuthTries 6\n");
    EXPECT_EQ(host.verdict("safe_line_shadowed"), "pass");
    EXPECT_EQ(host.verdict("option_repeated"), "fail");
    host = host_with("ChallengeResponseAuthentication yes\nKbdInteractiveAuthentication no\n");
    EXPECT_EQ(host.verdict("safe_line_shadowed"), "fail");
    host = host_with("PermitRootLogin yes\nMatch User bob\n  PermitRootLogin no\n");
    EXPECT_EQ(host.verdict("safe_line_shadowed"), "pass");
    host = host_with("Port 22\nPort 2222\nAcceptEnv A\nAcceptEnv B\nX11Forwarding no\nX11Forwarding no\n");
    EXPECT_EQ(host.verdict("safe_line_shadowed"), "pass");
    EXPECT_EQ(host.verdict("option_repeated"), "pass");
}

TEST(StructureChecks, WhatAPlanWroteOverrulesOnPurpose) {
    TestHost host = host_with("# sshkeep: root-login\nPermitRootLogin no\nPermitRootLogin yes\n");
    EXPECT_EQ(host.verdict("option_repeated"), "pass");
    host = host_with("# sshkeep: asked for by name\nPermitRootLogin yes\nPermitRootLogin no\n");
    EXPECT_EQ(host.verdict("safe_line_shadowed"), "fail");
}

TEST(StructureChecks, Includes) {
    TestHost host = host_with("Include /etc/ssh/sshd_config.d/*.conf\nUsePAM yes\n");
    EXPECT_EQ(host.verdict("include_missing"), "pass");
    EXPECT_EQ(host.verdict("include_late"), "pass");
    EXPECT_EQ(host.verdict("config_directory"), "pass");
    host = host_with("UsePAM yes\nInclude /etc/ssh/extra.conf\n");
    EXPECT_EQ(host.verdict("include_missing"), "fail");
    EXPECT_EQ(host.verdict("include_late"), "fail");
    host = host_with("UsePAM yes\n");
    EXPECT_EQ(host.verdict("config_directory"), "fail");
}

TEST(StructureChecks, Diagnostics) {
    TestHost host = host_with("UsePAM yes\n");
    for (const char* name : {"config_refused", "config_unreadable", "config_deprecated"}) {
        EXPECT_EQ(host.verdict(name), "pass") << name;
    }
    using Kind = sshdconf::Diagnostic::Kind;
    host.facts.config->diagnostics = {
        {Kind::fatal, {0, 1}, "bad\x1b[31m option"}, {Kind::unreadable, {0, 1}, "no"}, {Kind::notice, {0, 1}, "old"}};
    EXPECT_EQ(host.verdict("config_refused"), "fail");
    EXPECT_THAT(host.detail("config_refused"), ::testing::Not(HasSubstr("\x1b")));
    EXPECT_EQ(host.verdict("config_unreadable"), "unknown");
    EXPECT_EQ(host.verdict("config_deprecated"), "fail");
}

TEST(ScopeChecks, LinesAfterTheLastMatch) {
    TestHost host = host_with("Match User bob\n    X11Forwarding no\n\nPasswordAuthentication no\n");
    EXPECT_EQ(host.verdict("match_stray_lines"), "fail");
    EXPECT_EQ(host.run("match_stray_lines")[0].where[0].line, 4U);
    host = host_with("Match User bob\nX11Forwarding no\nAllowTcpForwarding no\n\nPasswordAuthentication no\n");
    EXPECT_EQ(host.verdict("match_stray_lines"), "fail");
    host = host_with("Match User bob\nX11Forwarding no\nPasswordAuthentication no\nMatch all\nMaxAuthTries 3\n");
    EXPECT_EQ(host.verdict("match_stray_lines"), "pass");
    host = host_with("Match User bob\n  X11Forwarding no\n\n  # and\n  PasswordAuthentication no\n");
    EXPECT_EQ(host.verdict("match_stray_lines"), "pass");
}

TEST(ScopeChecks, IncludeInsideMatch) {
    TestHost host = host_with("Match User bob\n  Include /etc/ssh/sshd_config.d/*.conf\n");
    EXPECT_EQ(host.verdict("include_in_match"), "fail");
    host = host_with("Include /etc/ssh/sshd_config.d/*.conf\nMatch User bob\n  X11Forwarding no\n");
    EXPECT_EQ(host.verdict("include_in_match"), "pass");
}

TEST(ScopeChecks, BlocksThatNobodyMeets) {
    TestHost host = host_with(
        "Match User bob\n X11Forwarding no\nMatch Group users\n X11Forwarding no\nMatch User x*\n X11Forwarding no\n");
    EXPECT_EQ(host.verdict("match_never"), "pass");
    host = host_with("Match User nobody-such\n X11Forwarding no\n");
    EXPECT_EQ(host.verdict("match_never"), "fail");
    host = host_with("Match Group nogroup-such\n X11Forwarding no\n");
    EXPECT_EQ(host.verdict("match_never"), "fail");
    host = host_with("Match Host *.example.com\n X11Forwarding no\n");
    EXPECT_EQ(host.verdict("match_never"), "fail");
    host.settings({{"usedns", "yes"}});
    EXPECT_EQ(host.verdict("match_never"), "pass");
}

TEST(ScopeChecks, MatchExec) {
    TestHost host = host_with("Match User bob\n X11Forwarding no\n");
    EXPECT_EQ(host.verdict("match_exec"), "pass");
    host.facts.config->files[0].lines[0].arguments = {"Exec", "/bin/true"};
    EXPECT_EQ(host.verdict("match_exec"), "fail");
}

}  // namespace
}  // namespace sshkeep::rules
