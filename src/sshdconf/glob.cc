#include "sshdconf/glob.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.h"

namespace sshkeep::sshdconf {
namespace {

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

/// The components of a path; empty ones do not count.
std::vector<std::string_view> components_of(std::string_view path) {
    auto components = split(path, '/');
    std::erase(components, std::string_view{});
    return components;
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

bool path_matches(std::string_view pattern, std::string_view path) {
    return std::ranges::equal(components_of(pattern), components_of(path), glob_matches);
}

}  // namespace sshkeep::sshdconf
