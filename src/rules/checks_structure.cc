// The configuration as a whole: does sshd accept it, and does it mean what its lines seem to say?

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "rules/checks_support.h"
#include "sshdconf/edit.h"

namespace sshkeep::rules {

namespace {

using sshdconf::Config;
using sshdconf::Diagnostic;
using sshdconf::Line;
using sshdconf::Origin;

Results diagnostics(const CheckInput& input, Diagnostic::Kind kind, std::string_view summary,
                    std::string passed_detail) {
    if (!input.facts.config) {
        return not_known(input.facts.config.error());
    }
    const Config& config = *input.facts.config;
    constexpr std::size_t worded = 3;
    Tally found;
    std::string text;
    for (const Diagnostic& diagnostic : config.diagnostics) {
        if (diagnostic.kind != kind) {
            continue;
        }
        found.add([&] { return at(config, diagnostic.origin); });
        if (found.count() <= worded) {
            text += fmt::format("{}{}", text.empty() ? "" : "; ", shown(diagnostic.message));
        }
    }
    if (kind == Diagnostic::Kind::unreadable && !found.empty()) {
        return {CheckResult{.verdict = Verdict::unknown,
                            .where = found.take_places(),
                            .detail = fmt::format("{}: {}.", summary, text)}};
    }
    return conclude(std::move(found), {}, {.detail = fmt::format("{}: {}.", summary, text)}, std::move(passed_detail));
}

Results config_refused(const CheckInput& input) {
    return diagnostics(input, Diagnostic::Kind::fatal, "sshd refuses to start (or to reload) with this configuration",
                       "sshd accepts the configuration.");
}

Results config_unreadable(const CheckInput& input) {
    return diagnostics(input, Diagnostic::Kind::unreadable, "What a part of the configuration sets is not known",
                       "Every part of the configuration could be read.");
}

Results config_deprecated(const CheckInput& input) {
    return diagnostics(input, Diagnostic::Kind::notice, "This sshd complains about or ignores lines",
                       "No line is ignored or deprecated.");
}

/// Names that sshd takes for the same option.
std::string_view canonical(std::string_view keyword) {
    constexpr std::array aliases{
        std::pair{std::string_view{"challengeresponseauthentication"},
                  std::string_view{"kbdinteractiveauthentication"}},
        std::pair{std::string_view{"skeyauthentication"}, std::string_view{"kbdinteractiveauthentication"}},
        std::pair{std::string_view{"dsaauthentication"}, std::string_view{"pubkeyauthentication"}},
        std::pair{std::string_view{"pubkeyacceptedkeytypes"}, std::string_view{"pubkeyacceptedalgorithms"}},
        std::pair{std::string_view{"hostbasedacceptedkeytypes"}, std::string_view{"hostbasedacceptedalgorithms"}},
        std::pair{std::string_view{"keepalive"}, std::string_view{"tcpkeepalive"}},
    };
    const auto found = std::ranges::find(aliases, keyword, [](const auto& alias) { return alias.first; });
    return found == aliases.end() ? keyword : found->second;
}

/// Options of which several lines count together.
bool accumulates(std::string_view option) {
    constexpr std::array names{
        std::string_view{"acceptenv"},
        std::string_view{"allowusers"},
        std::string_view{"allowgroups"},
        std::string_view{"denyusers"},
        std::string_view{"denygroups"},
        std::string_view{"hostkey"},
        std::string_view{"include"},
        std::string_view{"listenaddress"},
        std::string_view{"port"},
        std::string_view{"subsystem"},
        std::string_view{"hostcertificate"},
        std::string_view{"match"},
        std::string_view{"persourcepenalties"},
    };
    return std::ranges::find(names, option) != names.end();
}

/// Values from the safest to the least safe, for options where a lost line may be the one people rely on.
int risk_of(std::string_view option, std::string_view value) {
    static const std::map<std::string_view, std::vector<std::string_view>> order{
        {"passwordauthentication", {"no", "yes"}},
        {"kbdinteractiveauthentication", {"no", "yes"}},
        {"permitemptypasswords", {"no", "yes"}},
        {"hostbasedauthentication", {"no", "yes"}},
        {"permituserenvironment", {"no", "yes"}},
        {"permittunnel", {"no", "yes"}},
        {"gatewayports", {"no", "clientspecified", "yes"}},
        {"x11forwarding", {"no", "yes"}},
        {"allowagentforwarding", {"no", "yes"}},
        {"allowtcpforwarding", {"no", "local", "yes"}},
        {"allowstreamlocalforwarding", {"no", "local", "yes"}},
        {"gssapiauthentication", {"no", "yes"}},
        {"kerberosauthentication", {"no", "yes"}},
        {"ignorerhosts", {"yes", "shosts-only", "no"}},
        {"strictmodes", {"yes", "no"}},
        {"disableforwarding", {"yes", "no"}},
        {"permitrootlogin", {"no", "forced-commands-only", "prohibit-password", "yes"}},
    };
    const auto known = order.find(option);
    if (known == order.end()) {
        return -1;
    }
    const std::string_view name = value == "without-password" ? "prohibit-password" : value;
    const auto rank = std::ranges::find(known->second, name);
    return rank == known->second.end() ? -1 : static_cast<int>(rank - known->second.begin());
}

struct Lost {
    Origin winner;
    Origin loser;
    std::string option;
    std::string won;
    std::string lost;
    bool safer = false;  ///< the line that lost was the safer one
};

/// Lines that a line before them in the same scope overrules with another value.
std::vector<Lost> lost_lines(const Config& config) {
    std::vector<Lost> lost;
    std::map<std::pair<std::uint32_t, std::string_view>, std::pair<Origin, std::string>> first;
    for (const Config::Directive& directive : config.directives) {
        const Line& line = config.line(directive.origin);
        const std::string_view option = canonical(line.keyword);
        if (option.empty() || accumulates(option)) {
            continue;
        }
        std::string value = ascii_lower(join(line.arguments, " "));
        const auto [slot, added] = first.try_emplace({directive.block, option}, directive.origin, value);
        if (added || slot->second.second == value || slot->second.first == directive.origin) {
            continue;
        }
        const int won = risk_of(option, slot->second.second);
        const int other = risk_of(option, value);
        lost.push_back({slot->second.first, directive.origin, std::string(option), slot->second.second,
                        std::move(value), won >= 0 && other >= 0 && other < won});
    }
    return lost;
}

Results lost_option(const CheckInput& input, bool safer, std::string passed_detail) {
    if (!input.facts.config) {
        return not_known(input.facts.config.error());
    }
    const Config& config = *input.facts.config;
    constexpr std::size_t worded = 3;
    Tally found;
    std::string text;
    for (const Lost& lost : lost_lines(config)) {
        // What a plan of ours wrote is read first on purpose.
        const bool on_purpose = !safer && is_marked(config.files[lost.winner.file], lost.winner.line);
        if (lost.safer != safer || on_purpose) {
            continue;
        }
        found.add([&] { return at(config, lost.winner); });
        found.add([&] { return at(config, lost.loser); });
        if (found.count() <= 2 * worded) {
            text += fmt::format("{}{} {} ({}:{}) wins over {} ({}:{})", text.empty() ? "" : "; ", shown(lost.option),
                                shown(lost.won), shown(config.path(lost.winner)), lost.winner.line, shown(lost.lost),
                                shown(config.path(lost.loser)), lost.loser.line);
        }
    }
    return conclude(std::move(found), {}, {.detail = fmt::format("The first line wins: {}.", text)},
                    std::move(passed_detail));
}

Results safe_line_shadowed(const CheckInput& input) {
    return lost_option(input, true, "No line that makes the server safer is overruled by an earlier one.");
}

Results option_repeated(const CheckInput& input) {
    return lost_option(input, false, "No option is set twice with different values.");
}

/// An Include line of a file as sshd resolves it: relative to /etc/ssh.
std::string include_pattern(std::string_view argument) {
    return argument.starts_with('/') ? std::string(argument) : "/etc/ssh/" + std::string(argument);
}

Results include_missing(const CheckInput& input) {
    if (!input.facts.config) {
        return not_known(input.facts.config.error());
    }
    const Config& config = *input.facts.config;
    Tally found;
    std::string example;
    for (std::uint32_t index = 0; index < config.files.size(); ++index) {
        const sshdconf::File& file = config.files[index];
        for (std::uint32_t number = 1; number <= file.lines.size(); ++number) {
            const Line& line = file.lines[number - 1];
            if (line.keyword != "include") {
                continue;
            }
            for (const std::string& argument : line.arguments) {
                const std::string pattern = include_pattern(argument);
                // A pattern may well match nothing today; a plain name is a file that somebody relies on.
                const bool plain = argument.find_first_of("*?[") == std::string::npos;
                const bool there = std::ranges::any_of(
                    config.files, [&](const sshdconf::File& other) { return other.path == pattern; });
                const bool unreadable = std::ranges::any_of(config.diagnostics, [&](const Diagnostic& diagnostic) {
                    return diagnostic.kind == Diagnostic::Kind::unreadable &&
                           diagnostic.origin == Origin{index, number};
                });
                if (plain && !there && !unreadable) {
                    example = example.empty() ? shown(pattern) : example;
                    found.add([&] { return at(config, Origin{index, number}); });
                }
            }
        }
    }
    return conclude(
        std::move(found), {},
        {.detail = fmt::format("Include names {}, which does not exist; sshd goes on in silence.", example)},
        "Every file that an Include line names is there.");
}

Results include_late(const CheckInput& input) {
    if (!input.facts.config) {
        return not_known(input.facts.config.error());
    }
    const Config& config = *input.facts.config;
    Tally found;
    std::uint32_t settings_above = 0;
    std::uint32_t above = 0;
    if (!config.files.empty()) {
        const sshdconf::File& main = config.files[0];
        for (std::uint32_t number = 1; number <= main.lines.size(); ++number) {
            const std::string& keyword = main.lines[number - 1].keyword;
            if (keyword == "match") {
                break;
            }
            if (keyword == "include" && settings_above > 0) {
                above = found.empty() ? settings_above : above;
                found.add([&] { return at(config, Origin{0, number}); });
            }
            if (!keyword.empty() && !accumulates(keyword)) {
                ++settings_above;
            }
        }
    }
    return conclude(
        std::move(found), {},
        {.detail = fmt::format("Include stands below {}: the included files cannot change what is set above.",
                               counted(above, "option"))},
        "Include comes before the options, or there is none.");
}

Results match_exec(const CheckInput& input) {
    if (!input.facts.config) {
        return not_known(input.facts.config.error());
    }
    const Config& config = *input.facts.config;
    Tally found;
    for (std::size_t block = 1; block < config.blocks.size(); ++block) {
        const Origin origin = config.blocks[block].origin;
        const bool runs = std::ranges::any_of(config.line(origin).arguments, [](const std::string& argument) {
            return iequals(argument, "exec") || (argument.size() > 5 && iequals(argument.substr(0, 5), "exec="));
        });
        if (runs) {
            found.add([&] { return at(config, origin); });
        }
    }
    return conclude(std::move(found), {},
                    {.detail = "Match exec runs a program for every connection before it is authenticated, and what it "
                               "decides cannot be audited here."},
                    "No Match block runs a program.");
}

Results config_directory(const CheckInput& input) {
    if (!input.facts.config) {
        return not_known(input.facts.config.error());
    }
    const Config& config = *input.facts.config;
    const bool used = std::ranges::any_of(config.files, [](const sshdconf::File& file) {
        return std::ranges::any_of(file.lines, [](const Line& line) { return line.keyword == "include"; });
    });
    Tally found;
    if (!used && !config.files.empty()) {
        found.add([&] { return Location{.path = config.files[0].path}; });
    }
    return conclude(std::move(found), {},
                    {.detail = "The configuration has no Include line: all settings are in one file."},
                    "The configuration includes further files.");
}

constexpr std::array checks{
    NamedCheck{"config_refused", config_refused},       NamedCheck{"config_unreadable", config_unreadable},
    NamedCheck{"config_deprecated", config_deprecated}, NamedCheck{"safe_line_shadowed", safe_line_shadowed},
    NamedCheck{"option_repeated", option_repeated},     NamedCheck{"include_missing", include_missing},
    NamedCheck{"include_late", include_late},           NamedCheck{"match_exec", match_exec},
    NamedCheck{"config_directory", config_directory},
};

}  // namespace

std::span<const NamedCheck> structure_checks() { return checks; }

}  // namespace sshkeep::rules
