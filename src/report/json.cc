#include "base/escape.h"
#include "report/controls.h"
#include "report/json_text.h"
#include "report/notes.h"
#include "report/report.h"

namespace sshkeep::report {
namespace {

Json places_of(const Finding& finding) {
    auto places = Json::array();
    for (const auto& place : finding.where) {
        places.push_back({{"path", place.path}, {"line", place.line}, {"text", valid_utf8(place.text)}});
    }
    return places;
}

Json finding_of(const Finding& finding, const rules::Catalogue& catalogue) {
    Json json;
    json["rule"] = finding.rule;
    json["title"] = finding.title;
    json["severity"] = name_of(finding.severity);
    json["verdict"] = name_of(finding.verdict);
    json["where"] = places_of(finding);
    json["context"] = finding.context;
    json["detail"] = finding.detail;
    json["fix"] = finding.fix;
    if (!finding.remark.empty()) {
        json["remark"] = finding.remark;
    }
    if (finding.verdict == Verdict::waived) {
        json["waived_by"] = finding.waived_by;
    }
    const auto* rule = catalogue.find(finding.rule);
    json["references"] = rule != nullptr ? Json(rule->references) : Json::array();
    json["controls"] = rule != nullptr ? Json(rule->controls) : Json::object();
    return json;
}

Json summary_of(const rules::Summary& summary) {
    return {{"pass", summary.pass},
            {"fail", summary.fail},
            {"unknown", summary.unknown},
            {"waived", summary.waived},
            {"score", summary.score}};
}

Json control_of(const Control& control) {
    auto rules = Json::array();
    for (const auto* rule : control.rules) {
        rules.push_back(rule->id);
    }
    return {{"id", control.id}, {"verdict", name_of(control.verdict)}, {"rules", std::move(rules)}};
}

}  // namespace

std::string render_json(const rules::Report& report, const rules::Catalogue& catalogue, const facts::HostFacts& facts,
                        std::string_view framework) {
    Json json;
    json["schema"] = "sshkeep.audit/1";
    json["sshkeep"] = SSHKEEP_VERSION;
    json["host"] = host_json(facts);
    json["profile"] = report.profile;
    if (!framework.empty()) {
        json["framework"] = framework;
        json["controls"] = Json::array();
        for (const auto& control : controls_of(report, catalogue, framework)) {
            json["controls"].push_back(control_of(control));
        }
    }
    json["findings"] = Json::array();
    for (const auto& finding : report.findings) {
        json["findings"].push_back(finding_of(finding, catalogue));
    }
    json["summary"] = summary_of(report.summary);
    json["notes"] = notes_of(report, facts);
    return dump(json);
}

}  // namespace sshkeep::report
