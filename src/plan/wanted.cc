// What findings and people ask for, as directives.
#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <set>

#include "base/escape.h"
#include "base/text.h"
#include "plan/goal.h"
#include "plan/names.h"

namespace sshkeep::plan {
namespace {

using sshdconf::Option;

std::string argument_of(std::string_view line) {
    const auto words = split_words(line);
    return words.size() < 2 ? std::string() : ascii_lower(words[1]);
}

/// A number, 0 as the worst: it means that there is no limit.
std::optional<std::uint64_t> limit_of(std::string_view argument) {
    const auto number = parse_uint(argument);
    return number == 0U ? std::numeric_limits<std::uint64_t>::max() : number;
}

/// Whether the first line asks for more than the second one. Lines that cannot be compared keep their order.
bool stricter(Option option, const std::string& one, const std::string& other) {
    static constexpr auto root_login =
        std::to_array<std::string_view>({"no", "forced-commands-only", "prohibit-password", "without-password", "yes"});
    const std::string a = argument_of(one);
    const std::string b = argument_of(other);
    if (option == Option::permit_root_login) {
        return std::ranges::find(root_login, a) < std::ranges::find(root_login, b);
    }
    const auto first = limit_of(a);
    const auto second = limit_of(b);
    if (!first || !second) {
        return false;
    }
    return option == Option::required_rsa_size ? *first > *second : *first < *second;
}

/// Text of a fix without its remarks.
std::vector<std::string> directives_of(std::string_view fix) {
    std::vector<std::string> lines;
    for (const std::string_view line : split(fix, '\n')) {
        const std::string_view text = trim(line.substr(0, line.find('#')));
        if (!text.empty()) {
            lines.emplace_back(text);
        }
    }
    return lines;
}

class Wishes {
public:
    Wishes(const sshdconf::Build& build, std::vector<LeftOut>& left_out) : build_(build), left_out_(left_out) {}

    void add(const Finding& finding, const rules::Remedy& remedy,
             const std::map<std::string, std::string>& parameters) {
        if (!remedy.written) {
            leave(finding.rule, remedy.by_hand.empty() ? "no directive of sshd_config mends it" : remedy.by_hand);
            return;
        }
        std::vector<std::string> lines = remedy.lines;
        if (lines.empty()) {
            lines = directives_of(finding.fix);
        }
        if (lines.empty()) {
            leave(finding.rule, "nothing would be left of the list");
        }
        for (std::string& line : lines) {
            add(finding, rules::fill_in(std::move(line), parameters));
        }
    }

    [[nodiscard]] std::vector<Wanted> take() { return std::move(wanted_); }

private:
    void leave(const std::string& what, const std::string& why) {
        if (told_.insert(what + "\n" + why).second) {
            left_out_.push_back({what, why});
        }
    }

    void add(const Finding& finding, const std::string& line) {
        auto directive = directive_of(line, build_);
        if (!directive) {
            leave(finding.rule + " (" + escape_for_terminal(line, 80) + ")", directive.error().message);
            return;
        }
        const std::string context = finding.context.empty() ? "every connection" : finding.context;
        const auto [known, fresh] = index_.emplace(directive->option, wanted_.size());
        if (fresh) {
            wanted_.push_back({spelled(directive->option), {directive->line}, {finding.rule}, context});
            return;
        }
        Wanted& wanted = wanted_[known->second];
        merge_line(wanted, *directive);
        if (std::ranges::find(wanted.rules, finding.rule) == wanted.rules.end()) {
            wanted.rules.push_back(finding.rule);
        }
        wanted.context += "; " + context;
    }

    /// The strictest line; of a list of algorithms every change to it.
    void merge_line(Wanted& wanted, const Directive& directive) {
        if (std::ranges::find(wanted.lines, directive.line) != wanted.lines.end()) {
            return;
        }
        if (is_algorithm_list(directive.option)) {
            wanted.lines.push_back(directive.line);
        } else if (stricter(directive.option, directive.line, wanted.lines[0])) {
            wanted.lines = {directive.line};
        }
    }

    const sshdconf::Build& build_;
    std::vector<LeftOut>& left_out_;
    std::vector<Wanted> wanted_;
    std::map<Option, std::size_t> index_;
    std::set<std::string> told_;
};

}  // namespace

std::vector<Wanted> wanted_of(const rules::Report& report, const rules::Profile& profile, const sshdconf::Build& build,
                              std::vector<LeftOut>& left_out) {
    std::map<std::string_view, const rules::Profile::Selected*> selected;
    for (const rules::Profile::Selected& one : profile.selected) {
        selected[one.rule->id] = &one;
    }
    Wishes wishes(build, left_out);
    for (const Finding& finding : report.findings) {
        const auto found = selected.find(finding.rule);
        if (finding.verdict == Verdict::fail && found != selected.end()) {
            wishes.add(finding, found->second->rule->remedy, found->second->parameters);
        }
    }
    return wishes.take();
}

Result<Wanted> wanted_of(std::string_view assignment, const sshdconf::Build& build) {
    const std::string_view text = trim(assignment);
    const std::size_t end = text.find_first_of("= \t");
    if (end == 0 || end == std::string_view::npos) {
        return fail(ErrorCode::invalid, "not OPTION=VALUE: " + escape_for_terminal(text, 120));
    }
    std::string_view value = trim(text.substr(end));
    if (value.starts_with('=')) {
        value = trim(value.substr(1));
    }
    const auto named = directive_of(std::string(text.substr(0, end)).append(" ").append(value), build);
    if (!named) {
        return std::unexpected(named.error());
    }
    const std::string name = find_keyword(ascii_lower(spelled(named->option)), build)
                                 ? spelled(named->option)
                                 : named->line.substr(0, named->line.find_first_of(" \t"));
    return Wanted{.option = spelled(named->option), .lines = {name + " " + std::string(value)}};
}

}  // namespace sshkeep::plan
