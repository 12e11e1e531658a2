#include "app/glob.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/escape.h"
#include "base/text.h"

namespace sshkeep::app {
namespace {

constexpr std::size_t max_paths = 4096;

bool in_class(std::string_view name, char c) noexcept {
    const bool lower = c >= 'a' && c <= 'z';
    const bool upper = c >= 'A' && c <= 'Z';
    const bool digit = c >= '0' && c <= '9';
    const bool graph = c > ' ' && c <= '~';
    const std::array<std::pair<std::string_view, bool>, 12> classes{
        {{"alpha", lower || upper},
         {"digit", digit},
         {"alnum", lower || upper || digit},
         {"lower", lower},
         {"upper", upper},
         {"space", c == ' ' || (c >= '\t' && c <= '\r')},
         {"blank", c == ' ' || c == '\t'},
         {"xdigit", digit || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')},
         {"graph", graph},
         {"print", graph || c == ' '},
         {"punct", graph && !lower && !upper && !digit},
         {"cntrl", (c >= 0 && c < ' ') || c == '\x7F'}}};
    return std::ranges::any_of(classes, [&](const auto& entry) { return entry.first == name && entry.second; });
}

struct Bracket {
    bool matches = false;
    std::size_t length = 0;  ///< of the expression, brackets included
};

/// "[...]" at the start of the pattern; nullopt: it never closes, so "[" stands for itself.
std::optional<Bracket> match_bracket(std::string_view pattern, char c) noexcept {
    std::size_t at = 1;
    const bool negated = at < pattern.size() && (pattern[at] == '!' || pattern[at] == '^');
    at += negated ? 1U : 0U;
    bool matches = false;
    const auto byte = [](char x) { return static_cast<unsigned char>(x); };
    for (bool first = true; at < pattern.size() && (first || pattern[at] != ']'); first = false) {
        if (pattern.substr(at).starts_with("[:")) {
            const auto end = pattern.find(":]", at + 2);
            if (end != std::string_view::npos) {
                matches = matches || in_class(pattern.substr(at + 2, end - at - 2), c);
                at = end + 2;
                continue;
            }
        }
        at += pattern[at] == '\\' && at + 1 < pattern.size() ? 1U : 0U;
        const char low = pattern[at++];
        char high = low;
        if (at + 1 < pattern.size() && pattern[at] == '-' && pattern[at + 1] != ']') {
            ++at;
            at += pattern[at] == '\\' && at + 1 < pattern.size() ? 1U : 0U;
            high = pattern[at++];
        }
        matches = matches || (byte(low) <= byte(c) && byte(c) <= byte(high));
    }
    if (at >= pattern.size()) {
        return std::nullopt;
    }
    return Bracket{matches != negated, at + 1};
}

/// Length of the pattern's first element when it matches `c`; 0 when it does not. Not for '*'.
std::size_t match_one(std::string_view pattern, char c) noexcept {
    if (pattern.front() == '?') {
        return 1;
    }
    if (pattern.front() == '[') {
        if (const auto bracket = match_bracket(pattern, c)) {
            return bracket->matches ? bracket->length : 0;
        }
    }
    if (pattern.front() == '\\' && pattern.size() > 1) {
        return pattern[1] == c ? 2 : 0;
    }
    return pattern.front() == c ? 1 : 0;
}

bool has_wildcard(std::string_view component) { return component.find_first_of("*?[") != std::string_view::npos; }

std::string without_backslashes(std::string_view component) {
    std::string plain;
    for (std::size_t i = 0; i < component.size(); ++i) {
        i += component[i] == '\\' && i + 1 < component.size() ? 1U : 0U;
        plain += component[i];
    }
    return plain;
}

/// Adds to `found` what matches one component below `directory`.
Result<void> expand(ports::Host& host, const std::string& directory, std::string_view component,
                    std::vector<std::string>& found) {
    const auto names = host.read_directory(directory.empty() ? "/" : directory);
    if (!names) {
        const bool absent = names.error().code == ErrorCode::not_found || names.error().code == ErrorCode::wrong_type;
        return absent ? Result<void>{} : std::unexpected(names.error());
    }
    for (const auto& name : *names) {
        if (!glob_matches(component, name)) {
            continue;
        }
        if (found.size() == max_paths) {
            return fail(ErrorCode::too_large, "more than 4096 paths match");
        }
        found.push_back(std::string(directory).append("/").append(name));
    }
    return {};
}

}  // namespace

bool glob_matches(std::string_view pattern, std::string_view name) noexcept {
    if (name.starts_with('.') && !pattern.starts_with('.') && !pattern.starts_with("\\.")) {
        return false;
    }
    std::size_t p = 0;
    std::size_t n = 0;
    std::size_t star = std::string_view::npos;  // the last '*' met, and where its match ends so far
    std::size_t star_end = 0;
    while (n < name.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            star_end = n;
            continue;
        }
        const auto length = p < pattern.size() ? match_one(pattern.substr(p), name[n]) : 0;
        if (length != 0) {
            p += length;
            ++n;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            n = ++star_end;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

Result<std::vector<std::string>> read_glob(ports::Host& host, std::string_view pattern) {
    std::vector<std::string> paths{""};
    for (const auto component : split(pattern, '/')) {
        if (component.empty()) {
            continue;
        }
        if (!has_wildcard(component)) {
            const auto plain = without_backslashes(component);
            std::ranges::for_each(paths, [&](std::string& path) { path.append("/").append(plain); });
            continue;
        }
        std::vector<std::string> found;
        for (const auto& directory : paths) {
            if (auto expanded = expand(host, directory, component, found); !expanded) {
                return std::unexpected(std::move(expanded).error().in(escape_for_terminal(pattern, 256)));
            }
        }
        paths = std::move(found);
    }
    std::erase_if(paths, [&](const std::string& path) {
        const auto info = host.read_info(path, ports::Links::refuse);
        return !info && info.error().code != ErrorCode::permission;
    });
    std::ranges::sort(paths);
    return paths;
}

}  // namespace sshkeep::app
