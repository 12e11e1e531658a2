#include "facts/tcp_wrappers.h"

#include <algorithm>

#include "base/text.h"

namespace sshkeep::facts {
namespace {

constexpr std::size_t max_rules = 65536;

/// A line with those that a backslash at its end joins to it.
std::string take_line(std::string_view& text, std::uint32_t& lines) {
    std::string logical;
    while (!text.empty()) {
        auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        ++lines;
        if (!line.ends_with('\\')) {
            return logical.append(line);
        }
        line.remove_suffix(1);
        logical.append(line);
    }
    return logical;
}

/// Colons separate fields, but not within brackets and not behind a backslash.
std::vector<std::string> fields_of(std::string_view line) {
    std::vector<std::string> fields(1);
    bool bracket = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (c == '\\' && i + 1 < line.size() && line[i + 1] == ':') {
            fields.back() += ':';
            ++i;
            continue;
        }
        bracket = c == '[' || (bracket && c != ']');
        if (c == ':' && !bracket) {
            fields.emplace_back();
        } else {
            fields.back() += c;
        }
    }
    return fields;
}

std::vector<std::string> words_of(std::string field) {
    std::ranges::replace(field, ',', ' ');
    std::ranges::replace(field, '\r', ' ');
    std::vector<std::string> words;
    for (const auto word : split_words(field)) {
        words.emplace_back(word);
    }
    return words;
}

}  // namespace

std::vector<WrapperRule> parse_wrapper_rules(std::string_view text) {
    std::vector<WrapperRule> rules;
    for (std::uint32_t lines = 0; !text.empty() && rules.size() < max_rules;) {
        const auto number = lines + 1;
        const auto line = take_line(text, lines);
        if (line.starts_with('#') || trim(line).empty()) {
            continue;
        }
        auto fields = fields_of(line);
        if (fields.size() < 2) {
            continue;
        }
        WrapperRule rule{.line = number, .daemons = words_of(fields[0]), .clients = words_of(fields[1])};
        for (std::size_t i = 2; i < fields.size(); ++i) {
            rule.options.push_back(std::move(fields[i]));
        }
        rules.push_back(std::move(rule));
    }
    return rules;
}

}  // namespace sshkeep::facts
