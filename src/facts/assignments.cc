#include "facts/assignments.h"

#include <algorithm>

#include "base/text.h"

namespace sshkeep::facts {
namespace {

/// A shell word without its quotes; what follows the word is left out.
std::string unquote(std::string_view text) {
    std::string value;
    char quote = '\0';
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\\' && quote != '\'' && i + 1 < text.size()) {
            value += text[++i];
        } else if (quote != '\0' && c == quote) {
            quote = '\0';
        } else if (quote == '\0' && (c == '"' || c == '\'')) {
            quote = c;
        } else {
            value += c;
        }
    }
    return value;
}

}  // namespace

std::optional<std::string> find_assignment(std::string_view text, std::string_view name) {
    std::optional<std::string> value;
    while (!text.empty()) {
        auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        line = trim(line);
        if (line.starts_with("export ")) {
            line = trim(line.substr(7));
        }
        if (line.starts_with(name) && line.substr(name.size()).starts_with('=')) {
            value = unquote(trim(line.substr(name.size() + 1)));
        }
    }
    return value;
}

OsRelease parse_os_release(std::string_view text) {
    const auto value = [text](std::string_view name) { return find_assignment(text, name).value_or(std::string{}); };
    return {.id = value("ID"),
            .version_id = value("VERSION_ID"),
            .codename = value("VERSION_CODENAME"),
            .pretty_name = value("PRETTY_NAME")};
}

}  // namespace sshkeep::facts
