#include "ledger/export.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/escape.h"
#include "ledger/encoding.h"

namespace sshkeep::ledger {
namespace {

constexpr int notice = 13 * 8 + 5;  // RFC 5424: facility log audit, severity notice
constexpr int warning = 13 * 8 + 4;

bool went_wrong(const Record& record) {
    return record.status == Status::failed || record.status == Status::refused || record.status == Status::rolled_back;
}

std::string result_of(const Record& record) {
    return std::string(record.kind == Kind::outcome ? name_of(record.status) : name_of(record.kind));
}

std::string actor_of(const Record& record) {
    const auto& actor = record.actor;
    const auto uid = actor.login_uid == no_login ? actor.uid : actor.login_uid;
    return actor.user.empty() ? "uid " + std::to_string(uid) : actor.user;
}

nlohmann::ordered_json json_hash(const std::optional<Hash>& hash) {
    return hash ? nlohmann::ordered_json(to_hex(*hash)) : nlohmann::ordered_json();
}

nlohmann::ordered_json json_actor(const Actor& actor) {
    nlohmann::ordered_json json;
    json["login_uid"] =
        actor.login_uid == no_login ? nlohmann::ordered_json() : nlohmann::ordered_json(actor.login_uid);
    json["uid"] = actor.uid;
    json["user"] = valid_utf8(actor.user);
    json["key"] = valid_utf8(actor.key);
    json["pid"] = actor.pid;
    json["process"] = valid_utf8(actor.process);
    return json;
}

/// Backslash before each of `special`; control characters as escape_for_terminal shows them.
std::string escape(std::string_view text, std::string_view special) {
    std::string out;
    for (const char c : escape_for_terminal(text)) {
        if (special.find(c) != std::string_view::npos) {
            out += '\\';
        }
        out += c;
    }
    return out;
}

std::string cef_field(std::string_view name, std::string_view value) {
    return value.empty() ? "" : ' ' + std::string(name) + '=' + escape(value, "\\=");
}

/// A syslog header field: printable ASCII without spaces, of bounded length, "-" when empty.
std::string header_field(std::string_view text, std::size_t limit) {
    std::string out(text.substr(0, limit));
    std::ranges::replace_if(out, [](char c) { return c <= ' ' || c >= '\x7F'; }, '_');
    return out.empty() ? "-" : out;
}

std::string parameter(std::string_view name, std::string_view value) {
    return value.empty() ? "" : ' ' + std::string(name) + "=\"" + escape(value, "\"\\]") + '"';
}

/// RFC 5424 allows six digits of the second at most.
std::string syslog_time(std::int64_t time) {
    auto text = render_time(time);
    return text.size() == 30 ? text.erase(26, 3) : "-";
}

std::string hash_text(const std::optional<Hash>& hash) { return hash ? to_hex(*hash) : ""; }

}  // namespace

std::string render_json_line(const Record& record) {
    nlohmann::ordered_json json;
    json["schema"] = "sshkeep.record/1";
    json["sequence"] = record.sequence;
    json["kind"] = name_of(record.kind);
    json["time"] = render_time(record.time);
    json["boot"] = to_hex(as_text(record.boot));
    json["monotonic_ns"] = record.monotonic;
    json["host"] = valid_utf8(record.host);
    json["actor"] = json_actor(record.actor);
    json["request"] = to_hex(as_text(record.request));
    json["refers_to"] =
        record.refers_to == no_reference ? nlohmann::ordered_json() : nlohmann::ordered_json(record.refers_to);
    json["action"] = valid_utf8(record.action);
    json["target"] = valid_utf8(record.target);
    json["before"] = json_hash(record.before);
    json["after"] = json_hash(record.after);
    json["status"] = name_of(record.status);
    json["detail"] = valid_utf8(record.detail);
    json["payload"] = json_hash(record.payload);
    json["program"] = valid_utf8(record.program);
    return json.dump(-1, ' ', true) + '\n';
}

std::string render_cef_line(const Record& record) {
    const auto severity = went_wrong(record) ? "7" : "3";
    return "CEF:0|sshkeep|sshkeep|" SSHKEEP_VERSION "|" + escape(record.action, "\\|") + '|' +
           escape(record.action, "\\|") + ' ' + result_of(record) + '|' + severity + '|' +
           "rt=" + std::to_string(record.time / 1'000'000) + " externalId=" + std::to_string(record.sequence) +
           " outcome=" + result_of(record) + cef_field("dvchost", record.host) + cef_field("suser", actor_of(record)) +
           " suid=" + std::to_string(record.actor.uid) + cef_field("sproc", record.actor.process) +
           " spid=" + std::to_string(record.actor.pid) + cef_field("fname", record.target) +
           cef_field("oldFileHash", hash_text(record.before)) + cef_field("fileHash", hash_text(record.after)) +
           cef_field("msg", record.detail) +
           (record.actor.key.empty() ? "" : " cs1Label=sshKey" + cef_field("cs1", record.actor.key)) +
           " cs2Label=request" + cef_field("cs2", to_hex(as_text(record.request))) + '\n';
}

std::string render_syslog_line(const Record& record) {
    return '<' + std::to_string(went_wrong(record) ? warning : notice) + ">1 " + syslog_time(record.time) + ' ' +
           header_field(record.host, 255) + " sshkeep " + std::to_string(record.actor.pid) + ' ' +
           header_field(record.action, 32) + " [sshkeep@32473 seq=\"" + std::to_string(record.sequence) + "\" kind=\"" +
           std::string(name_of(record.kind)) + "\" result=\"" + result_of(record) + '"' +
           parameter("actor", actor_of(record)) + parameter("key", record.actor.key) +
           parameter("process", record.actor.process) + parameter("target", record.target) +
           parameter("request", to_hex(as_text(record.request))) + parameter("before", hash_text(record.before)) +
           parameter("after", hash_text(record.after)) + "] " + escape_for_terminal(record.detail) + '\n';
}

std::string render_timeline_line(const Record& record) {
    auto time = render_time(record.time);
    time = time.size() == 30 ? time.substr(0, 10) + ' ' + time.substr(11, 12) : time;
    const auto number = '#' + std::to_string(record.sequence);
    std::string line = time + "  " + number + std::string(number.size() < 7 ? 7 - number.size() : 1, ' ') + ' ' +
                       escape_for_terminal(actor_of(record), 32) + "  " + escape_for_terminal(record.action, 64) +
                       "  " + escape_for_terminal(record.target, 256) + "  " + result_of(record);
    if (record.refers_to != no_reference) {
        line += " of #" + std::to_string(record.refers_to);
    }
    if (!record.detail.empty()) {
        line += "  (" + escape_for_terminal(record.detail, 256) + ')';
    }
    return line + '\n';
}

}  // namespace sshkeep::ledger
