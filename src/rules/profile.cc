#include <algorithm>
#include <set>

#include "rules/catalogue.h"
#include "rules/toml_reader.h"

namespace sshkeep::rules {
namespace {

constexpr unsigned max_depth = 8;

/// What a profile says of one rule, before it is known whether the rule is selected.
struct Settings {
    std::string title;
    std::string note;
    std::set<std::string> selected;
    std::map<std::string, Severity> severity;
    std::map<std::string, std::map<std::string, std::string>> parameters;
    std::map<std::string, std::string> remark;
};

bool maps_to(const Rule& rule, std::string_view framework) {
    return std::ranges::any_of(rule.controls, [&](const auto& control) {
        return control.first == framework || control.first.starts_with(std::string(framework) + "-");
    });
}

/// "*" for every rule, "cve-*" for those that begin so, or one id.
Result<std::vector<std::string>> rules_named(std::string_view pattern, const Catalogue& catalogue) {
    std::vector<std::string> ids;
    const bool open = pattern.ends_with('*');
    const std::string_view stem = open ? pattern.substr(0, pattern.size() - 1) : pattern;
    for (const Rule& rule : catalogue.rules) {
        if (open ? rule.id.starts_with(stem) : rule.id == stem) {
            ids.push_back(rule.id);
        }
    }
    if (ids.empty()) {
        return fail(ErrorCode::not_found, "no rule is named " + std::string(pattern));
    }
    return ids;
}

Result<void> select_rules(TomlReader& reader, const Catalogue& catalogue, Settings& settings) {
    for (const std::string& framework : reader.list("select_controls")) {
        for (const Rule& rule : catalogue.rules) {
            if (maps_to(rule, framework)) {
                settings.selected.insert(rule.id);
            }
        }
    }
    for (const std::string& pattern : reader.list("select")) {
        for (const std::string& id : TRY(rules_named(pattern, catalogue))) {
            settings.selected.insert(id);
        }
    }
    for (const std::string& pattern : reader.list("drop")) {
        for (const std::string& id : TRY(rules_named(pattern, catalogue))) {
            settings.selected.erase(id);
        }
    }
    return {};
}

Result<void> read_overrides(TomlReader& reader, const Catalogue& catalogue, Settings& settings) {
    for (const auto& [id, name] : reader.texts("severity")) {
        const auto severity = parse_severity(name);
        if (!severity) {
            reader.complain("severity", "of " + id + " is unknown");
            break;
        }
        settings.severity[id] = *severity;
    }
    for (const auto& [id, text] : reader.texts("remark")) {
        settings.remark[id] = text;
    }
    if (const toml::table* parameters = reader.has("parameters") ? reader.table("parameters") : nullptr) {
        TomlReader inner(*parameters, reader.where() + ".parameters");
        for (const auto& [id, node] : *parameters) {
            for (const auto& [name, value] : inner.texts(id.str())) {
                settings.parameters[std::string(id.str())][name] = value;
            }
        }
        TRY(inner.finish());
    }
    for (const auto* ids : {&settings.severity}) {
        for (const auto& [id, unused] : *ids) {
            if (catalogue.find(id) == nullptr) {
                return fail(ErrorCode::not_found, reader.where() + ": no rule is named " + id);
            }
        }
    }
    for (const auto& [id, unused] : settings.parameters) {
        if (catalogue.find(id) == nullptr) {
            return fail(ErrorCode::not_found, reader.where() + ": no rule is named " + id);
        }
    }
    return reader.finish();
}

Result<void> read_profile(std::string_view name, const std::vector<CatalogueFile>& files, const Catalogue& catalogue,
                          unsigned depth, Settings& settings) {
    if (depth == max_depth) {
        return fail(ErrorCode::invalid, "profile " + std::string(name) + ": extends goes in a circle or too deep");
    }
    const std::string file_name = std::string(name) + ".toml";
    const auto file = std::ranges::find(files, std::string_view(file_name), &CatalogueFile::name);
    if (file == files.end()) {
        return fail(ErrorCode::not_found, "there is no profile named " + std::string(name));
    }
    const toml::table root = TRY(parse_toml(file_name, file->text));
    TomlReader reader(root, file_name);
    reader.allow_only(
        {"title", "note", "extends", "select", "select_controls", "drop", "severity", "parameters", "remark"});
    TRY(reader.finish());
    if (const std::string base = reader.text("extends"); !base.empty()) {
        TRY(read_profile(base, files, catalogue, depth + 1, settings));
    }
    settings.title = reader.required_text("title");
    settings.note = reader.text("note");
    if (auto selected = select_rules(reader, catalogue, settings); !selected) {
        return std::unexpected(std::move(selected).error().in(file_name));
    }
    return read_overrides(reader, catalogue, settings);
}

Profile::Selected selection_of(const Rule& rule, const Settings& settings) {
    Profile::Selected selected{.rule = &rule, .severity = rule.severity, .parameters = rule.parameters};
    if (const auto severity = settings.severity.find(rule.id); severity != settings.severity.end()) {
        selected.severity = severity->second;
    }
    if (const auto parameters = settings.parameters.find(rule.id); parameters != settings.parameters.end()) {
        for (const auto& [name, value] : parameters->second) {
            selected.parameters[name] = value;
        }
    }
    if (const auto remark = settings.remark.find(rule.id); remark != settings.remark.end()) {
        selected.remark = remark->second;
    }
    return selected;
}

}  // namespace

Result<Profile> parse_profile(std::string_view name, const std::vector<CatalogueFile>& files,
                              const Catalogue& catalogue) {
    Settings settings;
    TRY(read_profile(name, files, catalogue, 0, settings));
    Profile profile{.name = std::string(name), .title = settings.title, .note = settings.note};
    for (const Rule& rule : catalogue.rules) {
        if (settings.selected.contains(rule.id)) {
            profile.selected.push_back(selection_of(rule, settings));
        }
    }
    return profile;
}

}  // namespace sshkeep::rules
