#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "cli/run_program.h"
#include "support/temp_tree.h"

namespace sshkeep::cli_test {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

/// An offline host with a weakness that no profile lets pass.
class Audit : public testing::Test {
protected:
    Audit() {
        tree.add_file("/etc/os-release",
                      "ID=debian\nVERSION_ID=\"12\"\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n");
        tree.add_file("/etc/hostname", "testhost\n");
        tree.add_file("/etc/passwd", "root:x:0:0:root:/root:/bin/bash\nbob:x:1000:1000::/home/bob:/bin/sh\n");
        tree.add_file("/etc/group", "root:x:0:\nbob:x:1000:\nadmins:x:1001:bob\n");
        tree.add_file("/etc/shadow", "root:*:19000:0:99999:7:::\nbob:!:19000:0:99999:7:::\n", 0640);
        tree.add_file("/var/lib/dpkg/status",
                      "Package: openssh-server\nStatus: install ok installed\nVersion: 1:9.2p1-2+deb12u10\n\n");
        tree.add_file("/etc/ssh/sshd_config", "PermitEmptyPasswords yes\nPermitRootLogin yes\n");
    }

    [[nodiscard]] Outcome audit(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), {"audit", "--root", tree.root()});
        return run(arguments);
    }

    [[nodiscard]] json findings() const { return json::parse(audit({"--format", "json"}).out)["findings"]; }

    support::TempTree tree;
};

const json* failing_at(const json& findings, std::string_view line) {
    for (const auto& finding : findings) {
        for (const auto& place : finding["where"]) {
            if (finding["verdict"] == "fail" && place["text"].get<std::string>().contains(line)) {
                return &finding;
            }
        }
    }
    return nullptr;
}

TEST_F(Audit, TextNamesTheHostTheLineAndTheScore) {
    const auto outcome = audit({});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_THAT(outcome.out, HasSubstr("testhost"));
    EXPECT_THAT(outcome.out, HasSubstr("Debian GNU/Linux 12 (bookworm)"));
    EXPECT_THAT(outcome.out, HasSubstr("(1:9.2p1-2+deb12u10)"));
    EXPECT_THAT(outcome.out, HasSubstr("/etc/ssh/sshd_config:1  PermitEmptyPasswords yes"));
    EXPECT_THAT(outcome.out, HasSubstr("/100."));
}

TEST_F(Audit, JsonIsOneObjectThatAgreesWithItsSummary) {
    const auto report = json::parse(audit({"--format", "json"}).out);
    EXPECT_EQ(report["schema"], "sshkeep.audit/1");
    EXPECT_EQ(report["host"]["root"], tree.root());
    std::map<std::string, unsigned> verdicts;
    for (const auto& finding : report["findings"]) {
        ++verdicts[finding["verdict"].get<std::string>()];
    }
    for (const auto* verdict : {"pass", "fail", "unknown", "waived"}) {
        EXPECT_EQ(report["summary"][verdict], verdicts[verdict]) << verdict;
    }
    EXPECT_NE(failing_at(report["findings"], "PermitEmptyPasswords yes"), nullptr);
}

TEST_F(Audit, SarifHasAResultForEachFinding) {
    const auto log = json::parse(audit({"--format", "sarif"}).out);
    EXPECT_EQ(log["version"], "2.1.0");
    EXPECT_EQ(log["runs"][0]["results"].size(), findings().size());
}

TEST_F(Audit, FailOnLooksAtFailuresOfThatSeverityOnly) {
    EXPECT_EQ(audit({}).status, 0);
    EXPECT_EQ(audit({"--fail-on", "high"}).status, 1);
    // Nothing fails when everything that failed is waived.
    std::string waivers;
    for (const auto& finding : findings()) {
        if (finding["verdict"] == "fail") {
            waivers += "[[waiver]]\nrule = \"" + finding["rule"].get<std::string>() +
                       "\"\nreason = \"test\"\nuntil = 2999-12-31\n";
        }
    }
    tree.add_file("/waivers.toml", waivers);
    EXPECT_EQ(audit({"--fail-on", "info", "--waivers", tree.at("/waivers.toml").string()}).status, 0);
}

TEST_F(Audit, AnExpiredWaiverCountsNoMoreAndIsNoted) {
    const auto before = findings();
    const auto* finding = failing_at(before, "PermitEmptyPasswords yes");
    ASSERT_NE(finding, nullptr);
    tree.add_file("/waivers.toml", "[[waiver]]\nrule = \"" + (*finding)["rule"].get<std::string>() +
                                       "\"\nreason = \"test\"\nuntil = 2001-12-31\n");
    const auto outcome = audit({"--fail-on", "high", "--waivers", tree.at("/waivers.toml").string()});
    EXPECT_EQ(outcome.status, 1);
    EXPECT_THAT(outcome.out, HasSubstr("expired"));
}

TEST_F(Audit, ATreeDoesNotExcuseItself) {
    tree.add_file("/etc/sshkeep/waivers.toml", "this is no TOML");
    const auto outcome = audit({});
    EXPECT_EQ(outcome.status, 0);
    EXPECT_EQ(outcome.err, "");
}

TEST_F(Audit, ABrokenWaiverFileIsNamed) {
    tree.add_file("/waivers.toml", "[[waiver]\n");
    const auto outcome = audit({"--waivers", tree.at("/waivers.toml").string()});
    EXPECT_EQ(outcome.status, 2);
    EXPECT_THAT(outcome.err, HasSubstr("waivers.toml"));
}

TEST_F(Audit, AFifoInPlaceOfAFileDoesNotHang) {
    tree.add_fifo("/fifo");
    EXPECT_EQ(audit({"--waivers", tree.at("/fifo").string()}).status, 2);
    EXPECT_EQ(audit({"-f", "/fifo"}).status, 2);
}

TEST_F(Audit, FrameworkGroupsByControl) {
    const auto text = audit({"--framework", "pci-dss"});
    EXPECT_EQ(text.status, 0);
    EXPECT_THAT(text.out, HasSubstr("Controls of pci-dss"));
    const auto report = json::parse(audit({"--framework", "pci-dss", "--format", "json"}).out);
    EXPECT_EQ(report["framework"], "pci-dss");
    EXPECT_FALSE(report["controls"].empty());
}

TEST_F(Audit, PassesAreListedOnlyWhenAsked) {
    EXPECT_THAT(audit({}).out, Not(HasSubstr("\nPASS ")));
    EXPECT_THAT(audit({"--passes"}).out, HasSubstr("\nPASS "));
    EXPECT_EQ(audit({"--passes"}).out, audit({"--all"}).out);
}

TEST_F(Audit, HostileBytesNeverReachTheTerminal) {
    tree.add_file("/etc/ssh/sshd_config",
                  std::string("PermitEmptyPasswords yes # \x1b[2J\x9b\xff\r\nBanner \"/x\x1b]0;y\a\"\n"));
    tree.add_file("/etc/hostname", "h\x1b[31m\n");
    for (const auto* format : {"text", "json", "sarif"}) {
        const auto outcome = audit({"--format", format, "--passes"});
        EXPECT_EQ(outcome.status, 0) << outcome.err;
        for (const char c : outcome.out + outcome.err) {
            ASSERT_TRUE(c == '\n' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F)) << format;
        }
        EXPECT_THAT(outcome.out, Not(HasSubstr("\x9b")));
    }
}

TEST_F(Audit, EveryProfileRuns) {
    const auto profiles = json::parse(run({"profile", "--format", "json"}).out)["profiles"];
    EXPECT_GE(profiles.size(), 7U);
    for (const auto& profile : profiles) {
        const auto outcome = audit({"--profile", profile["name"].get<std::string>()});
        EXPECT_EQ(outcome.status, 0) << profile["name"] << outcome.err;
    }
}

TEST_F(Audit, AnEmptyTreeIsJudgedToo) {
    const support::TempTree empty;
    const auto outcome = run({"audit", "--root", empty.root()});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_THAT(outcome.out, HasSubstr("no OpenSSH server"));
}

TEST_F(Audit, EffectiveListsWhatSshdWouldUse) {
    tree.add_file("/etc/ssh/sshd_config", "Port 2222\nMatch Group admins\n\tX11Forwarding yes\n");
    const auto effective = [&](std::vector<std::string> connection) {
        connection.insert(connection.begin(), {"config", "effective", "--root", tree.root()});
        return run(connection).out;
    };
    EXPECT_THAT(effective({}), testing::StartsWith("port 2222\n"));
    EXPECT_THAT(effective({"--user", "root"}), HasSubstr("\nx11forwarding no\n"));
    EXPECT_THAT(effective({"--user", "bob"}), HasSubstr("\nx11forwarding yes\n"));
    EXPECT_THAT(effective({"--user", "bob", "--group", "bob"}), HasSubstr("\nx11forwarding no\n"));
    const auto listing = json::parse(effective({"--format", "json"}));
    EXPECT_EQ(listing["schema"], "sshkeep.config-effective/1");
    EXPECT_EQ(listing["settings"][0], json::parse(R"({"name":"port","values":["2222"],"line":1,"default":false,
                                                      "file":"/etc/ssh/sshd_config","uncertain":""})"));
}

TEST_F(Audit, EffectiveSaysWhyItIsUncertain) {
    tree.add_file("/etc/ssh/sshd_config", "Include extra.conf\nX11Forwarding yes\n");
    tree.add_fifo("/etc/ssh/extra.conf");
    const auto outcome = run({"config", "effective", "--root", tree.root(), "--user", "bob"});
    EXPECT_THAT(outcome.err, HasSubstr("x11forwarding is uncertain"));
}

TEST_F(Audit, AConfigurationThatSshdRefusesIsNotListed) {
    tree.add_file("/etc/ssh/sshd_config", "Port 22\nPermitRotLogin no\n");
    const auto outcome = run({"config", "effective", "--root", tree.root()});
    EXPECT_EQ(outcome.status, 2);
    EXPECT_EQ(outcome.out, "");
    EXPECT_THAT(outcome.err, HasSubstr("/etc/ssh/sshd_config:2: "));
}

TEST_F(Audit, ExplainTellsTheLineTheShadowAndTheOtherConnections) {
    tree.add_file("/etc/ssh/sshd_config",
                  "PermitRootLogin no\nPermitRootLogin yes\nMatch User bob\n\tPermitRootLogin prohibit-password\n");
    const auto outcome = run({"config", "explain", "permitrootlogin", "--root", tree.root(), "--user", "root"});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_THAT(outcome.out, testing::StartsWith("permitrootlogin no\n  /etc/ssh/sshd_config:1  PermitRootLogin no\n"));
    EXPECT_THAT(outcome.out, HasSubstr("/etc/ssh/sshd_config:2  PermitRootLogin yes\n"));
    EXPECT_THAT(outcome.out, HasSubstr("Connections for which it is set otherwise"));
}

}  // namespace
}  // namespace sshkeep::cli_test
