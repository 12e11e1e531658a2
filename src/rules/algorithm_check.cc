#include <fmt/format.h>

#include <algorithm>

#include "base/escape.h"
#include "base/text.h"
#include "rules/data_checks.h"

namespace sshkeep::rules {
namespace {

using sshdconf::Setting;
using sshdconf::Tri;

constexpr std::size_t most_named = 12;
constexpr std::size_t shown_bytes = 80;

struct Sorted {
    std::vector<std::string> kept;
    std::vector<std::string> refused;
    std::vector<std::string> reasons;
    std::vector<std::string> unrated;
};

Sorted sort_offer(const AlgorithmSpec& spec, const Ratings& ratings, const Setting& setting) {
    Sorted sorted;
    for (const std::string& value : setting.values) {
        for (const std::string_view name : split(value, ',')) {
            const Rating* rating = ratings.find(spec.type, name);
            const std::string grade(1, rating == nullptr ? '?' : rating->grade);
            const bool named = std::ranges::any_of(spec.names, [&](const auto& p) { return matches_pattern(p, name); });
            if (name.empty()) {
                continue;
            }
            if (named || std::ranges::find(spec.ratings, grade) != spec.ratings.end()) {
                sorted.refused.emplace_back(name);
                const bool has_reason = rating != nullptr && !rating->reason.empty();
                sorted.reasons.push_back(escape_for_terminal(name, shown_bytes) +
                                         (has_reason ? " (" + rating->reason + ")" : std::string()));
                continue;
            }
            sorted.kept.emplace_back(name);
            if (rating == nullptr) {
                sorted.unrated.push_back(escape_for_terminal(name, shown_bytes));
            }
        }
    }
    return sorted;
}

std::string some_of(std::vector<std::string> names) {
    if (names.size() > most_named) {
        const std::size_t more = names.size() - most_named;
        names.resize(most_named);
        names.push_back(fmt::format("{} more", more));
    }
    return join(names, ", ");
}

/// The line that leaves the refused names out. Off the default list they are taken with "-", so that what later
/// releases add to it still arrives.
std::string fix_for(const Test& option, const Setting& setting, const Sorted& sorted) {
    if (setting.is_default()) {
        return fmt::format("{} -{}", option.option, fmt::join(sorted.refused, ","));
    }
    return sorted.kept.empty() ? std::string() : fmt::format("{} {}", option.option, fmt::join(sorted.kept, ","));
}

void add(std::string& text, std::string_view separator, const std::string& more) {
    if (!more.empty()) {
        text += (text.empty() ? "" : std::string(separator)) + more;
    }
}

}  // namespace

CheckResult judge_algorithms(const AlgorithmSpec& spec, const Ratings& ratings, const Judge& judge,
                             const facts::Context& context) {
    if (const Answer applies = judge.answer(spec.when, context); applies.truth == Tri::no) {
        return {.verdict = Verdict::pass, .detail = "does not apply: " + applies.why};
    }
    CheckResult result{.verdict = Verdict::pass};
    for (const Test& option : spec.lists) {
        const auto setting = judge.setting_of(option, context);
        if (const std::string doubt = judge.doubt_of_missing(); !setting && !doubt.empty()) {
            return {.verdict = Verdict::unknown, .detail = doubt};
        }
        if (!setting) {
            continue;
        }
        const Sorted sorted = sort_offer(spec, ratings, *setting);
        const bool known = setting->uncertain.empty() && sorted.unrated.empty();
        if (sorted.refused.empty() && known) {
            continue;
        }
        const Verdict verdict =
            setting->uncertain.empty() && !sorted.refused.empty() ? Verdict::fail : Verdict::unknown;
        if (verdict == Verdict::unknown && result.verdict == Verdict::fail) {
            continue;
        }
        if (verdict != result.verdict) {
            result = {.verdict = verdict};
        }
        const std::string what =
            !setting->uncertain.empty() ? "may be another list: " + escape_for_terminal(setting->uncertain, 200)
            : verdict == Verdict::fail  ? "offers " + some_of(sorted.reasons)
                                        : "offers names that are not rated: " + some_of(sorted.unrated);
        add(result.detail, "; ", option.option + " " + what);
        std::ranges::move(judge.locate(option, *setting), std::back_inserter(result.where));
        if (verdict == Verdict::fail) {
            add(result.fix, "\n", fix_for(option, *setting, sorted));
        }
    }
    if (result.verdict == Verdict::pass) {
        result.detail = fmt::format("nothing that the table of {} refuses is offered", ratings.dated());
    }
    return result;
}

}  // namespace sshkeep::rules
