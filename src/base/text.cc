#include "base/text.h"

#include <algorithm>
#include <charconv>

namespace sshkeep {

char ascii_lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string ascii_lower(std::string_view text) {
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(), [](char c) { return ascii_lower(c); });
    return lower;
}

bool iequals(std::string_view a, std::string_view b) noexcept {
    return std::ranges::equal(a, b, [](char x, char y) { return ascii_lower(x) == ascii_lower(y); });
}

std::string_view trim(std::string_view text) noexcept {
    constexpr std::string_view blanks = " \t\r\n\f\v";
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> pieces;
    for (;;) {
        const auto at = text.find(separator);
        pieces.push_back(text.substr(0, at));
        if (at == std::string_view::npos) {
            return pieces;
        }
        text.remove_prefix(at + 1);
    }
}

std::vector<std::string_view> split_words(std::string_view text) {
    std::vector<std::string_view> words;
    for (;;) {
        const auto start = text.find_first_not_of(" \t");
        if (start == std::string_view::npos) {
            return words;
        }
        text.remove_prefix(start);
        const auto end = std::min(text.find_first_of(" \t"), text.size());
        words.push_back(text.substr(0, end));
        text.remove_prefix(end);
    }
}

std::string join(const std::vector<std::string>& pieces, std::string_view separator) {
    std::string joined;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        joined.append(i == 0 ? std::string_view{} : separator).append(pieces[i]);
    }
    return joined;
}

namespace {

template <class Number>
std::optional<Number> parse_whole(std::string_view text, int base) noexcept {
    Number number{};
    const auto* begin = text.data();
    const auto* end = begin + text.size();
    const auto [stopped, error] = std::from_chars(begin, end, number, base);
    if (error != std::errc{} || stopped != end || text.empty()) {
        return std::nullopt;
    }
    return number;
}

}  // namespace

std::optional<std::int64_t> parse_int(std::string_view text) noexcept { return parse_whole<std::int64_t>(text, 10); }

std::optional<std::uint64_t> parse_uint(std::string_view text, int base) noexcept {
    return parse_whole<std::uint64_t>(text, base);
}

}  // namespace sshkeep
