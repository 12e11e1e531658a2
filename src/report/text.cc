#include <fmt/format.h>

#include <functional>
#include <map>

#include "report/notes.h"
#include "report/text_parts.h"

namespace sshkeep::report {
namespace {

void add_header(Page& page, const rules::Report& report, const facts::HostFacts& facts) {
    std::vector<Span> spans{{facts.hostname.empty() ? "(host without a name)" : facts.hostname, Style::bold}};
    const auto add = [&](std::string text) {
        spans.push_back({"\xC2\xB7", Style::dim});
        spans.push_back({std::move(text)});
    };
    if (facts.root != "/") {
        add("tree " + facts.root);
    }
    add(facts.os ? facts.os->pretty_name : "unknown system");
    add(openssh_of(facts));
    add("profile " + report.profile);
    page.paragraph(spans);
    for (const auto& note : notes_of(report, facts)) {
        page.entry({"Note", Style::unknown}, text_column, {{note}});
    }
}

void add_summary(Page& page, const rules::Report& report, const Findings& findings) {
    std::map<Severity, unsigned, std::greater<>> failed;
    for (const auto* finding : findings) {
        if (finding->verdict == Verdict::fail) {
            ++failed[finding->severity];
        }
    }
    const auto& summary = report.summary;
    std::vector<Span> spans{{fmt::format("Score {}/100.", summary.score), Style::bold}};
    if (!failed.empty()) {
        spans.push_back({"Failed:"});
    }
    for (const auto& [severity, count] : failed) {
        const auto* stop = severity == failed.rbegin()->first ? "." : ",";
        spans.push_back({fmt::format("{} {}{}", count, name_of(severity), stop), style_of(severity)});
    }
    spans.push_back(
        {fmt::format("Passed: {}. Unknown: {}. Waived: {}.", summary.pass, summary.unknown, summary.waived)});
    page.blank();
    page.paragraph(spans);
    if (!failed.empty()) {
        page.paragraph({{"Why a rule, how it is exploited, what to do:"}, {"sshkeep rule RULE", Style::bold}});
    }
}

}  // namespace

std::string render_text(const rules::Report& report, const rules::Catalogue& catalogue, const facts::HostFacts& facts,
                        const TextOptions& options) {
    Page page(options.colour, options.width);
    add_header(page, report, facts);
    Findings findings;
    const auto controls = controls_of(report, catalogue, options.framework);
    for (const auto& finding : report.findings) {
        const auto* rule = catalogue.find(finding.rule);
        if (options.framework.empty() || (rule != nullptr && rule->controls.contains(options.framework))) {
            findings.push_back(&finding);
        }
    }
    if (options.framework.empty()) {
        add_failures(page, findings);
    } else {
        page.blank();
        page.paragraph({{"Controls of"}, {options.framework, Style::bold}});
        add_controls(page, controls);
    }
    add_unknowns(page, findings);
    add_waived(page, findings);
    if (options.show_passes) {
        add_passes(page, findings);
    }
    add_summary(page, report, findings);
    return page.take();
}

}  // namespace sshkeep::report
