// Match blocks: lines that stand in one by accident, and blocks that nobody can meet.

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.h"
#include "rules/checks_support.h"

namespace sshkeep::rules {

namespace {

using sshdconf::Config;
using sshdconf::File;
using sshdconf::Line;
using sshdconf::Origin;

/// Options that people rarely mean for some connections only.
bool looks_global(std::string_view option) {
    constexpr std::array names{
        std::string_view{"passwordauthentication"},
        std::string_view{"kbdinteractiveauthentication"},
        std::string_view{"challengeresponseauthentication"},
        std::string_view{"pubkeyauthentication"},
        std::string_view{"permitrootlogin"},
        std::string_view{"permitemptypasswords"},
        std::string_view{"hostbasedauthentication"},
        std::string_view{"ignorerhosts"},
        std::string_view{"loglevel"},
        std::string_view{"maxauthtries"},
        std::string_view{"maxsessions"},
        std::string_view{"clientaliveinterval"},
        std::string_view{"clientalivecountmax"},
        std::string_view{"banner"},
        std::string_view{"permituserenvironment"},
        std::string_view{"x11forwarding"},
    };
    return std::ranges::find(names, option) != names.end();
}

bool is_match_all(const Line& line) { return line.arguments.size() == 1 && iequals(line.arguments[0], "all"); }

bool is_indented(const File& file, std::size_t index) {
    const std::string_view text = file.text(index);
    return !text.empty() && (text.front() == ' ' || text.front() == '\t');
}

/// The lines of one Match block of a file that look as if they were meant for everybody: back at the left margin when
/// the block is indented, or, in an unindented one, a global-looking option after a blank line.
std::vector<std::uint32_t> strays(const File& file, std::size_t begin, std::size_t end) {
    std::vector<std::uint32_t> lines;
    bool indented = false;
    bool any = false;
    bool gap = false;
    for (std::size_t i = begin; i < end; ++i) {
        const Line& line = file.lines[i];
        if (line.keyword.empty()) {
            gap |= any && trim(file.text(i)).empty();
            continue;
        }
        if (!any) {
            any = true;
            indented = is_indented(file, i);
            continue;
        }
        const bool left_margin = indented && !is_indented(file, i);
        if (left_margin || (!indented && gap && looks_global(line.keyword))) {
            lines.push_back(static_cast<std::uint32_t>(i + 1));
        }
    }
    return lines;
}

template <class Use>
void each_block(const File& file, Use use) {
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
        if (file.lines[i].keyword != "match" || is_match_all(file.lines[i])) {
            continue;
        }
        std::size_t end = i + 1;
        while (end < file.lines.size() && file.lines[end].keyword != "match") {
            ++end;
        }
        use(i, end);
        i = end - 1;
    }
}

Results match_stray_lines(const CheckInput& input) {
    if (!input.facts.config) {
        return not_known(input.facts.config.error());
    }
    const Config& config = *input.facts.config;
    Tally found;
    std::string example;
    for (std::uint32_t index = 0; index < config.files.size(); ++index) {
        const File& file = config.files[index];
        each_block(file, [&](std::size_t match, std::size_t end) {
            for (const std::uint32_t number : strays(file, match + 1, end)) {
                if (example.empty()) {
                    example = fmt::format("{} at line {} counts only for \"{}\"", shown(trim(file.text(number - 1))),
                                          number, shown(trim(file.text(match))));
                }
                found.add([&] { return at(config, Origin{index, number}); });
            }
        });
    }
    std::string detail = fmt::format(
        "{} {} inside a Match block by the look of it by accident: {}. A block ends only at the next Match or "
        "the end of the file.",
        found.counted("line"), found.count() == 1 ? "stands" : "stand", example);
    return conclude(std::move(found), {}, {.detail = std::move(detail)},
                    "No line seems to be inside a Match block by accident.");
}

Results include_in_match(const CheckInput& input) {
    if (!input.facts.config) {
        return not_known(input.facts.config.error());
    }
    const Config& config = *input.facts.config;
    Tally found;
    for (std::uint32_t index = 0; index < config.files.size(); ++index) {
        const File& file = config.files[index];
        each_block(file, [&](std::size_t match, std::size_t end) {
            for (std::size_t i = match + 1; i < end; ++i) {
                if (file.lines[i].keyword == "include") {
                    found.add([&] { return at(config, Origin{index, static_cast<std::uint32_t>(i + 1)}); });
                }
            }
        });
    }
    return conclude(std::move(found), {},
                    {.detail = "An Include line stands inside a Match block: the included files count only for the "
                               "connections of that block."},
                    "No Include line stands inside a Match block.");
}

/// Pattern list without wildcards and negation: its names.
std::vector<std::string_view> literal_names(std::string_view list) {
    const std::vector<std::string_view> patterns = split(list, ',');
    const bool literal = std::ranges::all_of(patterns, [](std::string_view pattern) {
        return !pattern.empty() && pattern.front() != '!' && pattern.find_first_of("*?") == std::string_view::npos;
    });
    return literal ? patterns : std::vector<std::string_view>{};
}

/// Every pattern of the list has letters: no numeric address matches one.
bool needs_host_name(std::string_view list) {
    return std::ranges::all_of(split(list, ','), [](std::string_view pattern) {
        return !pattern.starts_with('!') && !pattern.contains(':') &&
               std::ranges::any_of(pattern, [](char c) { return ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z'; });
    });
}

/// Why no connection can meet the criteria of a Match line; empty when one can, or that is not known.
std::string unmet(const KnownNames& known, const Line& match, bool names_looked_up) {
    for (std::size_t i = 0; i + 1 < match.arguments.size(); i += 2) {
        const std::string criterion = ascii_lower(match.arguments[i]);
        const std::string_view value = match.arguments[i + 1];
        if (criterion == "host" && !names_looked_up && needs_host_name(value)) {
            return fmt::format("UseDNS is no, so sshd never learns the name {}", shown(value));
        }
        const auto names = literal_names(value);
        if (names.empty()) {
            continue;
        }
        if (criterion == "user" && std::ranges::none_of(names, [&](auto name) { return known.users.contains(name); })) {
            return fmt::format("there is no user {}", shown(value));
        }
        if (criterion == "group" &&
            std::ranges::none_of(names, [&](auto name) { return known.groups.contains(name); })) {
            return fmt::format("there is no group {}", shown(value));
        }
    }
    return {};
}

Results match_never(const CheckInput& input) {
    if (!input.facts.config) {
        return not_known(input.facts.config.error());
    }
    if (!input.facts.accounts || !input.facts.group_names || input.contexts.empty()) {
        return not_known("the accounts, groups or settings of the host are not known");
    }
    const Config& config = *input.facts.config;
    const bool names_looked_up = is_yes(*input.contexts.front().effective, "usedns");
    const KnownNames known(input.facts);
    Tally found;
    std::string example;
    for (std::size_t block = 1; block < config.blocks.size(); ++block) {
        std::string why = unmet(known, config.line(config.blocks[block].origin), names_looked_up);
        if (!why.empty()) {
            found.add([&] { return at(config, config.blocks[block].origin); });
            example = example.empty() ? std::move(why) : example;
        }
    }
    std::string detail = fmt::format("{} can never apply: {}.", found.counted("Match block"), example);
    return conclude(std::move(found), {}, {.detail = std::move(detail)}, "Every Match block can apply to somebody.");
}

constexpr std::array checks{
    NamedCheck{"match_stray_lines", match_stray_lines},
    NamedCheck{"include_in_match", include_in_match},
    NamedCheck{"match_never", match_never},
};

}  // namespace

std::span<const NamedCheck> scope_checks() { return checks; }

}  // namespace sshkeep::rules
