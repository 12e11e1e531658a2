#include "ledger/export.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace sshkeep::ledger {
namespace {

/// Every character that means something to one of the formats.
constexpr std::string_view hostile = "a|b=c\\d\"e]f\ng\rh\x1b[2Ji\xFFj k";

Record hostile_record() {
    Record record{.sequence = 7, .kind = Kind::outcome, .time = 1'795'341'544'123'456'789};
    record.actor = {
        .login_uid = 1000, .user = std::string(hostile), .key = std::string(hostile), .process = std::string(hostile)};
    record.host = hostile;
    record.action = hostile;
    record.target = hostile;
    record.status = Status::failed;
    record.detail = hostile;
    record.refers_to = 6;
    return record;
}

void expect_one_plain_line(const std::string& line) {
    EXPECT_EQ(line.find('\n'), line.size() - 1);
    EXPECT_TRUE(std::ranges::none_of(line.substr(0, line.size() - 1),
                                     [](char c) { return static_cast<unsigned char>(c) < 0x20; }));
}

TEST(Export, NoFieldBreaksItsLine) {
    const auto record = hostile_record();
    expect_one_plain_line(render_json_line(record));
    expect_one_plain_line(render_cef_line(record));
    expect_one_plain_line(render_syslog_line(record));
    expect_one_plain_line(render_timeline_line(record));
}

TEST(Export, JsonHoldsTheFields) {
    const auto json = nlohmann::json::parse(render_json_line(hostile_record()));
    EXPECT_EQ(json["schema"], "sshkeep.record/1");
    EXPECT_EQ(json["sequence"], 7);
    EXPECT_EQ(json["time"], "2026-11-22T09:59:04.123456789Z");
    EXPECT_EQ(json["status"], "failed");
    EXPECT_EQ(json["refers_to"], 6);
    EXPECT_EQ(json["actor"]["login_uid"], 1000);
    EXPECT_EQ(json["target"].get<std::string>().substr(0, 10), "a|b=c\\d\"e]");
    EXPECT_TRUE(json["before"].is_null());
    EXPECT_TRUE(nlohmann::json::parse(render_json_line({}))["actor"]["login_uid"].is_null());
}

TEST(Export, CefEscapesHeaderAndFieldsApart) {
    const auto line = render_cef_line(hostile_record());
    EXPECT_TRUE(line.starts_with("CEF:0|sshkeep|sshkeep|" SSHKEEP_VERSION "|a\\|b=c\\\\d\"e]f\\\\x0ag")) << line;
    EXPECT_NE(line.find(" fname=a|b\\=c\\\\d\"e]f\\\\x0ag"), std::string::npos) << line;
    EXPECT_NE(line.find("|7|rt=1795341544123 externalId=7 outcome=failed "), std::string::npos) << line;
}

TEST(Export, SyslogHasHeaderAndStructuredData) {
    const auto line = render_syslog_line(hostile_record());
    EXPECT_TRUE(line.starts_with("<108>1 2026-11-22T09:59:04.123456Z a|b=c\\d\"e]f_g_h_[2Ji_j_k sshkeep 0 ")) << line;
    EXPECT_NE(line.find(" target=\"a|b=c\\\\d\\\"e\\]f\\\\x0ag"), std::string::npos) << line;
    EXPECT_TRUE(render_syslog_line({}).starts_with("<109>1 1970-01-01T00:00:00.000000Z - sshkeep 0 - [sshkeep@32473 "));
}

TEST(Export, TheTimelineReadsFromLeftToRight) {
    Record record{.sequence = 12, .kind = Kind::outcome, .time = 1'795'341'544'000'000'000};
    record.actor.user = "alice";
    record.action = "config.apply";
    record.target = "/etc/ssh/sshd_config";
    record.status = Status::succeeded;
    record.refers_to = 11;
    EXPECT_EQ(render_timeline_line(record),
              "2026-11-22 09:59:04.000  #12     alice  config.apply  /etc/ssh/sshd_config  succeeded of #11\n");
}

}  // namespace
}  // namespace sshkeep::ledger
