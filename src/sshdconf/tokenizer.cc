#include "sshdconf/tokenizer.h"

#include "base/text.h"

namespace sshkeep::sshdconf {

namespace {

constexpr std::string_view blanks = " \t\r\n";

std::size_t skip_blanks(std::string_view text, std::size_t at) {
    return std::min(text.find_first_not_of(blanks, at), text.size());
}

/// Where sshd stops reading a physical line: at a NUL byte, even before its newline, or (until 8.6) at a `#`.
std::string_view stored_part(std::string_view physical, int version) {
    physical = physical.substr(0, physical.find('\0'));
    if (const std::size_t hash = physical.find('#'); version < 807 && hash != std::string_view::npos) {
        physical = physical.substr(0, hash);
    }
    return physical.substr(std::min(physical.find_first_not_of(" \t\r"), physical.size()));
}

}  // namespace

std::optional<std::string> WordSplitter::next(bool split_at_equals) {
    if (ended_) {
        return std::nullopt;
    }
    const std::size_t begin = at_;
    const std::size_t stop = text_.find_first_of(split_at_equals ? " \t\r\n\"=" : " \t\r\n\"", begin);
    if (stop == std::string::npos) {
        ended_ = true;
        return text_.substr(begin);
    }
    if (text_[stop] == '"') {
        text_.erase(stop, 1);
        const std::size_t close = text_.find('"', stop);
        if (close == std::string::npos) {
            ended_ = true;
            return std::nullopt;
        }
        at_ = skip_blanks(text_, close + 1);
        return text_.substr(begin, close - begin);
    }
    const bool equals = text_[stop] == '=';
    at_ = skip_blanks(text_, stop + 1);
    if (split_at_equals && !equals && at_ < text_.size() && text_[at_] == '=') {
        at_ = skip_blanks(text_, at_ + 1);
    }
    return text_.substr(begin, stop - begin);
}

std::optional<std::string> WordSplitter::rest() const {
    return ended_ ? std::nullopt : std::optional(text_.substr(at_));
}

std::optional<std::vector<std::string>> split_shell_words(std::string_view text) {
    std::vector<std::string> words;
    std::size_t i = 0;
    while (i < text.size()) {
        if (text[i] == ' ' || text[i] == '\t') {
            ++i;
            continue;
        }
        if (text[i] == '#') {
            break;
        }
        std::string word;
        char quote = '\0';
        for (; i < text.size(); ++i) {
            const char c = text[i];
            const char following = i + 1 < text.size() ? text[i + 1] : '\0';
            if (c == '\\' &&
                (following == '\'' || following == '"' || following == '\\' || (quote == '\0' && following == ' '))) {
                word += text[++i];
            } else if (quote == '\0' && (c == ' ' || c == '\t')) {
                break;
            } else if (quote == '\0' && (c == '"' || c == '\'')) {
                quote = c;
            } else if (quote != '\0' && c == quote) {
                quote = '\0';
            } else {
                word += c;
            }
        }
        if (quote != '\0') {
            return std::nullopt;
        }
        words.push_back(std::move(word));
    }
    return words;
}

std::string join_shell_words(const std::vector<std::string>& words) {
    std::string line;
    for (std::size_t i = 0; i < words.size(); ++i) {
        std::string quoted;
        for (const char c : words[i]) {
            if (c == '\\' || c == '\'' || c == '"') {
                quoted += '\\';
            }
            quoted += c;
        }
        const bool spaced = words[i].find_first_of(" \t") != std::string::npos;
        line += i == 0 ? "" : " ";
        line += spaced ? '"' + quoted + '"' : quoted;
    }
    return line;
}

void tokenize_line(std::string text, int version, Line& line) {
    if (version >= 705) {  // the first byte is never trimmed
        const std::size_t last = text.find_last_not_of(" \t\r\n\f");
        const std::size_t keep = last == std::string::npos ? 1 : std::max<std::size_t>(last + 1, 1);
        text.resize(std::min(keep, text.size()));
    }
    WordSplitter splitter(std::move(text));
    auto keyword = splitter.next();
    if (keyword && keyword->empty()) {
        keyword = splitter.next();
    }
    if (!keyword || keyword->empty() || keyword->front() == '#') {
        return;
    }
    line.keyword = ascii_lower(*keyword);
    const auto rest = splitter.rest();
    line.rest = rest.value_or("");
    if (version < 807) {
        while (auto word = splitter.next()) {
            line.arguments.push_back(*std::move(word));
        }
        return;
    }
    auto words = split_shell_words(line.rest);
    line.malformed = line.rest.empty() || !words;
    line.arguments = std::move(words).value_or(std::vector<std::string>{});
}

std::vector<Line> parse_lines(std::string_view bytes, int version) {
    std::vector<Line> lines;
    std::string stored;          // what sshd has gathered of the current line
    std::size_t first_line = 0;  // the physical line it began on
    std::size_t begin = 0;
    while (begin < bytes.size()) {
        const std::size_t newline = bytes.find('\n', begin);
        const std::size_t end = newline == std::string_view::npos ? bytes.size() : newline + 1;
        if (stored.empty()) {
            first_line = lines.size();
        }
        Line line;
        line.begin = static_cast<std::uint32_t>(begin);
        line.end = static_cast<std::uint32_t>(end);
        lines.push_back(std::move(line));
        std::string_view physical = bytes.substr(begin, end - begin);
        const bool newline_lost = physical.find('\0') != std::string_view::npos &&
                                  !(version < 807 && physical.find('#') < physical.find('\0'));
        physical.remove_suffix(newline == std::string_view::npos ? 0 : 1);
        stored += stored_part(physical, version);
        begin = end;
        if (!newline_lost || begin >= bytes.size()) {
            tokenize_line(std::move(stored), version, lines[first_line]);
            stored.clear();
        }
    }
    return lines;
}

}  // namespace sshkeep::sshdconf
