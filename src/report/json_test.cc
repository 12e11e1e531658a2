#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "report/report.h"
#include "report/sample_test.h"

namespace sshkeep::report {
namespace {

using nlohmann::json;

json render(const rules::Report& report, std::string_view framework = {}) {
    return json::parse(render_json(report, sample::catalogue(), sample::facts(), framework));
}

TEST(Json, HasTheFieldsOfTheContract) {
    const auto audit = render(sample::report());
    EXPECT_EQ(audit["schema"], "sshkeep.audit/1");
    EXPECT_EQ(audit["host"]["hostname"], "web1");
    EXPECT_EQ(audit["host"]["openssh"]["version"], "9.2p1");
    EXPECT_EQ(audit["profile"], "recommended");
    EXPECT_EQ(audit["summary"], json::parse(R"({"pass":1,"fail":1,"unknown":1,"waived":1,"score":61})"));
    EXPECT_FALSE(audit.contains("controls"));
    const auto& finding = audit["findings"][0];
    EXPECT_EQ(finding["rule"], "root-login");
    EXPECT_EQ(finding["severity"], "critical");
    EXPECT_EQ(finding["verdict"], "fail");
    EXPECT_EQ(finding["where"],
              json::parse(R"([{"path":"/etc/ssh/sshd_config","line":33,"text":"PermitRootLogin yes"}])"));
    EXPECT_EQ(finding["context"], "user root");
    EXPECT_EQ(finding["fix"], "PermitRootLogin no");
    EXPECT_EQ(finding["references"], json::parse(R"j(["sshd_config(5)"])j"));
    EXPECT_EQ(finding["controls"]["pci-dss"], json::parse(R"(["2.2.6"])"));
}

TEST(Json, FrameworkAddsItsControls) {
    const auto audit = render(sample::report(), "pci-dss");
    EXPECT_EQ(audit["framework"], "pci-dss");
    EXPECT_EQ(audit["controls"], json::parse(R"([{"id":"2.2.6","verdict":"fail","rules":["root-login"]}])"));
}

TEST(Json, AnyByteOfTheHostGivesValidAsciiJson) {
    auto report = sample::report();
    std::string every;
    for (int byte = 0; byte < 256; ++byte) {
        every += static_cast<char>(byte);
    }
    report.findings[0].where = {sample::place(every, 1, every)};
    report.findings[0].context = every;
    report.findings[0].detail = every + "\xED\xA0\x80\xF4\x90\x80\x80";
    const auto text = render_json(report, sample::catalogue(), sample::facts(), "");
    for (const char c : text) {
        ASSERT_TRUE(c == '\n' || (c >= 0x20 && c < 0x7F)) << static_cast<int>(c);
    }
    EXPECT_TRUE(json::accept(text));
}

TEST(Json, UnknownHostPartsAreNull) {
    const auto audit = json::parse(render_json({}, {}, {}, ""));
    EXPECT_TRUE(audit["host"]["os"].is_null());
    EXPECT_TRUE(audit["host"]["openssh"].is_null());
    EXPECT_EQ(audit["findings"], json::array());
}

TEST(Sarif, EachVerdictHasItsKind) {
    const auto log = json::parse(render_sarif(sample::report(), sample::catalogue(), sample::facts()));
    EXPECT_EQ(log["version"], "2.1.0");
    const auto& results = log["runs"][0]["results"];
    ASSERT_EQ(results.size(), 4U);
    EXPECT_EQ(results[0]["kind"], "fail");
    EXPECT_EQ(results[0]["level"], "error");
    EXPECT_EQ(results[1]["kind"], "open");
    EXPECT_EQ(results[1]["level"], "none");
    EXPECT_EQ(results[2]["suppressions"][0]["justification"], "until 2027-01-31: old clients");
    EXPECT_EQ(results[3]["kind"], "pass");
    for (const auto& result : results) {
        const auto& rule = log["runs"][0]["tool"]["driver"]["rules"][result["ruleIndex"].get<std::size_t>()];
        EXPECT_EQ(rule["id"], result["ruleId"]);
    }
}

TEST(Sarif, PlacesOfATreeAreRelativeToIt) {
    auto report = sample::report();
    report.findings[0].where = {sample::place("/home/a b/\xFF%", 0, "mode 0666")};
    auto facts = sample::facts();
    facts.root = "/mnt/disk 1";
    auto log = json::parse(render_sarif(report, sample::catalogue(), facts));
    const auto& location = log["runs"][0]["results"][0]["locations"][0];
    EXPECT_EQ(location["physicalLocation"]["artifactLocation"],
              json::parse(R"({"uri":"home/a%20b/%FF%25","uriBaseId":"ROOT"})"));
    EXPECT_FALSE(location["physicalLocation"].contains("region"));
    EXPECT_EQ(log["runs"][0]["originalUriBaseIds"]["ROOT"]["uri"], "file:///mnt/disk%201/");
    facts.root = "/";
    log = json::parse(render_sarif(report, sample::catalogue(), facts));
    EXPECT_EQ(log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
              "file:///home/a%20b/%FF%25");
}

TEST(Sarif, FingerprintsOutliveMovedLines) {
    auto report = sample::report();
    const auto fingerprint = [&] {
        const auto log = json::parse(render_sarif(report, sample::catalogue(), sample::facts()));
        return log["runs"][0]["results"][0]["partialFingerprints"]["sshkeep/v1"].get<std::string>();
    };
    const auto before = fingerprint();
    report.findings[0].where[0].line = 34;
    EXPECT_EQ(fingerprint(), before);
    report.findings[0].context = "user bob";
    EXPECT_NE(fingerprint(), before);
}

}  // namespace
}  // namespace sshkeep::report
