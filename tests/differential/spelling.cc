#include "spelling.h"

#include "base/text.h"

namespace sshkeep::differential {
namespace {

std::string letter_case(Random& random, const std::string& name) {
    switch (random.below(8)) {
        case 0:
            return ascii_lower(name);
        case 1: {
            std::string text = name;
            for (char& c : text) {
                if (c >= 'a' && c <= 'z' && random.percent(50)) {
                    c = static_cast<char>(c - 'a' + 'A');
                }
            }
            return text;
        }
        default:
            return name;
    }
}

std::string blanks(Random& random) { return random.percent(85) ? " " : random.pick({"  ", "\t", " \t ", "\t\t"}); }

std::string escaped(const std::string& word, char quote) {
    std::string text;
    for (const char c : word) {
        const bool must = c == '\\' || c == '\'' || c == '"' || (quote == '\0' && c == ' ');
        if (must && !(quote != '\0' && c != quote && c != '\\')) {
            text += '\\';
        }
        text += c;
    }
    return text;
}

/// One argument for a splitter that knows both quotes and escapes.
std::string shell_word(Random& random, const std::string& word) {
    const bool plain = word.find_first_of(" \t\"'\\#") == std::string::npos;
    const std::size_t style = plain ? random.below(20) : random.below(4);
    switch (style) {
        case 0:
            return "\"" + escaped(word, '"') + "\"";
        case 1:
            return "'" + escaped(word, '\'') + "'";
        case 2: {
            // Quotes around a part: al"ic"e.
            const std::size_t cut = random.below(word.size() + 1);
            return "\"" + escaped(word.substr(0, cut), '"') + "\"'" + escaped(word.substr(cut), '\'') + "'";
        }
        case 3:
            return escaped(word, '\0');
        default:
            return word;
    }
}

/// One argument for a splitter that knows double quotes around a whole word.
std::string quoted_word(Random& random, const std::string& word) {
    return word.find(' ') != std::string::npos || random.percent(8) ? "\"" + word + "\"" : word;
}

std::string line_end(Random& random, const Dialect& dialect, bool may_comment) {
    if (may_comment && random.percent(8)) {
        return random.pick({" # a comment", "\t#x", " #", " # it's \"open"});
    }
    if (!dialect.splits_like_a_shell() && random.percent(4)) {
        return "# from here on a comment";
    }
    return random.percent(90) ? "" : random.pick({" ", "\t", "\r", " \t\r", "\f"});
}

std::string keyword_and_blank(Random& random, const std::string& keyword) {
    std::string text = random.percent(85) ? "" : random.pick({" ", "\t", "    "});
    const std::string name = letter_case(random, keyword);
    if (random.percent(1)) {
        return text + "\"" + name + "\"" + blanks(random);  // no '=' may follow
    }
    return text + name + (random.percent(85) ? blanks(random) : random.pick({"=", " = ", " =", "= ", "\t=\t"}));
}

}  // namespace

std::string spell_line(Random& random, const Dialect& dialect, const std::string& keyword, const Words& words,
                       bool raw) {
    std::string text = keyword_and_blank(random, keyword);
    for (std::size_t i = 0; i < words.size(); ++i) {
        text += i > 0 ? blanks(random) : "";
        if (raw) {
            text += words[i];
        } else {
            text += dialect.splits_like_a_shell() ? shell_word(random, words[i]) : quoted_word(random, words[i]);
        }
    }
    return text + line_end(random, dialect, !raw || random.percent(20));
}

std::string spell_match(Random& random, const Dialect& dialect,
                        const std::vector<std::pair<std::string, std::string>>& criteria) {
    std::string text = keyword_and_blank(random, "Match");
    bool first = true;
    for (const auto& [name, pattern] : criteria) {
        text += first ? "" : blanks(random);
        first = false;
        text += letter_case(random, name);
        if (!pattern.empty()) {
            text += random.percent(85) ? blanks(random) : "=";
            text += quoted_word(random, pattern);
        }
    }
    return text + line_end(random, dialect, true);
}

std::string spell_nothing(Random& random) {
    return random.pick({"", "   ", "\t", "# PermitRootLogin yes", "  # Match all", "#", "\r", "#Port 22 \"open"});
}

}  // namespace sshkeep::differential
