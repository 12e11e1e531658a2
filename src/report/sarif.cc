#include <fmt/format.h>

#include <array>
#include <map>

#include "base/escape.h"
#include "report/json_text.h"
#include "report/notes.h"
#include "report/report.h"

namespace sshkeep::report {
namespace {

constexpr std::string_view root_id = "ROOT";

std::string_view level_of(Severity severity) noexcept {
    constexpr std::array<std::string_view, 5> levels{"note", "note", "warning", "error", "error"};
    return levels[static_cast<std::size_t>(severity)];
}

/// The scale of 0 to 10 that code-scanning services sort by.
std::string_view rank_of(Severity severity) noexcept {
    constexpr std::array<std::string_view, 5> ranks{"0.0", "2.5", "5.5", "8.0", "9.5"};
    return ranks[static_cast<std::size_t>(severity)];
}

/// RFC 3986: everything but unreserved characters and the slash.
std::string percent_encode(std::string_view path) {
    constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
    std::string out;
    for (const char c : path) {
        if (plain.contains(c)) {
            out += c;
        } else {
            out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        }
    }
    return out;
}

/// FNV-1a. It tells results apart from run to run; nothing trusts it.
class Fingerprint {
public:
    Fingerprint& add(std::string_view bytes) {
        for (const char c : bytes) {
            step(static_cast<unsigned char>(c));
        }
        step(0x100);  // no byte: keeps "ab","c" apart from "a","bc"
        return *this;
    }
    [[nodiscard]] std::string text() const { return fmt::format("{:016x}", value_); }

private:
    void step(std::uint64_t value) { value_ = (value_ ^ value) * 0x100000001B3U; }
    std::uint64_t value_ = 0xCBF29CE484222325U;
};

Json text(std::string_view words) { return {{"text", words}}; }

std::string markdown_of(const rules::Rule& rule) {
    auto out =
        fmt::format("{}\n\n**How it is exploited.** {}\n\n**Fix**\n\n```\n{}\n```\n", rule.why, rule.exploit, rule.fix);
    for (const auto& reference : rule.references) {
        out += fmt::format("\n- {}", reference);
    }
    return out;
}

Json rule_of(const Finding& finding, const rules::Rule* rule) {
    Json json;
    json["id"] = finding.rule;
    json["shortDescription"] = text(finding.title);
    auto tags = Json::array({"security", "ssh"});
    if (rule != nullptr) {
        json["fullDescription"] = text(rule->why.empty() ? rule->title : rule->why);
        json["help"] = {{"text", fmt::format("{}\n\n{}\n\nFix:\n{}\n", rule->why, rule->exploit, rule->fix)},
                        {"markdown", markdown_of(*rule)}};
        for (const auto& [framework, ids] : rule->controls) {
            for (const auto& id : ids) {
                tags.push_back(framework + "/" + id);
            }
        }
    }
    json["defaultConfiguration"] = {{"level", level_of(finding.severity)}};
    json["properties"] = {{"tags", std::move(tags)}, {"security-severity", rank_of(finding.severity)}};
    return json;
}

Json artifact_of(std::string_view path, bool tree) {
    if (!tree) {
        return {{"uri", "file://" + percent_encode(path)}};
    }
    path.remove_prefix(std::min(path.find_first_not_of('/'), path.size()));
    return {{"uri", percent_encode(path)}, {"uriBaseId", root_id}};
}

Json locations_of(const Finding& finding, bool tree) {
    auto locations = Json::array();
    for (const auto& place : finding.where) {
        Json location = Json::object();
        if (!place.path.empty()) {
            location["physicalLocation"]["artifactLocation"] = artifact_of(place.path, tree);
            if (place.line > 0) {
                location["physicalLocation"]["region"] = {{"startLine", place.line},
                                                          {"snippet", text(valid_utf8(place.text))}};
            }
        }
        if (!place.text.empty()) {
            location["message"] = text(valid_utf8(place.text));
        }
        locations.push_back(std::move(location));
    }
    return locations;
}

/// Without line numbers: a line added above is the same finding still.
std::string fingerprint_of(const Finding& finding) {
    Fingerprint fingerprint;
    fingerprint.add(finding.rule).add(finding.context);
    for (const auto& place : finding.where) {
        fingerprint.add(place.path).add(place.text.raw());
    }
    return fingerprint.text();
}

std::string message_of(const Finding& finding) {
    auto message = finding.detail.empty() ? finding.title : finding.detail;
    if (!finding.context.empty()) {
        message += fmt::format(" ({})", finding.context);
    }
    return message;
}

Json result_of(const Finding& finding, std::size_t rule_index, bool tree) {
    Json json;
    json["ruleId"] = finding.rule;
    json["ruleIndex"] = rule_index;
    const bool failed = finding.verdict == Verdict::fail || finding.verdict == Verdict::waived;
    json["kind"] = failed ? "fail" : finding.verdict == Verdict::pass ? "pass" : "open";
    json["level"] = failed ? level_of(finding.severity) : "none";  // the standard allows no other beside pass and open
    json["message"] = text(message_of(finding));
    json["locations"] = locations_of(finding, tree);
    json["partialFingerprints"] = {{"sshkeep/v1", fingerprint_of(finding)}};
    if (finding.verdict == Verdict::waived) {
        json["suppressions"] = Json::array({{{"kind", "external"}, {"justification", finding.waived_by}}});
    }
    json["properties"] = {{"severity", name_of(finding.severity)}, {"context", finding.context}, {"fix", finding.fix}};
    return json;
}

Json invocation_of(const std::vector<std::string>& notes) {
    Json json;
    json["executionSuccessful"] = true;
    json["toolExecutionNotifications"] = Json::array();
    for (const auto& note : notes) {
        json["toolExecutionNotifications"].push_back({{"level", "note"}, {"message", text(note)}});
    }
    return json;
}

Json base_of(std::string_view root) {
    Json base;
    base["description"] = text("the root of the audited tree");
    if (root.starts_with('/')) {
        base["uri"] = "file://" + percent_encode(root) + (root.ends_with('/') ? "" : "/");
    }
    Json bases;
    bases[std::string(root_id)] = std::move(base);
    return bases;
}

}  // namespace

std::string render_sarif(const rules::Report& report, const rules::Catalogue& catalogue,
                         const facts::HostFacts& facts) {
    const bool tree = facts.root != "/";
    auto rules = Json::array();
    auto results = Json::array();
    std::map<std::string_view, std::size_t> index;
    for (const auto& finding : report.findings) {
        const auto [place, added] = index.try_emplace(finding.rule, rules.size());
        if (added) {
            rules.push_back(rule_of(finding, catalogue.find(finding.rule)));
        }
        results.push_back(result_of(finding, place->second, tree));
    }
    Json run;
    run["tool"]["driver"] = {{"name", "sshkeep"}, {"version", SSHKEEP_VERSION}, {"rules", std::move(rules)}};
    run["invocations"] = Json::array({invocation_of(notes_of(report, facts))});
    if (tree) {
        run["originalUriBaseIds"] = base_of(facts.root);
    }
    run["columnKind"] = "unicodeCodePoints";
    run["results"] = std::move(results);
    run["properties"] = {{"hostname", facts.hostname}, {"profile", report.profile}, {"score", report.summary.score}};
    return dump(
        {{"$schema", "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"},
         {"version", "2.1.0"},
         {"runs", Json::array({std::move(run)})}});
}

}  // namespace sshkeep::report
