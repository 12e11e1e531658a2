#include "report/text_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <ranges>
#include <set>
#include <span>
#include <utility>

#include "base/text.h"

namespace sshkeep::report {
namespace {

constexpr std::size_t most_items = 5;  ///< findings of one rule, and places of one finding, that are shown

std::string upper(std::string_view name) {
    std::string out(name);
    std::ranges::transform(out, out.begin(),
                           [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    return out;
}

/// Findings that share a heading.
struct Group {
    const Finding* first = nullptr;
    Findings findings;
};

std::vector<Group> group(const Findings& findings) {
    std::vector<Group> groups;
    std::map<std::pair<std::string_view, Severity>, std::size_t> known;
    for (const auto* finding : findings) {
        const auto [place, added] = known.try_emplace({finding->rule, finding->severity}, groups.size());
        if (added) {
            groups.push_back({finding, {}});
        }
        groups[place->second].findings.push_back(finding);
    }
    return groups;
}

bool everywhere(const Finding& finding) { return finding.context.empty() || finding.context == "every connection"; }

Span id_of(std::string_view rule) { return {fmt::format("[{}]", rule), Style::dim}; }

void add_place(Page& page, const Location& place) {
    auto head = place.path;
    if (place.line > 0) {
        head += ':' + std::to_string(place.line);
    }
    if (head.empty()) {
        page.paragraph({Span{std::string(place.text.raw())}}, text_column);
    } else {
        page.quote({std::move(head), Style::bold}, place.text.raw(), text_column);
    }
}

void add_rest(Page& page, std::size_t total) {
    if (total > most_items) {
        page.paragraph({{fmt::format("... and {} more", total - most_items), Style::dim}}, text_column);
    }
}

void add_finding(Page& page, const Finding& finding) {
    for (const auto& place : finding.where | std::views::take(most_items)) {
        add_place(page, place);
    }
    add_rest(page, finding.where.size());
    if (!everywhere(finding)) {
        page.paragraph(
            {{fmt::format("For {}{}", finding.context, finding.detail.empty() ? "" : ":")}, {finding.detail}},
            text_column);
    } else if (!finding.detail.empty()) {
        page.paragraph(finding.detail, text_column);
    }
}

void add_fix(Page& page, std::string_view fix) {
    fix = trim(fix);
    if (fix.empty()) {
        return;
    }
    constexpr std::string_view label = "Fix:";
    if (!fix.contains('\n') && text_column + label.size() + 1 + columns(fix) <= page.width()) {
        page.paragraph({{std::string(label), Style::pass}, {std::string(fix)}}, text_column);
        return;
    }
    page.paragraph({{std::string(label), Style::pass}}, text_column);
    page.verbatim(fix, text_column + 2);
}

void add_heading(Page& page, const Finding& finding, std::string_view remark = {}) {
    page.entry({upper(name_of(finding.severity)), style_of(finding.severity)}, text_column,
               {{finding.title, Style::bold}, id_of(finding.rule), {std::string(remark)}});
}

void add_group(Page& page, const Group& group) {
    page.blank();
    add_heading(page, *group.first);
    const auto shown = std::span(group.findings).first(std::min(most_items, group.findings.size()));
    for (std::size_t i = 0; i < shown.size(); ++i) {
        add_finding(page, *shown[i]);
        if (i + 1 == shown.size() || shown[i]->fix != shown[i + 1]->fix) {
            add_fix(page, shown[i]->fix);
        }
    }
    add_rest(page, group.findings.size());
    page.prose(group.first->remark, text_column);
}

/// A tag in front of the first line of a section only.
class Section {
public:
    Section(Page& page, Span tag) : page_(page), tag_(std::move(tag)) { page_.blank(); }
    void add(const std::vector<Span>& spans) { page_.entry(std::exchange(tag_, {}), text_column, spans); }

private:
    Page& page_;
    Span tag_;
};

Findings with(const Findings& findings, Verdict verdict) {
    Findings out;
    std::ranges::copy_if(findings, std::back_inserter(out), [&](const Finding* f) { return f->verdict == verdict; });
    return out;
}

/// Names in the order in which they were first added, each once.
class Names {
public:
    void add(std::string_view name) {
        if (seen_.insert(name).second) {
            names_.emplace_back(name);
        }
    }
    [[nodiscard]] std::string text() const { return join(names_, ", "); }

private:
    std::set<std::string_view> seen_;
    std::vector<std::string> names_;
};

}  // namespace

void add_failures(Page& page, const Findings& findings) {
    for (const auto& one : group(with(findings, Verdict::fail))) {
        add_group(page, one);
    }
}

void add_unknowns(Page& page, const Findings& findings) {
    std::vector<std::pair<std::string_view, Names>> reasons;
    std::map<std::string_view, std::size_t> known;
    for (const auto* finding : with(findings, Verdict::unknown)) {
        const auto [place, added] = known.try_emplace(finding->detail, reasons.size());
        if (added) {
            reasons.emplace_back(finding->detail, Names());
        }
        reasons[place->second].second.add(finding->rule);
    }
    Section section(page, {"UNKNOWN", Style::unknown});
    for (const auto& [reason, rules] : reasons) {
        section.add({{reason.empty() ? "no reason given" : std::string(reason)}, id_of(rules.text())});
    }
}

void add_waived(Page& page, const Findings& findings) {
    Section section(page, {"WAIVED", Style::dim});
    for (const auto* finding : with(findings, Verdict::waived)) {
        section.add({{finding->title},
                     {everywhere(*finding) ? "" : "(" + finding->context + ")"},
                     {finding->waived_by},
                     id_of(finding->rule)});
    }
}

void add_passes(Page& page, const Findings& findings) {
    Section section(page, {"PASS", Style::pass});
    for (const auto& one : group(with(findings, Verdict::pass))) {
        section.add({{one.first->title}, id_of(one.first->rule)});
    }
}

void add_controls(Page& page, const std::vector<Control>& controls) {
    std::set<std::string_view> shown;
    for (const auto& control : controls) {
        if (control.verdict != Verdict::fail) {
            continue;
        }
        page.blank();
        page.entry({"CONTROL", Style::bold}, text_column, {{control.id, Style::bold}});
        Findings fresh;
        Findings seen;
        for (const auto* finding : with(control.findings, Verdict::fail)) {
            (shown.contains(finding->rule) ? seen : fresh).push_back(finding);
        }
        add_failures(page, fresh);
        page.blank();
        for (const auto& one : group(seen)) {
            add_heading(page, *one.first, "(above)");
        }
        for (const auto* finding : fresh) {
            shown.insert(finding->rule);
        }
    }
    for (const auto verdict : {Verdict::unknown, Verdict::waived, Verdict::pass}) {
        Names ids;
        for (const auto& control : controls) {
            if (control.verdict == verdict) {
                ids.add(control.id);
            }
        }
        if (!ids.text().empty()) {
            page.blank();
            page.entry({upper(name_of(verdict)), style_of(verdict)}, text_column, {{"controls"}, {ids.text()}});
        }
    }
}

}  // namespace sshkeep::report
