#include "facts/access_table.h"

#include <algorithm>

#include "base/text.h"

namespace sshkeep::facts {
namespace {

constexpr std::size_t max_rules = 65536;

/// Words up to EXCEPT, then those of the next list.
AccessList parse_list(std::string_view field, std::string_view separators) {
    AccessList list(1);
    while (!field.empty()) {
        const auto word = field.substr(0, field.find_first_of(separators));
        field.remove_prefix(std::min(word.size() + 1, field.size()));
        if (iequals(word, "EXCEPT")) {
            list.emplace_back();
        } else if (!word.empty()) {
            list.back().emplace_back(word);
        }
    }
    return list;
}

}  // namespace

AccessTable parse_access_table(std::string_view text, std::string_view separators, char field_separator) {
    AccessTable table{.exists = true};
    for (std::uint32_t number = 1; !text.empty() && table.rules.size() < max_rules; ++number) {
        auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        if (line.starts_with('#')) {
            continue;
        }
        line = line.substr(0, line.find_last_not_of(" \t\r\f\v") + 1);
        if (line.empty()) {
            continue;
        }
        const auto first = line.find(field_separator);
        const auto second = first == std::string_view::npos ? first : line.find(field_separator, first + 1);
        const auto sign = trim(line.substr(0, first));
        if (second == std::string_view::npos || (sign != "+" && sign != "-")) {
            table.refused.push_back(number);
            continue;
        }
        table.rules.push_back({.line = number,
                               .permits = sign == "+",
                               .users = parse_list(line.substr(first + 1, second - first - 1), separators),
                               .origins = parse_list(line.substr(second + 1), separators)});
    }
    return table;
}

}  // namespace sshkeep::facts
