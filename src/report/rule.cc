#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "report/json_text.h"
#include "report/layout.h"
#include "report/report.h"

namespace sshkeep::report {
namespace {

constexpr std::size_t body = 2;

void add_prose(Page& page, std::string_view heading, std::string_view text) {
    if (text.empty()) {
        return;
    }
    page.blank();
    page.paragraph({{std::string(heading), Style::bold}});
    page.prose(text, body);
}

Json json_of(const rules::Rule& rule) {
    return {{"id", rule.id},
            {"title", rule.title},
            {"severity", name_of(rule.severity)},
            {"why", rule.why},
            {"exploit", rule.exploit},
            {"fix", rule.fix},
            {"references", rule.references},
            {"controls", rule.controls},
            {"parameters", rule.parameters}};
}

}  // namespace

std::string render_rule(const rules::Rule& rule, const TextOptions& options) {
    Page page(options.colour, options.width);
    page.paragraph({{rule.title, Style::bold}});
    page.paragraph({{rule.id, Style::dim}, {std::string(name_of(rule.severity)), style_of(rule.severity)}});
    add_prose(page, "Why", rule.why);
    add_prose(page, "How it is exploited", rule.exploit);
    if (!rule.fix.empty()) {
        page.blank();
        page.paragraph({{"Fix", Style::bold}});
        page.verbatim(rule.fix, body);
    }
    if (!rule.parameters.empty()) {
        page.blank();
        page.paragraph({{"Parameters a profile may set", Style::bold}});
        for (const auto& [name, value] : rule.parameters) {
            page.paragraph({{name}, {"="}, {value}}, body);
        }
    }
    if (!rule.references.empty()) {
        page.blank();
        page.paragraph({{"References", Style::bold}});
        for (const auto& reference : rule.references) {
            page.paragraph(reference, body);
        }
    }
    if (!rule.controls.empty()) {
        page.blank();
        page.paragraph({{"Controls", Style::bold}});
        for (const auto& [framework, ids] : rule.controls) {
            page.paragraph({{framework + ":"}, {join(ids, ", ")}}, body);
        }
    }
    return page.take();
}

std::string render_rules(const rules::Catalogue& catalogue, const TextOptions& options) {
    std::size_t widest = 0;
    for (const auto& rule : catalogue.rules) {
        widest = std::max(widest, columns(rule.id));
    }
    Page page(options.colour, options.width);
    for (const auto& rule : catalogue.rules) {
        page.entry({rule.id}, widest + 2,
                   {{fmt::format("{},", name_of(rule.severity)), style_of(rule.severity)}, {rule.title}});
    }
    return page.take();
}

std::string render_rule_json(const rules::Rule& rule) {
    Json json;
    json["schema"] = "sshkeep.rule/1";
    json.update(json_of(rule));
    return dump(json);
}

std::string render_rules_json(const rules::Catalogue& catalogue) {
    Json json{{"schema", "sshkeep.rules/1"}, {"rules", Json::array()}};
    for (const auto& rule : catalogue.rules) {
        json["rules"].push_back(json_of(rule));
    }
    return dump(json);
}

std::string render_profiles(const std::vector<rules::Profile>& profiles, const TextOptions& options) {
    Page page(options.colour, options.width);
    for (const auto& profile : profiles) {
        page.blank();
        page.paragraph(
            {{profile.name, Style::bold}, {profile.title}, {fmt::format("({} rules)", profile.selected.size())}});
        page.prose(profile.note, body);
    }
    return page.take();
}

std::string render_profile(const rules::Profile& profile, const TextOptions& options) {
    Page page(options.colour, options.width);
    page.paragraph({{profile.name, Style::bold}, {profile.title}});
    page.prose(profile.note, body);
    page.blank();
    for (const auto& selected : profile.selected) {
        std::string settings;
        for (const auto& [name, value] : selected.parameters) {
            settings += fmt::format("{}{}={}", settings.empty() ? "" : " ", name, value);
        }
        page.paragraph({{fmt::format("{:<8}", name_of(selected.severity))},
                        {selected.rule->id, Style::bold},
                        {selected.rule->title},
                        {settings, Style::dim}},
                       body);
        page.prose(selected.remark, body + 9);
    }
    return page.take();
}

std::string render_profile_json(const rules::Profile& profile) {
    Json json{{"schema", "sshkeep.profile/1"},
              {"name", profile.name},
              {"title", profile.title},
              {"note", profile.note},
              {"rules", Json::array()}};
    for (const auto& selected : profile.selected) {
        Json rule{{"rule", selected.rule->id},
                  {"title", selected.rule->title},
                  {"severity", name_of(selected.severity)},
                  {"parameters", selected.parameters}};
        if (!selected.remark.empty()) {
            rule["remark"] = selected.remark;
        }
        json["rules"].push_back(std::move(rule));
    }
    return dump(json);
}

std::string render_profiles_json(const std::vector<rules::Profile>& profiles) {
    Json json{{"schema", "sshkeep.profiles/1"}, {"profiles", Json::array()}};
    for (const auto& profile : profiles) {
        json["profiles"].push_back({{"name", profile.name},
                                    {"title", profile.title},
                                    {"note", profile.note},
                                    {"rules", profile.selected.size()}});
    }
    return dump(json);
}

}  // namespace sshkeep::report
