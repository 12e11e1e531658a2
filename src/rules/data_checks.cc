#include "rules/data_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/escape.h"
#include "base/text.h"

namespace sshkeep::rules {
namespace {

using sshdconf::Setting;
using sshdconf::Tri;

constexpr std::size_t shown_bytes = 160;  ///< of a value that a finding quotes
constexpr OpensshVersion oldest_modelled{7, 4, 0};
constexpr std::size_t shown_lines = 8;  ///< of an option that accumulates

std::string quoted(std::string_view value) { return escape_for_terminal(value, shown_bytes); }

bool matches_any(const List& patterns, std::string_view text) {
    return std::ranges::any_of(patterns, [&](const std::string& pattern) { return matches_pattern(pattern, text); });
}

/// The things a test looks at: whole values, their words, or one field of each.
std::vector<std::string_view> elements_of(const Test& test, const Setting& setting) {
    std::vector<std::string_view> elements;
    for (const std::string& value : setting.values) {
        if (!test.words && !test.items && !test.field) {
            elements.push_back(value);
            continue;
        }
        std::uint32_t index = 0;
        std::string_view rest = value;
        while (!rest.empty()) {
            const auto end = std::min(rest.find_first_of(test.field   ? " \t:"
                                                         : test.items ? " \t,"
                                                                      : " \t"),
                                      rest.size());
            if (end > 0) {
                if (!test.field || *test.field == index) {
                    elements.push_back(rest.substr(0, end));
                }
                ++index;
            }
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
    }
    return elements;
}

bool is_set(const Setting& setting) {
    return std::ranges::any_of(setting.values,
                               [](const std::string& value) { return !value.empty() && value != "none"; });
}

std::string listed(const List& values) { return fmt::format("{}", fmt::join(values, " or ")); }

/// What an element should have been; empty when it is fine.
std::string objection_to(const Test& test, std::string_view element) {
    if (!test.one_of.empty() && !matches_any(test.one_of, element)) {
        return "wanted: " + listed(test.one_of);
    }
    if (matches_any(test.none_of, element)) {
        return "that is not wanted";
    }
    const auto accepted = std::ranges::find_if(test.accepts_none,
                                               [&](const std::string& name) { return matches_pattern(element, name); });
    if (accepted != test.accepts_none.end()) {
        return "it accepts " + *accepted;
    }
    if (test.min.empty() && test.max.empty() && test.zero.empty()) {
        return {};
    }
    const auto number = parse_int(element);
    const auto min = parse_int(test.min);
    const auto max = parse_int(test.max);
    const std::string range = min && max ? fmt::format("{} to {}", *min, *max)
                              : max      ? fmt::format("at most {}", *max)
                              : min      ? fmt::format("at least {}", *min)
                                         : std::string("a limit");
    if (!number) {
        return "wanted: " + range;
    }
    if (*number == 0 && !test.zero.empty()) {
        return test.zero == "fail" ? "0 means no limit; wanted: " + range : std::string{};
    }
    return (min && *number < *min) || (max && *number > *max) ? "wanted: " + range : std::string{};
}

std::size_t count_matched(const List& patterns, const std::vector<std::string_view>& elements) {
    return static_cast<std::size_t>(std::ranges::count_if(patterns, [&](const std::string& pattern) {
        return std::ranges::any_of(elements, [&](std::string_view text) { return matches_pattern(pattern, text); });
    }));
}

/// What is wrong with the elements taken together.
std::string objection_to_all(const Test& test, const Setting& setting, const std::vector<std::string_view>& elements) {
    if (test.is_set && *test.is_set != is_set(setting)) {
        return *test.is_set ? "it has to be set" : "it must not be set";
    }
    if (test.is_default && *test.is_default != setting.is_default()) {
        return *test.is_default ? "it is set by hand" : "it is left at its default";
    }
    if (count_matched(test.all_of, elements) < test.all_of.size()) {
        return fmt::format("wanted: {}", fmt::join(test.all_of, " and "));
    }
    if (!test.offers.empty() && count_matched(test.offers, elements) == 0) {
        return "it has none of " + fmt::format("{}", fmt::join(test.offers, ", "));
    }
    const auto long_enough = [&](const std::string& value) { return split_words(value).size() >= *test.min_words; };
    if (test.min_words && std::ranges::none_of(setting.values, long_enough)) {
        return fmt::format("it has fewer than {} words", *test.min_words);
    }
    if (!test.partial.empty()) {
        const std::size_t matched = count_matched(test.partial, elements);
        if (matched == 0 || matched == test.partial.size()) {
            return "it has all or none of " + fmt::format("{}", fmt::join(test.partial, ", "));
        }
    }
    return {};
}

std::string shown_value(const Setting& setting) {
    if (setting.values.empty()) {
        return "not set";
    }
    std::string text;
    for (const std::string& value : setting.values) {
        if (text.size() > shown_bytes) {
            text += ", ...";
            break;
        }
        text += (text.empty() ? "" : ", ") + quoted(value);
    }
    return text;
}

/// Root's own connection, or a sample that stands for any existing user.
bool may_be_root(const facts::Context& context) {
    const bool anybody =
        context.accounts.empty() && context.connection.user_exists && context.connection.user == "somebody";
    return anybody || context.connection.user == "root" ||
           std::ranges::find(context.accounts, "root") != context.accounts.end();
}

std::string substitute(std::string text, std::string_view name, std::string_view value) {
    const std::string pattern = "{" + std::string(name) + "}";
    for (std::size_t at = text.find(pattern); at != std::string::npos; at = text.find(pattern, at + value.size())) {
        text.replace(at, pattern.size(), value);
    }
    return text;
}

Answer refuse(const Test& test, std::string_view shown, const std::string& objection, std::vector<Location> where) {
    std::string why = test.message.empty() ? fmt::format("{} is {}; {}", test.option, shown, objection)
                                           : substitute(test.message, "value", shown);
    return {.truth = Tri::no, .where = std::move(where), .why = std::move(why)};
}

Answer answer_for(const Test& test, const Setting& setting, std::vector<Location> where) {
    const auto elements = elements_of(test, setting);
    if (const std::string objection = objection_to_all(test, setting, elements); !objection.empty()) {
        return refuse(test, shown_value(setting), objection, std::move(where));
    }
    for (std::size_t i = 0; i < elements.size(); ++i) {
        const std::string objection = objection_to(test, elements[i]);
        if (objection.empty()) {
            continue;
        }
        const bool one_line_a_value = elements.size() == setting.values.size() && where.size() == elements.size();
        if (one_line_a_value) {
            where = {where[i]};
        }
        return refuse(test, quoted(elements[i]), objection, std::move(where));
    }
    for (const std::string& value : setting.values) {
        if (test.max_words && split_words(value).size() > *test.max_words) {
            return refuse(test, quoted(value), fmt::format("it has more than {} words", *test.max_words),
                          std::move(where));
        }
    }
    const bool needs_a_value = !test.one_of.empty() || !test.min.empty() || !test.max.empty();
    if (setting.values.empty() && needs_a_value) {
        return refuse(test, "not set", test.one_of.empty() ? "a number is wanted" : "wanted: " + listed(test.one_of),
                      std::move(where));
    }
    return {.truth = Tri::yes,
            .where = std::move(where),
            .why = fmt::format("{} is {}", test.option, shown_value(setting))};
}

}  // namespace

bool matches_pattern(std::string_view pattern, std::string_view text) noexcept {
    std::size_t p = 0;
    std::size_t t = 0;
    std::size_t star = std::string_view::npos;
    std::size_t resume = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            resume = t;
        } else if (p < pattern.size() && (pattern[p] == '?' || ascii_lower(pattern[p]) == ascii_lower(text[t]))) {
            ++p;
            ++t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++resume;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

std::string Judge::release() const {
    return fmt::format("OpenSSH {}.{}", config_.build.version.major, config_.build.version.minor);
}

std::string Judge::doubt_of_missing() const {
    const auto& version = config_.build.version;
    const bool modelled = version >= oldest_modelled;
    return modelled ? std::string()
                    : fmt::format("what {} does is not known: {}.{} is the oldest release that is modelled", release(),
                                  oldest_modelled.major, oldest_modelled.minor);
}

Test Judge::resolve(const Test& test) const {
    const auto parameter = [&](std::string_view name) {
        return input_.parameter ? input_.parameter(name, "") : std::string();
    };
    Test resolved = test;
    for (List* list : {&resolved.one_of, &resolved.none_of, &resolved.all_of, &resolved.offers, &resolved.partial}) {
        if (list->size() != 1 || !list->front().starts_with('$')) {
            continue;
        }
        const std::string value = parameter(list->front().substr(1));
        list->clear();
        for (const std::string_view word : split_words(value)) {
            list->emplace_back(word);
        }
    }
    for (Text* text : {&resolved.min, &resolved.max}) {
        if (text->starts_with('$')) {
            *text = parameter(text->substr(1));
        }
    }
    return resolved;
}

std::optional<Setting> Judge::setting_of(const Test& test, const facts::Context& context) const {
    if (const Setting* setting = context.effective->find(test.key)) {
        return *setting;
    }
    if (test.debian_default.empty() || config_.build.flavour != sshdconf::Flavour::debian) {
        return std::nullopt;
    }
    for (const auto& directive : config_.directives) {
        const sshdconf::Line& line = config_.line(directive.origin);
        if (directive.block == 0 && line.keyword == test.key && !line.arguments.empty()) {
            return Setting{.name = test.key, .values = {line.arguments[0]}, .origins = {directive.origin}};
        }
    }
    return Setting{.name = test.key, .values = {test.debian_default}};
}

std::vector<Location> Judge::locate(const Test& test, const Setting& setting) const {
    std::vector<Location> where;
    if (setting.is_default()) {
        const std::string path = config_.files.empty() ? std::string() : config_.files.front().path;
        const std::string value = setting.values.empty() ? "nothing" : shown_value(setting);
        where.push_back(
            {path, 0, Untrusted(fmt::format("{} is not set; {}'s default is {}", test.option, release(), value))});
        return where;
    }
    for (const sshdconf::Origin& origin : setting.origins) {
        if (where.size() == shown_lines) {
            break;
        }
        const sshdconf::File& file = config_.files[origin.file];
        const std::string_view text = origin.line == 0 ? std::string_view{} : trim(file.text(origin.line - 1));
        where.push_back({file.path, origin.line, Untrusted(std::string(text))});
    }
    return where;
}

Answer Judge::answer(const Test& test, const facts::Context& context) const {
    const auto setting = setting_of(test, context);
    if (const std::string doubt = doubt_of_missing(); !setting && !doubt.empty()) {
        return {.truth = Tri::unknown, .where = {}, .why = doubt};
    }
    if (!setting) {
        std::string why = fmt::format("{} has no {}", release(), test.option);
        return {.truth = test.missing == "pass" ? Tri::yes : Tri::no, .where = {}, .why = std::move(why)};
    }
    if (!setting->uncertain.empty()) {
        std::string why = fmt::format("{} may be {} or another value: {}", test.option, shown_value(*setting),
                                      quoted(setting->uncertain));
        return {.truth = Tri::unknown, .where = locate(test, *setting), .why = std::move(why)};
    }
    return answer_for(resolve(test), *setting, locate(test, *setting));
}

Answer Judge::answer(const Condition& condition, const facts::Context& context) const {
    Answer best{.truth = condition.empty() ? Tri::yes : Tri::no};
    for (const auto& group : condition) {
        Answer whole{.truth = Tri::yes};
        for (const Test& test : group) {
            Answer part = answer(test, context);
            if (part.truth == Tri::yes && whole.truth != Tri::yes) {
                continue;
            }
            if (part.truth == whole.truth) {
                whole.why += (whole.why.empty() ? "" : "; ") + part.why;
                std::ranges::move(part.where, std::back_inserter(whole.where));
            } else if (whole.truth == Tri::yes || part.truth == Tri::no) {
                whole = std::move(part);
            }
        }
        if (whole.truth == Tri::yes) {
            return whole;
        }
        if (whole.truth == Tri::unknown || best.truth == Tri::no) {
            best = std::move(whole);
        }
    }
    return best;
}

std::vector<const facts::Context*> contexts_for(Who who, const CheckInput& input) {
    std::vector<const facts::Context*> chosen;
    for (const facts::Context& context : input.contexts) {
        if (context.effective != nullptr && (who == Who::everybody || may_be_root(context))) {
            chosen.push_back(&context);
        }
    }
    if (chosen.empty() && !input.contexts.empty() && input.contexts.front().effective != nullptr) {
        chosen.push_back(&input.contexts.front());  // accounts unknown: root is treated as a stranger is
    }
    return chosen;
}

}  // namespace sshkeep::rules
