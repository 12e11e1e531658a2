#include "facts/sudoers.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.h"

namespace sshkeep::facts {
namespace {

constexpr std::size_t max_rules = 65536;

/// A line with those that a backslash at its end joins to it, and without its comment.
std::string take_line(std::string_view& text, std::uint32_t& lines) {
    std::string logical;
    while (!text.empty()) {
        auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        ++lines;
        if (line.ends_with('\r')) {
            line.remove_suffix(1);
        }
        if (!line.ends_with('\\')) {
            return logical.append(line);
        }
        line.remove_suffix(1);
        logical.append(line);
    }
    return logical;
}

/// "#" begins a comment but for "#include" and "#1000", a number of a user or group.
std::string without_comment(std::string_view line) {
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (c == '\\') {
            ++i;
        } else if (c == '"') {
            quoted = !quoted;
        } else if (c == '#' && !quoted) {
            const bool number =
                i + 1 < line.size() && ((line[i + 1] >= '0' && line[i + 1] <= '9') || line[i + 1] == '-');
            if (!number) {
                return std::string(line.substr(0, i));
            }
        }
    }
    return std::string(line);
}

/// Splits at a character outside quotes and parentheses, not behind a backslash.
std::vector<std::string> split_outside(std::string_view text, char separator) {
    std::vector<std::string> pieces(1);
    bool quoted = false;
    int depth = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\\' && i + 1 < text.size()) {
            pieces.back() += c;
            pieces.back() += text[++i];
            continue;
        }
        quoted ^= c == '"';
        depth += !quoted && c == '(' ? 1 : 0;
        depth -= !quoted && c == ')' && depth > 0 ? 1 : 0;
        if (c == separator && !quoted && depth == 0) {
            pieces.emplace_back();
        } else {
            pieces.back() += c;
        }
    }
    return pieces;
}

std::string unquoted(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '"') {
            continue;
        }
        if (text[i] == '\\' && i + 1 < text.size()) {
            ++i;
        }
        plain += text[i];
    }
    return plain;
}

SudoersItem parse_item(std::string_view text) {
    SudoersItem item;
    text = trim(text);
    while (text.starts_with('!')) {
        item.negated = !item.negated;
        text = trim(text.substr(1));
    }
    item.text = unquoted(text);
    return item;
}

std::vector<SudoersItem> parse_items(std::string_view text) {
    std::vector<SudoersItem> items;
    for (const auto& piece : split_outside(text, ',')) {
        auto item = parse_item(piece);
        if (!item.text.empty()) {
            items.push_back(std::move(item));
        }
    }
    return items;
}

/// "(USERS:GROUPS)" from the front; what holds for the commands that follow, too.
bool take_run_as(std::string_view& text, SudoersCommand& command) {
    text = trim(text);
    if (!text.starts_with('(')) {
        return true;
    }
    const auto end = text.find(')');
    if (end == std::string_view::npos) {
        return false;
    }
    const auto parts = split_outside(text.substr(1, end - 1), ':');
    command.run_as = parse_items(parts[0]);
    command.run_as_groups = parts.size() > 1 ? parse_items(parts[1]) : std::vector<SudoersItem>{};
    command.run_as_given = true;
    text = trim(text.substr(end + 1));
    return true;
}

bool is_tag(std::string_view word) {
    constexpr std::array<std::string_view, 16> tags{
        "NOPASSWD",   "PASSWD",       "NOEXEC", "EXEC",   "SETENV", "NOSETENV", "LOG_INPUT", "NOLOG_INPUT",
        "LOG_OUTPUT", "NOLOG_OUTPUT", "MAIL",   "NOMAIL", "FOLLOW", "NOFOLLOW", "INTERCEPT", "NOINTERCEPT"};
    return std::ranges::find(tags, word) != tags.end();
}

/// "NOPASSWD:" and the like, and "NAME=VALUE" options such as TIMEOUT=, from the front.
void take_tags(std::string_view& text, SudoersCommand& command) {
    for (;;) {
        text = trim(text);
        const auto end = text.find_first_of(":= \t");
        const auto word = text.substr(0, end);
        const auto after = end == std::string_view::npos ? std::string_view{} : trim(text.substr(end));
        if (after.starts_with(':') && is_tag(word)) {
            if (word == "NOPASSWD" || word == "PASSWD") {
                command.password = word == "PASSWD";
                command.password_given = true;
            }
            text = after.substr(1);
            continue;
        }
        constexpr std::array<std::string_view, 9> options{
            "ROLE", "TYPE", "PRIVS", "LIMITPRIVS", "APPARMOR_PROFILE", "TIMEOUT", "NOTBEFORE", "NOTAFTER", "CWD"};
        if (after.starts_with('=') && (std::ranges::find(options, word) != options.end() || word == "CHROOT")) {
            const auto value = trim(after.substr(1));
            text = value.substr(std::min(value.find_first_of(" \t"), value.size()));
            continue;
        }
        return;
    }
}

/// One "HOSTS = COMMANDS" of a rule.
bool parse_privileges(std::string_view text, SudoersRule& rule) {
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) {
        return false;
    }
    rule.hosts = parse_items(text.substr(0, equals));
    SudoersCommand current;
    for (const auto& piece : split_outside(text.substr(equals + 1), ',')) {
        std::string_view rest = piece;
        if (!take_run_as(rest, current)) {
            return false;
        }
        take_tags(rest, current);
        current.item = parse_item(rest);
        if (current.item.text.empty()) {
            return false;
        }
        rule.commands.push_back(current);
    }
    return !rule.hosts.empty();
}

/// "USERS HOSTS = ...": the list of users ends at the first blank that no comma stands beside.
std::optional<std::size_t> end_of_users(std::string_view line) {
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '\\') {
            ++i;
            continue;
        }
        quoted ^= line[i] == '"';
        const bool blank = line[i] == ' ' || line[i] == '\t';
        if (!blank || quoted) {
            continue;
        }
        const auto before = trim(line.substr(0, i));
        const auto after = trim(line.substr(i));
        if (!before.ends_with(',') && !before.ends_with('!') && !after.starts_with(',')) {
            return i;
        }
    }
    return std::nullopt;
}

/// Colons separate the privileges of a rule, but for those behind a tag.
std::vector<std::string> split_privileges(std::string_view text) {
    std::vector<std::string> privileges;
    bool goes_on = false;
    for (auto& piece : split_outside(text, ':')) {
        const auto content = trim(piece);
        const bool tag = is_tag(content.substr(content.find_last_of(" \t,=)(") + 1));
        if (goes_on) {
            privileges.back().append(":").append(piece);
        } else {
            privileges.push_back(piece);
        }
        goes_on = tag;
    }
    return privileges;
}

bool parse_rule(std::string_view line, SudoersRule rule, Sudoers& sudoers) {
    const auto end = end_of_users(line);
    if (!end) {
        return false;
    }
    rule.users = parse_items(line.substr(0, *end));
    const auto before = sudoers.rules.size();
    for (const auto& privileges : split_privileges(line.substr(*end))) {
        SudoersRule one = rule;
        if (!parse_privileges(privileges, one)) {
            sudoers.rules.resize(before);
            return false;
        }
        sudoers.rules.push_back(std::move(one));
    }
    return !rule.users.empty();
}

SudoersAliases* aliases_of(std::string_view keyword, Sudoers& sudoers) {
    if (keyword == "User_Alias") {
        return &sudoers.users;
    }
    if (keyword == "Host_Alias") {
        return &sudoers.hosts;
    }
    if (keyword == "Runas_Alias") {
        return &sudoers.run_as;
    }
    return keyword == "Cmnd_Alias" || keyword == "Cmd_Alias" ? &sudoers.commands : nullptr;
}

bool parse_aliases(std::string_view text, SudoersAliases& aliases) {
    for (const auto& definition : split_outside(text, ':')) {
        const auto equals = definition.find('=');
        if (equals == std::string::npos) {
            return false;
        }
        const std::string name(trim(std::string_view(definition).substr(0, equals)));
        auto items = parse_items(std::string_view(definition).substr(equals + 1));
        if (name.empty() || items.empty()) {
            return false;
        }
        aliases[name] = std::move(items);
    }
    return true;
}

/// Behind the word Defaults: a scope right behind it, then settings.
void parse_defaults(std::string_view text, Sudoers& sudoers) {
    SudoersDefault scoped;
    if (!text.empty() && std::string_view(":@!>").contains(text.front())) {
        scoped.scope = text.front();
        text = trim(text.substr(1));
        const auto end = end_of_users(text);
        if (!end) {
            return;
        }
        scoped.of = parse_items(text.substr(0, *end));
        text = text.substr(*end);
    }
    for (const auto& setting : split_outside(text, ',')) {
        scoped.setting = trim(setting);
        if (!scoped.setting.empty()) {
            sudoers.defaults.push_back(scoped);
        }
    }
}

std::optional<SudoersInclude> parse_include(std::string_view line) {
    constexpr std::array<std::string_view, 4> words{"@includedir", "#includedir", "@include", "#include"};
    for (const auto word : words) {
        const auto rest = line.starts_with(word) ? line.substr(word.size()) : std::string_view{};
        if (rest.starts_with(' ') || rest.starts_with('\t')) {
            return SudoersInclude{.directory = word.ends_with("dir"), .path = unquoted(trim(rest))};
        }
    }
    return std::nullopt;
}

bool parse_line(const std::string& line, const std::string& file, std::uint32_t number, Sudoers& sudoers) {
    const auto word = std::string_view(line).substr(0, line.find_first_of(" \t"));
    if (auto* aliases = aliases_of(word, sudoers)) {
        return parse_aliases(std::string_view(line).substr(word.size()), *aliases);
    }
    constexpr std::string_view defaults = "Defaults";
    const bool is_defaults =
        line.starts_with(defaults) &&
        (line.size() == defaults.size() || std::string_view(" \t:@!>").contains(line[defaults.size()]));
    if (is_defaults) {
        parse_defaults(std::string_view(line).substr(defaults.size()), sudoers);
        return true;
    }
    return parse_rule(line, {.file = file, .line = number}, sudoers);
}

}  // namespace

void parse_sudoers(Sudoers& sudoers, std::string_view text, const std::string& file,
                   const std::function<void(const SudoersInclude&)>& include) {
    sudoers.exists = true;
    for (std::uint32_t lines = 0; !text.empty();) {
        const auto number = lines + 1;
        const auto logical = take_line(text, lines);
        const auto trimmed = trim(logical);
        if (const auto included = parse_include(trimmed)) {
            include(*included);
            continue;
        }
        const std::string line(trim(without_comment(trimmed)));
        if (line.empty()) {
            continue;
        }
        const bool full = sudoers.rules.size() >= max_rules || sudoers.defaults.size() >= max_rules;
        if (full || !parse_line(line, file, number, sudoers)) {
            if (sudoers.invalid.size() < max_rules) {
                sudoers.invalid.push_back(file + ":" + std::to_string(number));
            }
        }
    }
}

}  // namespace sshkeep::facts
