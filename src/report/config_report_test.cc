#include "report/config_report.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

namespace sshkeep::report {
namespace {

using nlohmann::json;

/// A file of two lines: the first decides, the second is shadowed.
sshdconf::Config config() {
    sshdconf::Config out;
    sshdconf::File file;
    file.path = "/etc/ssh/sshd_config";
    file.bytes = "PermitRootLogin no\nPermitRootLogin yes\n";
    file.lines = {{0, 19, "permitrootlogin", {"no"}}, {19, 39, "permitrootlogin", {"yes"}}};
    out.files.push_back(file);
    return out;
}

sshdconf::Explanation explanation() {
    sshdconf::Explanation out;
    out.setting = {"permitrootlogin", {"no"}, {{0, 1}}, ""};
    out.others = {{{0, 2}, "shadowed by /etc/ssh/sshd_config:1"}};
    return out;
}

TEST(ConfigReport, ExplanationShowsTheLineTheShadowsAndTheOtherConnections) {
    const sshdconf::Setting elsewhere{"permitrootlogin", {"yes"}, {}, "depends on Match exec"};
    EXPECT_EQ(render_explanation(config(), explanation(), {{"Match User bob", elsewhere}}, {}),
              "permitrootlogin no\n"
              "  /etc/ssh/sshd_config:1  PermitRootLogin no\n"
              "\nLines that do not decide it here\n"
              "  /etc/ssh/sshd_config:2  PermitRootLogin yes\n"
              "    shadowed by /etc/ssh/sshd_config:1\n"
              "\nConnections for which it is set otherwise\n"
              "  Match User bob: yes\n"
              "  the default of OpenSSH 9.2p1\n"
              "  uncertain: depends on Match exec\n");
}

TEST(ConfigReport, ExplanationAsJson) {
    const auto out = json::parse(render_explanation_json(config(), explanation(), {}));
    EXPECT_EQ(out["schema"], "sshkeep.config-explain/1");
    EXPECT_EQ(out["values"], json::parse(R"(["no"])"));
    EXPECT_EQ(out["line"], 1);
    EXPECT_EQ(out["others"][0]["text"], "PermitRootLogin yes");
    EXPECT_EQ(out["elsewhere"], json::array());
}

TEST(ConfigReport, EffectiveAsJson) {
    auto with_notice = config();
    with_notice.diagnostics.push_back({sshdconf::Diagnostic::Kind::notice, {0, 2}, "deprecated \x1b"});
    const sshdconf::Effective effective({{"port", {"22"}, {}, ""}, {"banner", {}, {}, ""}});
    const auto out = json::parse(render_effective_json(with_notice, effective));
    ASSERT_EQ(out["settings"].size(), 1U);  // an unset option is not printed by sshd either
    EXPECT_EQ(out["settings"][0], json::parse(R"({"name":"port","values":["22"],"file":null,"line":null,
                                                  "default":true,"uncertain":""})"));
    EXPECT_EQ(out["diagnostics"][0]["kind"], "notice");
    EXPECT_EQ(render_diagnostic(with_notice, with_notice.diagnostics[0]), "/etc/ssh/sshd_config:2: deprecated \\x1b");
}

}  // namespace
}  // namespace sshkeep::report
