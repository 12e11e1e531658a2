#include "report/controls.h"

#include <algorithm>
#include <map>
#include <set>

namespace sshkeep::report {
namespace {

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// The digits at the front, without leading zeros; removed from `text`.
std::string_view take_number(std::string_view& text) {
    const auto end = std::min(text.find_first_not_of("0123456789"), text.size());
    auto number = text.substr(0, end);
    text.remove_prefix(end);
    number.remove_prefix(std::min(number.find_first_not_of('0'), number.size()));
    return number;
}

/// Runs of digits compare by value, all else by bytes.
struct AsNumbered {
    bool operator()(std::string_view a, std::string_view b) const {
        while (!a.empty() && !b.empty()) {
            if (is_digit(a[0]) && is_digit(b[0])) {
                const auto x = take_number(a);
                const auto y = take_number(b);
                if (x != y) {
                    return x.size() != y.size() ? x.size() < y.size() : x < y;
                }
                continue;
            }
            if (a[0] != b[0]) {
                return a[0] < b[0];
            }
            a.remove_prefix(1);
            b.remove_prefix(1);
        }
        return a.size() < b.size();
    }
};

int badness(Verdict verdict) noexcept {
    switch (verdict) {
        case Verdict::fail:
            return 3;
        case Verdict::unknown:
            return 2;
        case Verdict::waived:
            return 1;
        case Verdict::pass:
            break;
    }
    return 0;
}

}  // namespace

std::vector<std::string> frameworks_of(const rules::Catalogue& catalogue) {
    std::set<std::string> names;
    for (const auto& rule : catalogue.rules) {
        for (const auto& [framework, ids] : rule.controls) {
            names.insert(framework);
        }
    }
    return {names.begin(), names.end()};
}

std::vector<Control> controls_of(const rules::Report& report, const rules::Catalogue& catalogue,
                                 std::string_view framework) {
    std::map<std::string, Control, AsNumbered> controls;
    std::map<std::string_view, std::vector<Control*>> by_rule;
    for (const auto& rule : catalogue.rules) {
        const auto named = rule.controls.find(std::string(framework));
        if (named == rule.controls.end()) {
            continue;
        }
        for (const auto& id : named->second) {
            auto& control = controls[id];
            control.id = id;
            control.rules.push_back(&rule);
            by_rule[rule.id].push_back(&control);
        }
    }
    for (const auto& finding : report.findings) {
        const auto concerned = by_rule.find(finding.rule);
        if (concerned == by_rule.end()) {
            continue;
        }
        for (auto* control : concerned->second) {
            const bool worse = badness(finding.verdict) > badness(control->verdict);
            control->verdict = control->findings.empty() || worse ? finding.verdict : control->verdict;
            control->findings.push_back(&finding);
        }
    }
    std::vector<Control> sorted;
    sorted.reserve(controls.size());
    for (auto& [id, control] : controls) {
        sorted.push_back(std::move(control));
    }
    return sorted;
}

}  // namespace sshkeep::report
