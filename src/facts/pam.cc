#include "facts/pam.h"

#include <algorithm>
#include <map>

#include "base/text.h"

namespace sshkeep::facts {
namespace {

constexpr int max_depth = 16;
constexpr std::size_t max_includes = 1024;
constexpr std::size_t max_files = 64;
constexpr std::size_t max_lines = 4096;

/// Takes the next word: blanks separate, "[a b\]]" is one word with its brackets.
std::string_view take_word(std::string_view& rest) {
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t\r"), rest.size()));
    std::size_t end = 0;
    if (rest.starts_with('[')) {
        while (end < rest.size() && rest[end] != ']') {
            end += rest[end] == '\\' ? 2U : 1U;
        }
        end = std::min(end + 1, rest.size());
    } else {
        end = std::min(rest.find_first_of(" \t\r"), rest.size());
    }
    const auto word = rest.substr(0, end);
    rest.remove_prefix(end);
    return word;
}

std::string without_brackets(std::string_view word) {
    if (!word.starts_with('[') || !word.ends_with(']') || word.size() < 2) {
        return std::string(word);
    }
    std::string text;
    for (std::size_t i = 1; i + 1 < word.size(); ++i) {
        if (word[i] == '\\' && i + 2 < word.size() && word[i + 1] == ']') {
            ++i;
        }
        text += word[i];
    }
    return text;
}

/// The text up to an unescaped newline, continuation lines joined; counts the physical lines used.
std::string take_logical_line(std::string_view& text, std::uint32_t& number) {
    std::string logical;
    while (!text.empty()) {
        auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        ++number;
        line = line.substr(0, line.find('#'));
        if (!line.ends_with('\\')) {
            return logical.append(line);
        }
        line.remove_suffix(1);
        logical.append(line).append(" ");
    }
    return logical;
}

std::optional<PamEntry> parse_entry(std::string_view rest) {
    PamEntry entry;
    entry.line.type = ascii_lower(take_word(rest));
    if (entry.line.type == "@include") {
        entry.kind = PamEntry::Kind::include_all;
    } else {
        if (entry.line.type.starts_with('-')) {
            entry.line.type.erase(0, 1);
        }
        entry.line.control = take_word(rest);
        if (iequals(entry.line.control, "include")) {
            entry.kind = PamEntry::Kind::include_type;
        } else if (iequals(entry.line.control, "substack")) {
            entry.kind = PamEntry::Kind::substack;
        }
    }
    entry.line.module = take_word(rest);
    if (entry.line.type.empty() || entry.line.module.empty()) {
        return std::nullopt;
    }
    if (entry.kind == PamEntry::Kind::module && entry.line.module.contains('/')) {
        entry.line.path = entry.line.module;
        entry.line.module.erase(0, entry.line.module.rfind('/') + 1);
    }
    for (auto word = take_word(rest); !word.empty(); word = take_word(rest)) {
        entry.line.arguments.push_back(without_brackets(word));
    }
    return entry;
}

class Expander {
public:
    Expander(const PamReader& reader, PamStack& stack) : reader_(reader), stack_(stack) {}

    /// Appends the lines of a file that are of `type`, or all when it is empty.
    Result<void> add(const std::string& name, const std::string& type, int depth) {
        if (depth > max_depth || ++includes_ > max_includes) {
            return fail(ErrorCode::too_large, name + ": PAM files include each other too often");
        }
        const auto* entries = TRY(entries_of(name));
        if (entries == nullptr) {
            stack_.missing.push_back(name);
            return {};
        }
        for (const auto& entry : *entries) {
            const bool all = entry.kind == PamEntry::Kind::include_all;
            if (!all && !type.empty() && entry.line.type != type) {
                continue;
            }
            if (entry.kind != PamEntry::Kind::module) {
                TRY(add(entry.line.module, all ? type : entry.line.type, depth + 1));
                continue;
            }
            if (stack_.lines.size() == max_lines) {
                return fail(ErrorCode::too_large, name + ": more than 4096 PAM lines");
            }
            stack_.lines.push_back(entry.line);
        }
        return {};
    }

private:
    /// nullptr: there is no such file. References into a map stay valid while it grows.
    Result<const std::vector<PamEntry>*> entries_of(const std::string& name) {
        const auto known = parsed_.find(name);
        if (known != parsed_.end()) {
            return known->second ? &*known->second : nullptr;
        }
        if (parsed_.size() == max_files) {
            return fail(ErrorCode::too_large, "more than 64 PAM files");
        }
        auto file = reader_(name);
        if (!file && file.error().code != ErrorCode::not_found) {
            return std::unexpected(std::move(file).error());
        }
        auto& entries = parsed_[name];
        if (file) {
            entries = parse_pam(file->text, file->path);
        }
        return entries ? &*entries : nullptr;
    }

    const PamReader& reader_;
    PamStack& stack_;
    std::map<std::string, std::optional<std::vector<PamEntry>>> parsed_;
    std::size_t includes_ = 0;
};

}  // namespace

std::vector<PamEntry> parse_pam(std::string_view text, const std::string& file) {
    std::vector<PamEntry> entries;
    for (std::uint32_t number = 0; !text.empty();) {
        const auto first = number + 1;
        const auto logical = take_logical_line(text, number);
        if (auto entry = parse_entry(logical)) {
            entry->line.file = file;
            entry->line.line = first;
            entries.push_back(*std::move(entry));
        }
    }
    return entries;
}

Fact<PamStack> expand_pam(const std::string& service, const PamReader& reader) {
    PamStack stack{.service = service};
    Expander expander(reader, stack);
    TRY(expander.add(service, {}, 0));
    if (stack.missing == std::vector{service}) {
        TRY(expander.add("other", {}, 0));
    }
    return stack;
}

}  // namespace sshkeep::facts
