#include "facts/unit.h"

#include <algorithm>

#include "base/text.h"

namespace sshkeep::facts {
namespace {

/// One assignment, continuation lines joined by a space; comments between them are skipped.
std::string take_logical_line(std::string_view& text) {
    std::string logical;
    bool continued = false;
    while (!text.empty()) {
        auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        const auto content = trim(line);
        if (content.starts_with('#') || content.starts_with(';')) {
            if (continued) {
                continue;
            }
            return {};
        }
        continued = line.ends_with('\\');
        if (!continued) {
            return logical.append(line);
        }
        line.remove_suffix(1);
        logical.append(line).append(" ");
    }
    return logical;
}

void assign(std::vector<std::string>& values, std::string_view value) {
    if (value.empty()) {
        values.clear();
    } else {
        values.emplace_back(value);
    }
}

void assign_words(std::vector<std::string>& values, std::string_view value) {
    if (value.empty()) {
        values.clear();
    }
    for (const auto word : split_words(value)) {
        values.emplace_back(word);
    }
}

}  // namespace

void merge_unit_text(Unit& unit, std::string_view text) {
    std::string section;
    while (!text.empty()) {
        const auto logical = take_logical_line(text);
        const auto line = trim(logical);
        if (line.starts_with('[') && line.ends_with(']')) {
            section = line;
            continue;
        }
        const auto equals = line.find('=');
        if (equals == std::string_view::npos) {
            continue;
        }
        const auto name = trim(line.substr(0, equals));
        const auto value = trim(line.substr(equals + 1));
        if (section == "[Service]" && name == "ExecStart") {
            assign(unit.exec_start, value);
        } else if (section == "[Service]" && name == "RuntimeDirectory") {
            assign_words(unit.runtime_directories, value);
        } else if (section == "[Socket]" && name == "ListenStream") {
            assign(unit.listen_streams, value);
        }
    }
}

}  // namespace sshkeep::facts
