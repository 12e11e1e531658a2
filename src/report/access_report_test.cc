#include "report/access_report.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "report/sample_test.h"

namespace sshkeep::report {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

access::Path by_key(std::string user, std::string key) {
    access::Path path;
    path.user = std::move(user);
    path.methods = {"publickey"};
    path.key = "SHA256:" + std::move(key);
    path.key_type = "ssh-ed25519";
    path.key_bits = 256;
    path.comment = Untrusted("someone@somewhere");
    path.via = "/home/" + path.user + "/.ssh/authorized_keys:3";
    return path;
}

/// alice may do nothing special, root everything, bob most things.
AccessList list() {
    AccessList out;
    auto alice = by_key("alice", "aaa");
    alice.from = {"192.0.2.0/24", "2001:db8::/32"};
    alice.session.kind = access::Session::Kind::command;
    alice.session.command = "/usr/bin/backup --all";
    alice.session.restrictions = {"no-port-forwarding", "no-pty"};
    alice.expires = 1'806'494'400;
    auto bob = by_key("bob", "ccc");
    bob.authority = true;
    bob.principals = {"bob", "admins"};
    bob.power = {access::Power::Kind::all, true, true, "group sudo (/etc/sudoers:47)"};
    bob.uncertain = "depends on Match exec at /etc/ssh/sshd_config:12";
    auto root = by_key("root", "ddd");
    root.methods = {"publickey", "password"};
    root.power = {access::Power::Kind::root, false, false, "uid 0"};
    root.session.ends = "the shell /bin/false ends it";
    out.paths = {alice, bob, root};
    out.without = {"daemon", "bin"};
    out.notes = {"a note"};
    return out;
}

TEST(AccessReport, ListShowsThePowerfulFirst) {
    EXPECT_EQ(render_access_list(list(), sample::facts(), {}),
              "Who can get in to web1 OpenSSH 9.2p1 (1:9.2p1-2+deb12u10)\n"
              "\n"
              "root full power (uid 0)\n"
              "  publickey,password ssh-ed25519 256 SHA256:ddd someone@somewhere\n"
              "      ends at once: the shell /bin/false ends it [/home/root/.ssh/authorized_keys:3]\n"
              "\n"
              "bob everything by sudo with the password (group sudo (/etc/sudoers:47))\n"
              "  publickey any certificate of ssh-ed25519 256 SHA256:ccc someone@somewhere for bob, admins\n"
              "      [/home/bob/.ssh/authorized_keys:3]\n"
              "      uncertain: depends on Match exec at /etc/ssh/sshd_config:12\n"
              "\n"
              "alice\n"
              "  publickey ssh-ed25519 256 SHA256:aaa someone@somewhere\n"
              "      runs only /usr/bin/backup --all; from 192.0.2.0/24 or 2001:db8::/32; until 2027-03-31 12:00\n"
              "      UTC; no-port-forwarding, no-pty [/home/alice/.ssh/authorized_keys:3]\n"
              "\n"
              "No way in: daemon, bin\n"
              "\n"
              "3 ways in for 3 accounts, 2 of them with full power; 1 uncertain; 1 to a session that ends at once.\n"
              "Note: a note\n");
}

TEST(AccessReport, SudoWithAPasswordThatIsNotSetIsNoFullPower) {
    auto one = list();
    one.paths = {one.paths[1]};
    one.paths[0].power.password_usable = false;
    const auto text = render_access_list(one, sample::facts(), {});
    EXPECT_THAT(text, HasSubstr("asks for a password that is not set"));
    EXPECT_THAT(text, HasSubstr("for 1 account, 0 of them with full power"));
}

TEST(AccessReport, ManyAccountsWithoutAWayAreCounted) {
    AccessList many;
    for (int i = 0; i < 50; ++i) {
        many.without.push_back("u" + std::to_string(i));
    }
    const auto text = render_access_list(many, sample::facts(), {});
    EXPECT_THAT(text, HasSubstr("u19\nand 30 more\n"));
    EXPECT_THAT(text, HasSubstr("0 ways in for 0 accounts"));
}

TEST(AccessReport, ListAsJsonHasEveryField) {
    const auto out = json::parse(render_access_list_json(list(), sample::facts()));
    EXPECT_EQ(out["schema"], "sshkeep.access/1");
    EXPECT_EQ(out["host"]["hostname"], "web1");
    EXPECT_EQ(out["without"], json::parse(R"(["daemon","bin"])"));
    EXPECT_EQ(out["paths"][0], json::parse(R"({
        "user": "alice", "methods": ["publickey"], "key": "SHA256:aaa", "key_type": "ssh-ed25519", "key_bits": 256,
        "comment": "someone@somewhere", "from": ["192.0.2.0/24", "2001:db8::/32"],
        "forced_command": "/usr/bin/backup --all", "restrictions": ["no-port-forwarding", "no-pty"],
        "sudo": "none", "sudo_password": false, "sudo_password_usable": false, "sudo_via": "", "administers": false,
        "via": "/home/alice/.ssh/authorized_keys:3",
        "session": {"kind": "command", "command": "/usr/bin/backup --all", "chroot": "",
                    "restrictions": ["no-port-forwarding", "no-pty"], "ends": ""},
        "authority": false, "principals": [], "expires": 1806494400, "uncertain": "", "usable": true})"));
    EXPECT_EQ(out["paths"][1]["sudo"], "all");
    EXPECT_EQ(out["paths"][1]["usable"], false);
    EXPECT_EQ(out["paths"][2]["usable"], false);
    EXPECT_EQ(out["paths"][2]["expires"], nullptr);
}

TEST(AccessReport, ASavedListIsReadBackWhole) {
    const auto saved = list();
    const auto read = parse_access_list(render_access_list_json(saved, sample::facts()));
    ASSERT_TRUE(read) << read.error().message;
    AccessList again;
    again.paths = *read;
    again.without = saved.without;
    again.notes = saved.notes;
    EXPECT_EQ(render_access_list_json(again, sample::facts()), render_access_list_json(saved, sample::facts()));
    EXPECT_EQ(render_access_list(again, sample::facts(), {}), render_access_list(saved, sample::facts(), {}));
}

TEST(AccessReport, WhatIsNoSavedListIsSaidSo) {
    const auto message = [](std::string_view text) {
        const auto read = parse_access_list(text);
        return read ? "" : read.error().message;
    };
    EXPECT_THAT(message(""), HasSubstr("no listing"));
    EXPECT_THAT(message("[]"), HasSubstr("no listing"));
    EXPECT_THAT(message(R"({"schema":"sshkeep.audit/1","paths":[]})"), HasSubstr("no listing"));
    EXPECT_THAT(message(R"({"schema":"sshkeep.access/1","paths":{}})"), HasSubstr("no listing"));
    EXPECT_THAT(message(R"({"schema":"sshkeep.access/1","paths":[1]})"), HasSubstr("paths[0]"));
    auto one = json::parse(render_access_list_json(list(), sample::facts()));
    const auto broken = [&](const char* field, const json& value) {
        auto copy = one;
        copy["paths"][2][field] = value;
        return message(copy.dump());
    };
    EXPECT_THAT(broken("methods", "publickey"), HasSubstr("paths[2]: methods"));
    EXPECT_THAT(broken("methods", {1}), HasSubstr("paths[2]: methods"));
    EXPECT_THAT(broken("sudo", "everything"), HasSubstr("paths[2]: sudo"));
    EXPECT_THAT(broken("key_bits", -1), HasSubstr("paths[2]: key_bits"));
    EXPECT_THAT(broken("expires", "soon"), HasSubstr("paths[2]: expires"));
    EXPECT_THAT(broken("authority", 1), HasSubstr("paths[2]: authority"));
    EXPECT_THAT(broken("session", json::object()), HasSubstr("paths[2]: session.kind"));
    EXPECT_EQ(broken("something-new", 1), "");
}

TEST(AccessReport, DecisionTellsTheVerdictFirst) {
    access::Visitor visitor;
    visitor.user = "bob";
    visitor.address = "192.0.2.7";
    access::Decision decision;
    decision.answer = access::Answer::refused;
    decision.reasons = {{"bob is in DenyUsers", "/etc/ssh/sshd_config", 4}, {"nothing else was looked at", "", 0}};
    EXPECT_EQ(render_decision(visitor, decision, {}),
              "refused: bob from 192.0.2.7\n"
              "  - bob is in DenyUsers [/etc/ssh/sshd_config:4]\n"
              "  - nothing else was looked at\n");
    decision.answer = access::Answer::unknown;
    EXPECT_THAT(render_decision(visitor, decision, {}), testing::StartsWith("cannot be told: bob from 192.0.2.7\n"));
    decision.answer = access::Answer::admitted;
    decision.methods = {"publickey", "password"};
    decision.key = "SHA256:aaa";
    decision.session = access::Session{.kind = access::Session::Kind::sftp,
                                       .command = "internal-sftp",
                                       .chroot = "/srv",
                                       .restrictions = {"no-pty"},
                                       .ends = {}};
    EXPECT_THAT(render_decision(visitor, decision, {}),
                testing::StartsWith("admitted: bob from 192.0.2.7 by publickey,password with SHA256:aaa\n"
                                    "  session: sftp only below /srv; no-pty\n"));
}

TEST(AccessReport, DecisionAsJson) {
    access::Decision decision;
    decision.reasons = {{"nobody knows", "/etc/x", 3}};
    EXPECT_EQ(json::parse(render_decision_json(decision)), json::parse(R"({
        "schema": "sshkeep.access-check/1", "answer": "unknown", "methods": [], "key": "", "session": null,
        "reasons": [{"text": "nobody knows", "path": "/etc/x", "line": 3}]})"));
    decision.answer = access::Answer::admitted;
    decision.session = access::Session{};
    EXPECT_EQ(json::parse(render_decision_json(decision))["session"]["kind"], "shell");
}

TEST(AccessReport, DifferenceShowsWhatIsLost) {
    access::Difference difference;
    auto before = by_key("bob", "aaa");
    auto after = before;
    after.from = {"10.0.0.1"};
    difference.lost = {by_key("alice", "bbb"), by_key("alice", "ccc")};
    difference.changed = {{before, after}};
    difference.kept = {by_key("root", "ddd")};
    EXPECT_EQ(render_access_difference(difference, {}),
              "Ways in lost (2)\n"
              "\n"
              "alice\n"
              "  publickey ssh-ed25519 256 SHA256:bbb someone@somewhere\n"
              "      [/home/alice/.ssh/authorized_keys:3]\n"
              "  publickey ssh-ed25519 256 SHA256:ccc someone@somewhere\n"
              "      [/home/alice/.ssh/authorized_keys:3]\n"
              "\n"
              "Ways in changed (1)\n"
              "\n"
              "bob\n"
              "  before:\n"
              "  publickey ssh-ed25519 256 SHA256:aaa someone@somewhere\n"
              "      [/home/bob/.ssh/authorized_keys:3]\n"
              "  after:\n"
              "  publickey ssh-ed25519 256 SHA256:aaa someone@somewhere\n"
              "      from 10.0.0.1 [/home/bob/.ssh/authorized_keys:3]\n"
              "\n"
              "2 lost, 0 gained, 1 changed, 1 kept.\n");
    const auto out = json::parse(render_access_difference_json(difference));
    EXPECT_EQ(out["schema"], "sshkeep.access-diff/1");
    EXPECT_EQ(out["lost"].size(), 2U);
    EXPECT_EQ(out["gained"], json::array());
    EXPECT_EQ(out["changed"][0]["before"]["from"], json::array());
    EXPECT_EQ(out["changed"][0]["after"]["from"][0], "10.0.0.1");
    EXPECT_EQ(out["kept"], 1);
}

TEST(AccessReport, HostileBytesStayHarmless) {
    auto hostile = list();
    for (auto& path : hostile.paths) {
        path.user = path.via = path.uncertain = path.session.command = "\x1b[2J\r\n\x9b\xff";
        path.comment = Untrusted("\x1b]0;x\a");
        path.from = path.principals = {"\x1b[31m"};
    }
    hostile.without = hostile.notes = {"\x1b\n"};
    access::Difference difference;
    difference.lost = hostile.paths;
    for (const auto& text :
         {render_access_list(hostile, sample::facts(), {}), render_access_list_json(hostile, sample::facts()),
          render_access_difference(difference, {}), render_access_difference_json(difference)}) {
        for (const char c : text) {
            ASSERT_TRUE(c == '\n' || (static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) < 0x7F));
        }
    }
    EXPECT_EQ(as_saved(as_saved(hostile.paths))[0].user, as_saved(hostile.paths)[0].user);
}

}  // namespace
}  // namespace sshkeep::report
