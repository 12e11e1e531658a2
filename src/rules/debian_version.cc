#include "rules/debian_version.h"

namespace sshkeep::rules {
namespace {

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// "~" sorts before the end of the text, the end before letters, letters before everything else.
int weight(std::string_view text) noexcept {
    if (text.empty() || is_digit(text.front())) {
        return 0;
    }
    const char c = text.front();
    if (c == '~') {
        return -1;
    }
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const int code = static_cast<unsigned char>(c);
    return letter ? code : code + 256;
}

std::string_view take_number(std::string_view& text) noexcept {
    while (!text.empty() && text.front() == '0') {
        text.remove_prefix(1);
    }
    std::size_t length = 0;
    while (length < text.size() && is_digit(text[length])) {
        ++length;
    }
    const std::string_view number = text.substr(0, length);
    text.remove_prefix(length);
    return number;
}

std::strong_ordering compare_numbers(std::string_view a, std::string_view b) noexcept {
    return a.size() != b.size() ? a.size() <=> b.size() : a.compare(b) <=> 0;
}

/// One part (upstream version or revision): stretches of other characters and of digits in turn.
std::strong_ordering compare_parts(std::string_view a, std::string_view b) noexcept {
    while (!a.empty() || !b.empty()) {
        while ((!a.empty() && !is_digit(a.front())) || (!b.empty() && !is_digit(b.front()))) {
            if (const auto order = weight(a) <=> weight(b); order != 0) {
                return order;
            }
            a.remove_prefix(1);
            b.remove_prefix(1);
        }
        const std::string_view left = take_number(a);
        if (const auto order = compare_numbers(left, take_number(b)); order != 0) {
            return order;
        }
    }
    return std::strong_ordering::equal;
}

struct Parts {
    std::string_view epoch;
    std::string_view upstream;
    std::string_view revision;
};

Parts split_version(std::string_view text) noexcept {
    Parts parts;
    if (const auto colon = text.find(':'); colon != std::string_view::npos) {
        parts.epoch = text.substr(0, colon);
        text.remove_prefix(colon + 1);
    }
    const auto dash = text.rfind('-');
    parts.upstream = text.substr(0, dash);
    parts.revision = dash == std::string_view::npos ? std::string_view{} : text.substr(dash + 1);
    return parts;
}

}  // namespace

std::strong_ordering compare_debian_versions(std::string_view a, std::string_view b) noexcept {
    const Parts left = split_version(a);
    const Parts right = split_version(b);
    if (const auto order = compare_parts(left.epoch, right.epoch); order != 0) {
        return order;
    }
    if (const auto order = compare_parts(left.upstream, right.upstream); order != 0) {
        return order;
    }
    return compare_parts(left.revision, right.revision);
}

}  // namespace sshkeep::rules
