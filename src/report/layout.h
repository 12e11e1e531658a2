#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/finding.h"

namespace sshkeep::report {

enum class Style : std::uint8_t { plain, bold, dim, critical, high, medium, low, info, pass, unknown };

[[nodiscard]] Style style_of(Severity severity) noexcept;
[[nodiscard]] Style style_of(Verdict verdict) noexcept;

/// Text of one style.
struct Span {
    std::string text;
    Style style = Style::plain;
};

/// Columns of a terminal: one for each code point (wide and combining characters are not told apart).
[[nodiscard]] std::size_t columns(std::string_view utf8) noexcept;
/// At most `limit` columns, the last one an ellipsis when something was cut.
[[nodiscard]] std::string cut(std::string_view utf8, std::size_t limit);

/// A page of text for a terminal, built line by line. Whatever is put on it is escaped here, so that nothing can
/// forget to: bytes of the audited host never move the cursor, and a newline in them starts no line.
class Page {
public:
    Page(bool colour, unsigned width);

    /// An empty line, unless the page is empty or its last line is.
    void blank();
    /// Words wrapped to the width, one blank between them and between spans.
    void paragraph(const std::vector<Span>& spans, std::size_t indent = 0);
    void paragraph(std::string_view text, std::size_t indent = 0);
    /// A tag, and from `column` on a paragraph.
    void entry(const Span& tag, std::size_t column, const std::vector<Span>& spans);
    /// Our own text of several lines, blank lines between paragraphs; lines within a paragraph are joined and wrapped.
    void prose(std::string_view text, std::size_t indent);
    /// Several lines kept as they are, so that they can be copied.
    void verbatim(std::string_view text, std::size_t indent);
    /// One line, neither wrapped nor cut.
    void line(const Span& span, std::size_t indent);
    /// One line, `text` cut to what the width leaves after `head`.
    void quote(const Span& head, std::string_view text, std::size_t indent);

    [[nodiscard]] std::size_t width() const noexcept { return width_; }
    [[nodiscard]] std::string take() { return std::move(out_); }

private:
    void put(std::string_view escaped, Style style);
    void wrap(const std::vector<Span>& spans, std::size_t indent);

    bool colour_;
    std::size_t width_;
    std::string out_;
};

}  // namespace sshkeep::report
