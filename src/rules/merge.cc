#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "rules/data_checks.h"

namespace sshkeep::rules {
namespace {

constexpr std::size_t most_labels = 6;

std::string key_of(const CheckResult& result) {
    std::string key = fmt::format("{}\x1f{}\x1f{}", static_cast<int>(result.verdict), result.detail, result.fix);
    for (const Location& place : result.where) {
        key += fmt::format("\x1f{}:{}", place.path, place.line);
    }
    return key;
}

std::string label_of(const std::vector<std::size_t>& members, const std::vector<const facts::Context*>& contexts,
                     std::size_t all) {
    if (members.size() == all && all > 1) {
        return "every connection";
    }
    std::string label;
    for (std::size_t i = 0; i < members.size() && i < most_labels; ++i) {
        label += (i == 0 ? "" : "; ") + contexts[members[i]]->label;
    }
    if (members.size() > most_labels) {
        label += fmt::format("; {} more", members.size() - most_labels);
    }
    return label;
}

}  // namespace

std::vector<CheckResult> merge_results(std::vector<CheckResult> results,
                                       const std::vector<const facts::Context*>& contexts, std::size_t all) {
    const bool all_pass = std::ranges::all_of(results, [](const auto& r) { return r.verdict == Verdict::pass; });
    std::vector<CheckResult> merged;
    std::vector<std::vector<std::size_t>> members;
    std::map<std::string, std::size_t> seen;
    for (std::size_t i = 0; i < results.size(); ++i) {
        if (!all_pass && results[i].verdict == Verdict::pass) {
            continue;
        }
        const std::string key = all_pass ? std::string() : key_of(results[i]);
        const auto [place, fresh] = seen.emplace(key, merged.size());
        if (fresh) {
            merged.push_back(std::move(results[i]));
            members.emplace_back();
        }
        members[place->second].push_back(i);
    }
    for (std::size_t i = 0; i < merged.size(); ++i) {
        merged[i].context = label_of(members[i], contexts, all);
    }
    return merged;
}

}  // namespace sshkeep::rules
