#include "rules/engine.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <tuple>

#include "base/check.h"
#include "base/text.h"
#include "rules/check.h"
#include "rules/check_spec.h"
#include "rules/data_checks.h"
#include "rules/ratings.h"

namespace sshkeep::rules {
namespace {

using Results = std::vector<CheckResult>;

Results unknown_for(std::string detail) { return {{.verdict = Verdict::unknown, .detail = std::move(detail)}}; }

/// Judges each context by itself and merges what is equal.
template <class JudgeOne>
Results judge_contexts(Who who, const CheckInput& input, const JudgeOne& judge_one) {
    if (!input.facts.config) {
        return unknown_for("the configuration is not known: " + input.facts.config.error().message);
    }
    const Judge judge(input, *input.facts.config);
    const auto contexts = contexts_for(who, input);
    if (contexts.empty()) {
        return unknown_for("no connection context is known");
    }
    Results results;
    for (const facts::Context* context : contexts) {
        results.push_back(judge_one(judge, *context));
    }
    return merge_results(std::move(results), contexts, input.contexts.size());
}

Results run(const OptionSpec& spec, const CheckInput& input) {
    return judge_contexts(spec.who, input, [&](const Judge& judge, const facts::Context& context) {
        return judge_option(spec, judge, context);
    });
}

Results run(const AlgorithmSpec& spec, const CheckInput& input) {
    return judge_contexts(Who::everybody, input, [&](const Judge& judge, const facts::Context& context) {
        return judge_algorithms(spec, shipped_ratings(), judge, context);
    });
}

Results run(const CveSpec& spec, const CheckInput& input) { return judge_cve(spec, input); }

Results run(const CodeSpec& spec, const CheckInput& input) {
    const Check* check = find_check(spec.name);
    return check == nullptr ? unknown_for("this program has no check named " + spec.name) : (*check)(input);
}

std::vector<Finding> judge_rule(const Profile::Selected& selected, const facts::HostFacts& facts,
                                const std::vector<facts::Context>& contexts, std::int64_t now) {
    const Rule& rule = *selected.rule;
    CHECK(rule.check != nullptr);
    const CheckInput input{.facts = facts,
                           .contexts = contexts,
                           .now = now,
                           .parameter = [&selected](std::string_view name, std::string_view fallback) {
                               const auto found = selected.parameters.find(std::string(name));
                               return found == selected.parameters.end() ? std::string(fallback) : found->second;
                           }};
    Results results = std::visit([&](const auto& how) { return run(how, input); }, rule.check->how);
    if (results.empty()) {
        results = unknown_for("the check gave no answer");
    }
    std::vector<Finding> findings;
    for (CheckResult& result : results) {
        findings.push_back({.rule = rule.id,
                            .title = rule.title,
                            .severity = selected.severity,
                            .verdict = result.verdict,
                            .where = std::move(result.where),
                            .context = std::move(result.context),
                            .detail = std::move(result.detail),
                            .fix = result.fix.empty() ? fill_in(rule.fix, selected.parameters) : std::move(result.fix),
                            .remark = selected.remark});
    }
    return findings;
}

std::string day_of(std::int64_t seconds) {
    const std::chrono::sys_days day =
        std::chrono::floor<std::chrono::days>(std::chrono::sys_seconds{std::chrono::seconds{seconds}});
    const std::chrono::year_month_day date{day};
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                       static_cast<unsigned>(date.day()));
}

/// A scope that is one of the finding's connection labels excuses that label; one that is a path, a finding all of
/// whose places are that path.
bool excuses(const Waiver& waiver, const Finding& finding, std::string_view label) {
    if (waiver.rule != finding.rule) {
        return false;
    }
    const bool same_path = !finding.where.empty() && std::ranges::all_of(finding.where, [&](const Location& place) {
        return place.path == waiver.scope;
    });
    return waiver.scope.empty() || waiver.scope == label || same_path;
}

std::vector<std::string_view> labels_of(std::string_view context) {
    std::vector<std::string_view> labels;
    for (const std::string_view piece : split(context, ';')) {
        labels.push_back(trim(piece));
    }
    return labels;
}

void apply_waivers(std::vector<Finding>& findings, const std::vector<Waiver>& waivers, std::vector<bool>& used) {
    for (Finding& finding : findings) {
        if (finding.verdict == Verdict::pass) {
            continue;
        }
        std::vector<std::size_t> by;
        for (const std::string_view label : labels_of(finding.context)) {
            const auto found =
                std::ranges::find_if(waivers, [&](const Waiver& w) { return excuses(w, finding, label); });
            if (found == waivers.end()) {
                by.clear();
                break;
            }
            by.push_back(static_cast<std::size_t>(found - waivers.begin()));
        }
        for (const std::size_t index : by) {
            used[index] = true;
        }
        if (!by.empty()) {
            const Waiver& first = waivers[by.front()];
            finding.verdict = Verdict::waived;
            finding.waived_by = fmt::format("{} (until {})", first.reason, day_of(first.until));
        }
    }
}

int rank(Verdict verdict) {
    constexpr std::array order = {3, 0, 1, 2};  // pass, fail, unknown, waived
    return order.at(static_cast<std::size_t>(verdict));
}

void sort_findings(std::vector<Finding>& findings) {
    std::ranges::stable_sort(findings, [](const Finding& a, const Finding& b) {
        return std::tuple(rank(a.verdict), b.severity, std::string_view(a.rule)) <
               std::tuple(rank(b.verdict), a.severity, std::string_view(b.rule));
    });
}

std::vector<Waiver> split_expired(const std::vector<Waiver>& waivers, std::int64_t now,
                                  std::vector<std::string>& notes) {
    std::vector<Waiver> live;
    for (const Waiver& waiver : waivers) {
        if (now <= waiver.until) {
            live.push_back(waiver);
        } else {
            notes.push_back(
                fmt::format("the waiver of {} expired on {} and counts no more", waiver.rule, day_of(waiver.until)));
        }
    }
    return live;
}

}  // namespace

Report evaluate_in(const facts::HostFacts& facts, const std::vector<facts::Context>& contexts, const Profile& profile,
                   const std::vector<Waiver>& waivers, std::int64_t now) {
    Report report{.profile = profile.name};
    for (const Profile::Selected& selected : profile.selected) {
        std::ranges::move(judge_rule(selected, facts, contexts, now), std::back_inserter(report.findings));
    }
    const std::vector<Waiver> live = split_expired(waivers, now, report.notes);
    std::vector<bool> used(live.size());
    apply_waivers(report.findings, live, used);
    for (std::size_t i = 0; i < live.size(); ++i) {
        if (!used[i]) {
            report.notes.push_back(fmt::format("the waiver of {} excuses nothing here", live[i].rule));
        }
    }
    sort_findings(report.findings);
    report.summary = summarize(report.findings);
    return report;
}

Report evaluate(const facts::HostFacts& facts, const Catalogue& /*catalogue*/, const Profile& profile,
                const std::vector<Waiver>& waivers, std::int64_t now) {
    if (!facts.config) {
        return evaluate_in(facts, {}, profile, waivers, now);
    }
    sshdconf::Evaluator evaluator(*facts.config);
    return evaluate_in(facts, facts::contexts_of(facts, evaluator), profile, waivers, now);
}

Summary summarize(const std::vector<Finding>& findings) {
    Summary summary;
    struct Worst {
        Verdict verdict = Verdict::pass;
        Severity severity = Severity::info;
    };
    std::map<std::string_view, Worst> rules;
    for (const Finding& finding : findings) {
        unsigned& counter = finding.verdict == Verdict::pass      ? summary.pass
                            : finding.verdict == Verdict::fail    ? summary.fail
                            : finding.verdict == Verdict::unknown ? summary.unknown
                                                                  : summary.waived;
        ++counter;
        Worst& worst = rules[finding.rule];
        worst.severity = finding.severity;
        if (rank(finding.verdict) < rank(worst.verdict)) {
            worst.verdict = finding.verdict;
        }
    }
    // In millionths and whole numbers, so that every machine gets the same. Indexed by severity, info to critical.
    constexpr std::array<std::int64_t, 5> kept_per_mille = {1000, 985, 950, 800, 500};
    std::int64_t millionths = 1'000'000;
    for (const auto& [rule, worst] : rules) {
        const std::int64_t kept = kept_per_mille.at(static_cast<std::size_t>(worst.severity));
        if (worst.verdict == Verdict::fail) {
            millionths = millionths * kept / 1000;
        } else if (worst.verdict == Verdict::unknown) {
            millionths = millionths * (1000 + kept) / 2000;
        }
    }
    summary.score = static_cast<int>(millionths / 10'000);
    return summary;
}

}  // namespace sshkeep::rules
