#include "report/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace sshkeep::report {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

class PlanReport : public ::testing::Test {
protected:
    PlanReport() {
        plan_.wanted = {
            {.option = "PermitRootLogin", .lines = {"PermitRootLogin no"}, .rules = {"root-login", "root-login-yes"}},
            {.option = "MaxAuthTries",
             .lines = {"MaxAuthTries 3"},
             .rules = {"max-auth-tries"},
             .context = "Match User bob"},
            {.option = "Port", .lines = {"Port 2222"}}};
        plan_.changes = {{.path = "/etc/ssh/sshd_config", .before = "Port 22\n", .after = "Port 2222\n"},
                         {.path = "/etc/ssh/new", .before = std::nullopt, .after = "x\n"}};
        plan_.left_out = {{"banner", "your words"}, {"a", "by hand"}, {"b", "by hand"}};
        plan_.notes = {"a note"};
        access::Path path{.user = "bob", .methods = {"publickey"}, .key = "SHA256:k", .via = "/home/bob/keys:1"};
        path.from = {"192.0.2.0/24"};
        path.power.kind = access::Power::Kind::all;
        difference_.lost = {path};
        difference_.kept = {path, path};
        path.session.command = "/bin/\x1b[2J";
        difference_.changed = {{difference_.lost[0], path}};
    }

    plan::Plan plan_;
    access::Difference difference_;
};

TEST_F(PlanReport, TellsEverythingAPersonAsks) {
    const std::string text = render_plan_text({.plan = plan_, .access = &difference_, .reload = "ssh.service"}, {});
    EXPECT_EQ(text,
              "Changes\n"
              "  PermitRootLogin no (root-login, root-login-yes)\n"
              "  MaxAuthTries 3 (max-auth-tries; Match User bob)\n"
              "  Port 2222 (asked for by name)\n"
              "\n"
              "  --- a/etc/ssh/sshd_config\n"
              "  +++ b/etc/ssh/sshd_config\n"
              "  @@ -1 +1 @@\n"
              "  -Port 22\n"
              "  +Port 2222\n"
              "  --- /dev/null\n"
              "  +++ b/etc/ssh/new\n"
              "  @@ -0,0 +1 @@\n"
              "  +x\n"
              "\n"
              "Ways in\n"
              "  1 lost:\n"
              "  - bob publickey SHA256:k from 192.0.2.0/24 all sudo /home/bob/keys:1\n"
              "  1 changed:\n"
              "  - bob publickey SHA256:k from 192.0.2.0/24 all sudo /home/bob/keys:1\n"
              "  + bob publickey SHA256:k from 192.0.2.0/24 all sudo runs /bin/\\x1b[2J /home/bob/keys:1\n"
              "  2 kept\n"
              "\n"
              "Left out\n"
              "  banner: your words\n"
              "  a, b: by hand\n"
              "\n"
              "Note     a note\n"
              "\n"
              "Reloaded: ssh.service\n");
}

TEST_F(PlanReport, SaysFirstWhyItIsRefused) {
    const std::string text =
        render_plan_text({.plan = plan_, .dangers = {{"bob", "would lose his last way in."}}}, {.colour = true});
    EXPECT_TRUE(text.starts_with("\x1b["));
    EXPECT_LT(text.find("would"), text.find("Changes"));
    EXPECT_THAT(text, HasSubstr("-Port 22\x1b[0m"));
}

TEST_F(PlanReport, SaysThatNothingChanges) {
    const plan::Plan nothing;
    EXPECT_EQ(render_plan_text({.plan = nothing, .reload = "ssh.service"}, {}), "Nothing to change.\n");
}

TEST_F(PlanReport, EscapesBytesOfFiles) {
    plan_.changes[0].after = "Port 2222 # \x1b]0;x\a\n";
    EXPECT_THAT(render_plan_text({.plan = plan_}, {}), Not(HasSubstr("\x1b")));
    EXPECT_THAT(render_plan_json({.plan = plan_}), Not(HasSubstr("\x1b")));
}

TEST_F(PlanReport, IsReadByPrograms) {
    const json read = json::parse(render_plan_json({.plan = plan_,
                                                    .access = &difference_,
                                                    .dangers = {{"bob", "text"}},
                                                    .reload = "ssh.service",
                                                    .transaction = "t1"}));
    EXPECT_EQ(read["schema"], "sshkeep.harden-plan/1");
    EXPECT_EQ(read["transaction"], "t1");
    EXPECT_EQ(read["wanted"][0]["rules"], (json{"root-login", "root-login-yes"}));
    EXPECT_EQ(read["wanted"][2]["context"], "every connection");
    EXPECT_EQ(read["changes"][0]["before_sha256"], "e807422bad84e7926a98fb262153b3d9c84244080e69b0e5d20446c183ffafc4");
    EXPECT_EQ(read["changes"][1]["before_sha256"], nullptr);
    EXPECT_EQ(read["changes"][1]["new"], true);
    EXPECT_THAT(read["diff"].get<std::string>(), HasSubstr("\n+Port 2222\n"));
    EXPECT_EQ(read["access"]["lost"][0]["sudo"], "all");
    EXPECT_EQ(read["access"]["lost"][0]["forced_command"], nullptr);
    EXPECT_EQ(read["access"]["changed"][0]["after"]["user"], "bob");
    EXPECT_EQ(read["access"]["kept"], 2);
    EXPECT_EQ(read["dangers"][0]["account"], "bob");
    EXPECT_EQ(read["left_out"][0]["why"], "your words");
    EXPECT_EQ(read["reload"], "ssh.service");
    EXPECT_EQ(read["notes"][0], "a note");
    EXPECT_EQ(json::parse(render_plan_json({.plan = plan_}))["transaction"], nullptr);
}

}  // namespace
}  // namespace sshkeep::report
