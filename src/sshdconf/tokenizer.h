#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sshdconf/config.h"

namespace sshkeep::sshdconf {

/// The splitter that sshd uses for a whole line until 8.6, and for the keyword ever since: blanks, double quotes, and
/// one `=` between words.
class WordSplitter {
public:
    explicit WordSplitter(std::string text) : text_(std::move(text)) {}

    /// The next word, which may be empty; nothing at the end and for a quote that is not closed.
    [[nodiscard]] std::optional<std::string> next(bool split_at_equals = true);
    /// What has not been read yet; nothing when the end has been passed.
    [[nodiscard]] std::optional<std::string> rest() const;

private:
    std::string text_;
    std::size_t at_ = 0;
    bool ended_ = false;
};

/// Words with single and double quotes and backslashes, up to a comment; nothing when a quote is not closed.
[[nodiscard]] std::optional<std::vector<std::string>> split_shell_words(std::string_view text);
/// The inverse: quoted where needed.
[[nodiscard]] std::string join_shell_words(const std::vector<std::string>& words);

/// Fills in keyword, arguments, rest and malformed from the text of a line as sshd stores it.
void tokenize_line(std::string text, int version, Line& line);

/// Splits a file into lines, every byte in one of them, and tokenizes each.
[[nodiscard]] std::vector<Line> parse_lines(std::string_view bytes, int version);

}  // namespace sshkeep::sshdconf
