#include "report/layout.h"

#include <algorithm>
#include <array>

#include "base/escape.h"
#include "base/text.h"

namespace sshkeep::report {
namespace {

constexpr std::size_t narrowest = 40;
constexpr std::size_t least_quote = 24;  ///< a quoted line that would get less room starts on a line of its own

constexpr std::array<std::string_view, 10> sgr{"",         "\x1b[1m",  "\x1b[2m",  "\x1b[1;37;41m", "\x1b[1;31m",
                                               "\x1b[33m", "\x1b[36m", "\x1b[34m", "\x1b[32m",      "\x1b[35m"};
constexpr std::string_view sgr_reset = "\x1b[0m";

bool continues(char byte) noexcept { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80; }

}  // namespace

Style style_of(Severity severity) noexcept {
    constexpr std::array<Style, 5> styles{Style::info, Style::low, Style::medium, Style::high, Style::critical};
    return styles[static_cast<std::size_t>(severity)];
}

Style style_of(Verdict verdict) noexcept {
    constexpr std::array<Style, 4> styles{Style::pass, Style::high, Style::unknown, Style::dim};
    return styles[static_cast<std::size_t>(verdict)];
}

std::size_t columns(std::string_view utf8) noexcept {
    return utf8.size() - static_cast<std::size_t>(std::ranges::count_if(utf8, continues));
}

std::string cut(std::string_view utf8, std::size_t limit) {
    if (columns(utf8) <= limit) {
        return std::string(utf8);
    }
    std::size_t end = 0;
    for (std::size_t column = 0; column + 1 < limit; ++column) {
        do {
            ++end;
        } while (end < utf8.size() && continues(utf8[end]));
    }
    return limit == 0 ? std::string() : std::string(utf8.substr(0, end)) + "\xE2\x80\xA6";
}

Page::Page(bool colour, unsigned width) : colour_(colour), width_(std::max<std::size_t>(width, narrowest)) {}

void Page::put(std::string_view escaped, Style style) {
    if (!colour_ || style == Style::plain || escaped.empty()) {
        out_ += escaped;
        return;
    }
    out_.append(sgr[static_cast<std::size_t>(style)]).append(escaped).append(sgr_reset);
}

void Page::blank() {
    if (!out_.empty() && !out_.ends_with("\n\n")) {
        out_ += '\n';
    }
}

void Page::wrap(const std::vector<Span>& spans, std::size_t indent) {
    std::size_t column = indent;
    for (const auto& span : spans) {
        const auto escaped = escape_for_terminal(span.text);
        for (const auto word : split_words(escaped)) {
            const auto length = columns(word);
            if (column > indent && column + 1 + length > width_) {
                out_ += '\n';
                out_.append(indent, ' ');
                column = indent;
            } else if (column > indent) {
                out_ += ' ';
                ++column;
            }
            put(word, span.style);
            column += length;
        }
    }
    out_ += '\n';
}

void Page::paragraph(const std::vector<Span>& spans, std::size_t indent) {
    out_.append(indent, ' ');
    wrap(spans, indent);
}

void Page::paragraph(std::string_view text, std::size_t indent) { paragraph({Span{std::string(text)}}, indent); }

void Page::entry(const Span& tag, std::size_t column, const std::vector<Span>& spans) {
    const auto escaped = escape_for_terminal(tag.text);
    put(escaped, tag.style);
    out_.append(std::max(column, columns(escaped) + 1) - columns(escaped), ' ');
    wrap(spans, column);
}

void Page::prose(std::string_view text, std::size_t indent) {
    std::string joined;
    for (const auto line : split(trim(text), '\n')) {
        const auto words = trim(line);
        if (words.empty() && !joined.empty()) {
            paragraph(joined, indent);
            blank();
            joined.clear();
        } else if (!words.empty()) {
            joined.append(joined.empty() ? "" : " ").append(words);
        }
    }
    if (!joined.empty()) {
        paragraph(joined, indent);
    }
}

void Page::verbatim(std::string_view text, std::size_t indent) {
    while (text.ends_with('\n')) {
        text.remove_suffix(1);
    }
    for (const auto line : split(text, '\n')) {
        if (!line.empty()) {
            out_.append(indent, ' ').append(escape_for_terminal(line));
        }
        out_ += '\n';
    }
}

void Page::line(const Span& span, std::size_t indent) {
    out_.append(indent, ' ');
    put(escape_for_terminal(span.text), span.style);
    out_ += '\n';
}

void Page::quote(const Span& head, std::string_view text, std::size_t indent) {
    const auto escaped_head = escape_for_terminal(head.text);
    // Bounded before escaping: a line of a megabyte is not looked at whole for the hundred columns that are shown.
    const auto escaped_text = escape_for_terminal(trim(text), width_ * 4);
    out_.append(indent, ' ');
    put(escaped_head, head.style);
    auto used = indent + columns(escaped_head) + 2;
    if (!escaped_text.empty() && used + std::min(least_quote, columns(escaped_text)) > width_) {
        out_ += '\n';
        out_.append(indent + 2, ' ');
        used = indent + 2;
    } else if (!escaped_text.empty()) {
        out_ += "  ";
    }
    out_ += cut(escaped_text, width_ - std::min(used, width_ - 1));
    out_ += '\n';
}

}  // namespace sshkeep::report
