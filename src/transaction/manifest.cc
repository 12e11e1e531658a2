#include "transaction/manifest.h"

#include <array>
#include <nlohmann/json.hpp>

namespace sshkeep::transaction {
namespace {

using Json = nlohmann::json;

constexpr const char* schema = "sshkeep.transaction/1";

/// File names and contents are any bytes; JSON holds characters. Each byte becomes the character of that number.
std::string to_text(std::string_view bytes) {
    std::string text;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80) {
            text += c;
        } else {
            text += static_cast<char>(0xC0 | byte >> 6);
            text += static_cast<char>(0x80 | (byte & 0x3F));
        }
    }
    return text;
}

std::string to_bytes(std::string_view text) {
    std::string bytes;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const bool pair = (byte & 0xFC) == 0xC0 && i + 1 < text.size();
        bytes += pair ? static_cast<char>(byte << 6 | (static_cast<unsigned char>(text[++i]) & 0x3F)) : text[i];
    }
    return bytes;
}

Json json_of(const FileChange& change) {
    Json json{{"path", to_text(change.path)},
              {"after", to_text(change.after)},
              {"mode", change.attributes.mode},
              {"uid", change.attributes.uid},
              {"gid", change.attributes.gid}};
    json["before"] = change.before ? Json(to_text(*change.before)) : Json(nullptr);
    return json;
}

FileChange change_of(const Json& json) {
    FileChange change;
    change.path = to_bytes(json.at("path").get<std::string>());
    if (!json.at("before").is_null()) {
        change.before = to_bytes(json.at("before").get<std::string>());
    }
    change.after = to_bytes(json.at("after").get<std::string>());
    change.attributes = {json.at("mode").get<std::uint32_t>(), json.at("uid").get<std::uint32_t>(),
                         json.at("gid").get<std::uint32_t>()};
    return change;
}

Json json_of(const ports::AppendedLine& line) {
    return {{"account", to_text(line.account.name)},
            {"uid", line.account.uid},
            {"gid", line.account.gid},
            {"path", to_text(line.path)},
            {"line", to_text(line.line)},
            {"file_made", line.file_made},
            {"directory_made", line.directory_made},
            {"size", line.size},
            {"mtime", line.mtime}};
}

ports::AppendedLine line_of(const Json& json) {
    return {.account = {to_bytes(json.at("account").get<std::string>()), json.at("uid").get<std::uint32_t>(),
                        json.at("gid").get<std::uint32_t>()},
            .path = to_bytes(json.at("path").get<std::string>()),
            .line = to_bytes(json.at("line").get<std::string>()),
            .file_made = json.at("file_made").get<bool>(),
            .directory_made = json.at("directory_made").get<bool>(),
            .size = json.at("size").get<std::uint64_t>(),
            .mtime = json.at("mtime").get<std::int64_t>()};
}

Json json_of(const ports::Ticket& ticket) {
    return {{"sequence", ticket.sequence},
            {"request", ticket.request},
            {"action", to_text(ticket.action)},
            {"target", to_text(ticket.target)}};
}

ports::Ticket ticket_of(const Json& json) {
    ports::Ticket ticket;
    ticket.sequence = json.at("sequence").get<std::uint64_t>();
    ticket.request = json.at("request").get<std::array<std::uint8_t, 16>>();
    ticket.action = to_bytes(json.at("action").get<std::string>());
    ticket.target = to_bytes(json.at("target").get<std::string>());
    return ticket;
}

std::vector<std::string> texts_of(const std::vector<std::string>& words) {
    std::vector<std::string> texts;
    texts.reserve(words.size());
    for (const auto& word : words) {
        texts.push_back(to_text(word));
    }
    return texts;
}

std::vector<std::string> words_of(const Json& json) {
    std::vector<std::string> words;
    for (const auto& word : json) {
        words.push_back(to_bytes(word.get<std::string>()));
    }
    return words;
}

Manifest manifest_of(const Json& json) {
    Manifest manifest;
    manifest.id = json.at("id").get<std::string>();
    manifest.summary = to_bytes(json.at("summary").get<std::string>());
    manifest.deadline = json.at("deadline").get<std::int64_t>();
    manifest.by = to_bytes(json.at("by").get<std::string>());
    manifest.session = to_bytes(json.at("session").get<std::string>());
    for (const auto& change : json.at("changes")) {
        manifest.changes.push_back(change_of(change));
    }
    manifest.made_directories = words_of(json.at("made_directories"));
    if (!json.at("probe").is_null()) {
        manifest.probe = line_of(json.at("probe"));
    }
    const auto& service = json.at("service");
    manifest.service = {to_bytes(service.at("unit").get<std::string>()), words_of(service.at("reload")),
                        words_of(service.at("restart"))};
    manifest.systemd = json.at("systemd").get<bool>();
    manifest.ticket = ticket_of(json.at("ticket"));
    return manifest;
}

}  // namespace

std::string render_manifest(const Manifest& manifest) {
    Json json{{"schema", schema},
              {"id", manifest.id},
              {"summary", to_text(manifest.summary)},
              {"deadline", manifest.deadline},
              {"by", to_text(manifest.by)},
              {"session", to_text(manifest.session)},
              {"made_directories", texts_of(manifest.made_directories)},
              {"service",
               {{"unit", to_text(manifest.service.unit)},
                {"reload", texts_of(manifest.service.reload)},
                {"restart", texts_of(manifest.service.restart)}}},
              {"systemd", manifest.systemd},
              {"ticket", json_of(manifest.ticket)}};
    json["changes"] = Json::array();
    for (const auto& change : manifest.changes) {
        json["changes"].push_back(json_of(change));
    }
    json["probe"] = manifest.probe ? json_of(*manifest.probe) : Json(nullptr);
    return json.dump(1) + "\n";
}

Result<Manifest> parse_manifest(std::string_view text) {
    try {
        const auto json = Json::parse(text);
        if (json.at("schema") != schema) {
            return fail(ErrorCode::unsupported, "the transaction was written by another version of sshkeep");
        }
        return manifest_of(json);
    } catch (const Json::exception& error) {
        return fail(ErrorCode::invalid, std::string("manifest.json: ") + error.what());
    }
}

}  // namespace sshkeep::transaction
