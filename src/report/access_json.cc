#include <array>
#include <limits>

#include "base/check.h"
#include "report/access_parts.h"
#include "report/access_report.h"
#include "report/json_text.h"
#include "report/notes.h"

namespace sshkeep::report {
namespace {

constexpr std::string_view list_schema = "sshkeep.access/1";

Json text_or_null(std::string_view text) { return text.empty() ? Json() : Json(text); }

Json session_json(const access::Session& session) {
    return {{"kind", name_of(session.kind)},
            {"command", session.command},
            {"chroot", session.chroot},
            {"restrictions", session.restrictions},
            {"ends", session.ends}};
}

Json path_json(const access::Path& path) {
    Json json{{"user", path.user}, {"methods", path.methods}};
    json["key"] = text_or_null(path.key);
    json["key_type"] = path.key_type;
    json["key_bits"] = path.key_bits;
    json["comment"] = path.comment.raw();
    json["from"] = path.from;
    json["forced_command"] = text_or_null(path.session.command);
    json["restrictions"] = path.session.restrictions;
    json["sudo"] = name_of(path.power.kind);
    json["sudo_password"] = path.power.password_needed;
    json["sudo_password_usable"] = path.power.password_usable;
    json["sudo_via"] = path.power.via;
    json["administers"] = path.power.administers();
    json["via"] = path.via;
    json["session"] = session_json(path.session);
    json["authority"] = path.authority;
    json["principals"] = path.principals;
    json["expires"] = path.expires ? Json(*path.expires) : Json();
    json["uncertain"] = path.uncertain;
    json["usable"] = path.usable();
    return json;
}

Json paths_json(const std::vector<access::Path>& paths) {
    auto json = Json::array();
    for (const auto& path : paths) {
        json.push_back(path_json(path));
    }
    return json;
}

/// Reads the members of one object; the first thing that is missing or of another type is what `error` names.
class Fields {
public:
    explicit Fields(const Json& json) : json_(json) {}

    [[nodiscard]] std::string text(const char* name) {
        const auto* value = find(name);
        if (value == nullptr || value->is_null()) {
            return {};
        }
        return value->is_string() ? value->get<std::string>() : wrong<std::string>(name);
    }
    [[nodiscard]] bool truth(const char* name) {
        const auto* value = find(name);
        return value != nullptr && (value->is_boolean() ? value->get<bool>() : wrong<bool>(name));
    }
    [[nodiscard]] unsigned number(const char* name) {
        const auto* value = find(name);
        if (value == nullptr) {
            return 0;
        }
        const bool fits =
            value->is_number_unsigned() && value->get<std::uint64_t>() <= std::numeric_limits<unsigned>::max();
        return fits ? static_cast<unsigned>(value->get<std::uint64_t>()) : wrong<unsigned>(name);
    }
    [[nodiscard]] std::optional<std::int64_t> seconds(const char* name) {
        const auto* value = find(name);
        if (value == nullptr || value->is_null()) {
            return std::nullopt;
        }
        return value->is_number_integer() ? value->get<std::int64_t>() : wrong<std::int64_t>(name);
    }
    [[nodiscard]] std::vector<std::string> texts(const char* name) {
        const auto* value = find(name);
        std::vector<std::string> out;
        if (value == nullptr || !value->is_array()) {
            return wrong<std::vector<std::string>>(name);
        }
        for (const auto& element : *value) {
            out.push_back(element.is_string() ? element.get<std::string>() : wrong<std::string>(name));
        }
        return out;
    }
    template <class Kind, std::size_t count>
    [[nodiscard]] Kind kind(const char* name, const std::array<Kind, count>& kinds) {
        const auto given = text(name);
        for (const auto kind : kinds) {
            if (name_of(kind) == given) {
                return kind;
            }
        }
        return wrong<Kind>(name);
    }
    [[nodiscard]] Fields object(const char* name) {
        static const Json nothing = Json::object();
        const auto* value = find(name);
        return Fields(value != nullptr && value->is_object() ? *value : nothing);
    }
    [[nodiscard]] const std::string& error() const noexcept { return error_; }

private:
    [[nodiscard]] const Json* find(const char* name) {
        const auto found = json_.find(name);
        if (found == json_.end()) {
            wrong<bool>(name);
            return nullptr;
        }
        return &*found;
    }
    template <class T>
    T wrong(const char* name) {
        if (error_.empty()) {
            error_ = name;
        }
        return T{};
    }

    const Json& json_;
    std::string error_;
};

access::Session read_session(Fields& fields) {
    using Kind = access::Session::Kind;
    access::Session session;
    session.kind = fields.kind("kind", std::array{Kind::shell, Kind::command, Kind::sftp, Kind::none});
    session.command = fields.text("command");
    session.chroot = fields.text("chroot");
    session.restrictions = fields.texts("restrictions");
    session.ends = fields.text("ends");
    return session;
}

access::Power read_power(Fields& fields) {
    using Kind = access::Power::Kind;
    access::Power power;
    power.kind = fields.kind("sudo", std::array{Kind::none, Kind::some, Kind::all, Kind::root, Kind::unknown});
    power.password_needed = fields.truth("sudo_password");
    power.password_usable = fields.truth("sudo_password_usable");
    power.via = fields.text("sudo_via");
    return power;
}

Result<access::Path> read_path(const Json& json, std::size_t index) {
    const auto wrong = [&](const std::string& field) {
        return fail(ErrorCode::invalid, "paths[" + std::to_string(index) + "]: " + field + " is missing or wrong");
    };
    if (!json.is_object()) {
        return wrong("it");
    }
    Fields fields(json);
    access::Path path;
    path.user = fields.text("user");
    path.methods = fields.texts("methods");
    path.key = fields.text("key");
    path.key_type = fields.text("key_type");
    path.key_bits = fields.number("key_bits");
    path.comment = Untrusted(fields.text("comment"));
    path.authority = fields.truth("authority");
    path.principals = fields.texts("principals");
    path.from = fields.texts("from");
    path.expires = fields.seconds("expires");
    path.power = read_power(fields);
    path.via = fields.text("via");
    path.uncertain = fields.text("uncertain");
    auto session = fields.object("session");
    path.session = read_session(session);
    if (!fields.error().empty()) {
        return wrong(fields.error());
    }
    if (!session.error().empty()) {
        return wrong("session." + session.error());
    }
    return path;
}

}  // namespace

std::string render_access_list_json(const AccessList& list, const facts::HostFacts& facts) {
    Json json{{"schema", list_schema}, {"sshkeep", SSHKEEP_VERSION}};
    json["host"] = host_json(facts);
    json["paths"] = paths_json(list.paths);
    json["without"] = list.without;
    json["notes"] = list.notes;
    return dump(json);
}

Result<std::vector<access::Path>> parse_access_list(std::string_view text) {
    const auto json = Json::parse(text, nullptr, false);
    if (!json.is_object() || json.value("schema", Json()) != list_schema || !json.value("paths", Json()).is_array()) {
        return fail(ErrorCode::invalid, "this is no listing of sshkeep access list --format json");
    }
    std::vector<access::Path> paths;
    for (const auto& path : json["paths"]) {
        paths.push_back(TRY(read_path(path, paths.size())));
    }
    return paths;
}

std::vector<access::Path> as_saved(const std::vector<access::Path>& paths) {
    const auto text = dump({{"schema", list_schema}, {"paths", paths_json(paths)}});
    auto read = parse_access_list(text);
    CHECK(read.has_value());
    return *std::move(read);
}

std::string render_decision_json(const access::Decision& decision) {
    Json json{{"schema", "sshkeep.access-check/1"}, {"answer", name_of(decision.answer)}};
    json["methods"] = decision.methods;
    json["key"] = decision.key;
    json["session"] = decision.session ? session_json(*decision.session) : Json();
    json["reasons"] = Json::array();
    for (const auto& reason : decision.reasons) {
        json["reasons"].push_back({{"text", reason.text}, {"path", reason.path}, {"line", reason.line}});
    }
    return dump(json);
}

std::string render_access_difference_json(const access::Difference& difference) {
    Json json{{"schema", "sshkeep.access-diff/1"}};
    json["lost"] = paths_json(difference.lost);
    json["gained"] = paths_json(difference.gained);
    json["changed"] = Json::array();
    for (const auto& [before, after] : difference.changed) {
        json["changed"].push_back({{"before", path_json(before)}, {"after", path_json(after)}});
    }
    json["kept"] = difference.kept.size();
    return dump(json);
}

}  // namespace sshkeep::report
