#include "report/config_report.h"

#include <fmt/format.h>

#include "base/escape.h"
#include "base/text.h"
#include "report/json_text.h"
#include "report/layout.h"

namespace sshkeep::report {
namespace {

std::string place_of(const sshdconf::Config& config, const sshdconf::Origin& origin) {
    const auto& path = config.path(origin);
    return origin.line == 0 ? path : fmt::format("{}:{}", path, origin.line);
}

std::string_view line_of(const sshdconf::Config& config, const sshdconf::Origin& origin) {
    const auto& file = config.files[origin.file];
    return origin.line == 0 || origin.line > file.lines.size() ? std::string_view() : file.text(origin.line - 1);
}

Json place_json(const sshdconf::Config& config, const sshdconf::Origin& origin) {
    return {{"file", config.path(origin)}, {"line", origin.line}, {"text", line_of(config, origin)}};
}

Json setting_json(const sshdconf::Config& config, const sshdconf::Setting& setting) {
    Json json{{"name", setting.name}, {"values", setting.values}};
    json["file"] = setting.is_default() ? Json() : Json(config.path(setting.origins.front()));
    json["line"] = setting.is_default() ? Json() : Json(setting.origins.front().line);
    json["default"] = setting.is_default();
    json["uncertain"] = setting.uncertain;
    return json;
}

std::string_view name_of(sshdconf::Diagnostic::Kind kind) {
    using Kind = sshdconf::Diagnostic::Kind;
    return kind == Kind::fatal ? "fatal" : kind == Kind::unreadable ? "unreadable" : "notice";
}

Json diagnostics_json(const sshdconf::Config& config) {
    auto diagnostics = Json::array();
    for (const auto& diagnostic : config.diagnostics) {
        diagnostics.push_back({{"kind", name_of(diagnostic.kind)},
                               {"file", config.path(diagnostic.origin)},
                               {"line", diagnostic.origin.line},
                               {"message", diagnostic.message}});
    }
    return diagnostics;
}

std::string values_of(const sshdconf::Setting& setting) {
    return setting.values.empty() ? "(unset)" : join(setting.values, " | ");
}

void add_origins(Page& page, const sshdconf::Config& config, const sshdconf::Setting& setting) {
    for (const auto& origin : setting.origins) {
        page.quote({place_of(config, origin), Style::bold}, line_of(config, origin), 2);
    }
    if (setting.is_default()) {
        page.paragraph(fmt::format("the default of OpenSSH {}", render_openssh_version(config.build.version)), 2);
    }
    if (!setting.uncertain.empty()) {
        page.paragraph({{"uncertain:", Style::unknown}, {setting.uncertain}}, 2);
    }
}

}  // namespace

std::string render_effective_json(const sshdconf::Config& config, const sshdconf::Effective& effective) {
    Json json{{"schema", "sshkeep.config-effective/1"}, {"settings", Json::array()}};
    for (const auto& setting : effective.settings()) {
        if (!setting.values.empty()) {
            json["settings"].push_back(setting_json(config, setting));
        }
    }
    json["diagnostics"] = diagnostics_json(config);
    return dump(json);
}

std::string render_explanation(const sshdconf::Config& config, const sshdconf::Explanation& explanation,
                               const std::vector<ContextValue>& elsewhere, const TextOptions& options) {
    Page page(options.colour, options.width);
    const auto& setting = explanation.setting;
    page.paragraph({{setting.name, Style::bold}, {values_of(setting)}});
    add_origins(page, config, setting);
    if (!explanation.others.empty()) {
        page.blank();
        page.paragraph({{"Lines that do not decide it here", Style::bold}});
        for (const auto& other : explanation.others) {
            page.quote({place_of(config, other.origin), Style::bold}, line_of(config, other.origin), 2);
            page.paragraph(other.why, 4);
        }
    }
    if (!elsewhere.empty()) {
        page.blank();
        page.paragraph({{"Connections for which it is set otherwise", Style::bold}});
        for (const auto& other : elsewhere) {
            page.paragraph({{other.context + ":"}, {values_of(other.setting), Style::bold}}, 2);
            add_origins(page, config, other.setting);
        }
    }
    return page.take();
}

std::string render_explanation_json(const sshdconf::Config& config, const sshdconf::Explanation& explanation,
                                    const std::vector<ContextValue>& elsewhere) {
    Json json;
    json["schema"] = "sshkeep.config-explain/1";
    json.update(setting_json(config, explanation.setting));
    json["where"] = Json::array();
    for (const auto& origin : explanation.setting.origins) {
        json["where"].push_back(place_json(config, origin));
    }
    json["others"] = Json::array();
    for (const auto& other : explanation.others) {
        auto line = place_json(config, other.origin);
        line["why"] = other.why;
        json["others"].push_back(std::move(line));
    }
    json["elsewhere"] = Json::array();
    for (const auto& other : elsewhere) {
        Json entry;
        entry["context"] = other.context;
        entry.update(setting_json(config, other.setting));
        json["elsewhere"].push_back(std::move(entry));
    }
    json["diagnostics"] = diagnostics_json(config);
    return dump(json);
}

std::string render_diagnostic(const sshdconf::Config& config, const sshdconf::Diagnostic& diagnostic) {
    return escape_for_terminal(place_of(config, diagnostic.origin)) + ": " + escape_for_terminal(diagnostic.message);
}

}  // namespace sshkeep::report
