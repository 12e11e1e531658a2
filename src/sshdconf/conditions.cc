#include "sshdconf/conditions.h"

#include <algorithm>

#include "base/text.h"
#include "sshdconf/patterns.h"
#include "sshdconf/tokenizer.h"
#include "sshdconf/values.h"
#include "sshdconf/version_number.h"

namespace sshkeep::sshdconf {

namespace {

using Kind = Criterion::Kind;

struct CriterionName {
    std::string_view name;
    Kind kind;
    int since;
};
constexpr CriterionName criterion_names[] = {
    {"all", Kind::all, 704},
    {"user", Kind::user, 704},
    {"group", Kind::group, 704},
    {"host", Kind::host, 704},
    {"address", Kind::address, 704},
    {"localaddress", Kind::local_address, 704},
    {"localport", Kind::local_port, 704},
    {"rdomain", Kind::rdomain, 707},
    {"invalid-user", Kind::invalid_user, 909},
    {"version", Kind::version, 1000},
};

const CriterionName* find_criterion(std::string_view word, int version) {
    const auto* const row = std::ranges::find_if(criterion_names, [&](const CriterionName& entry) {
        return entry.since <= version && iequals(entry.name, word);
    });
    return row == std::end(criterion_names) ? nullptr : row;
}

/// The words of the line: until 9.8 split also at `=`; from 10.0 on `criterion=value` is one word.
std::vector<std::string> condition_words(const Line& line, int version) {
    if (version >= 909) {
        return line.arguments;
    }
    std::vector<std::string> words;
    WordSplitter splitter(line.rest);
    while (auto word = splitter.next()) {
        words.push_back(*std::move(word));
    }
    return words;
}

/// Splits "user=bob" of 10.0 and later; empty when the word is no such thing.
std::string_view joined_argument(std::string& word, int version) {
    const std::size_t equals = word.find('=');
    if (version < 1000 || equals == std::string::npos) {
        return {};
    }
    const auto* const row = find_criterion(std::string_view(word).substr(0, equals), version);
    if (row == nullptr || row->kind == Kind::all || row->kind == Kind::invalid_user) {
        return {};
    }
    return std::string_view(word).substr(equals + 1);
}

bool is_plain_name(std::string_view list) {
    return list.size() < 1000 && list.find_first_of("*?,!") == std::string_view::npos;
}

std::string check_argument(const Criterion& criterion, int version) {
    if (criterion.kind == Kind::local_port && !parse_port(criterion.argument, version)) {
        return "invalid LocalPort '" + criterion.argument + "' on Match line";
    }
    const bool address = criterion.kind == Kind::address || criterion.kind == Kind::local_address;
    if (address && match_address_list({}, criterion.argument, version) == AddressMatch::invalid) {
        return "invalid address list '" + criterion.argument + "' on Match line";
    }
    return {};
}

Tri matches_group(const Connection& connection, std::string_view patterns) {
    if (!connection.user || !connection.user_exists) {
        return Tri::no;
    }
    Tri found = Tri::no;
    for (const std::string& group : connection.groups) {
        const ListMatch match = match_pattern_list(group, patterns);
        if (match == ListMatch::negated) {
            return Tri::no;
        }
        found = match == ListMatch::positive ? Tri::yes : found;
    }
    return found;
}

bool matches_list(const std::optional<std::string>& value, std::string_view patterns) {
    return value && match_pattern_list(*value, patterns) == ListMatch::positive;
}

bool matches_address(const std::optional<std::string>& value, std::string_view patterns, int version) {
    return value && !value->empty() && match_address_list(*value, patterns, version) == AddressMatch::positive;
}

std::string release_name(const Build& build) {
    OpensshVersion version = build.version;
    if (build.flavour == Flavour::debian && version == OpensshVersion{10, 0, 1}) {
        version.portable = 2;  // the release of this name calls itself so
    }
    std::string name = "OpenSSH_" + render_openssh_version(version);
    const std::size_t revision = build.package_version.rfind('-');
    if (build.flavour == Flavour::debian && revision != std::string::npos) {
        name += " Debian-" + build.package_version.substr(revision + 1);
    }
    return name;
}

bool holds(const Criterion& criterion, const Connection& connection, const Build& build) {
    const int version = version_number(build);
    switch (criterion.kind) {
        case Kind::all:
            return true;
        case Kind::user:
            return matches_list(connection.user, criterion.argument);
        case Kind::group:
            return matches_group(connection, criterion.argument) == Tri::yes;
        case Kind::host:
            return connection.host &&
                   match_pattern_list(ascii_lower(*connection.host), criterion.argument, true) == ListMatch::positive;
        case Kind::address:
            return matches_address(connection.address, criterion.argument, version);
        case Kind::local_address:
            return matches_address(connection.local_address, criterion.argument, version);
        case Kind::local_port:
            return connection.local_port && parse_port(criterion.argument, version) == int{*connection.local_port};
        case Kind::rdomain:
            return matches_list(connection.rdomain, criterion.argument);
        case Kind::invalid_user:
            return connection.user && !connection.user_exists;
        case Kind::version:
            return match_pattern_list(release_name(build), criterion.argument) == ListMatch::positive;
    }
    return false;
}

bool holds_at_start(const Criterion& criterion, const Build& build) {
    switch (criterion.kind) {
        case Kind::all:
            return true;
        case Kind::invalid_user:
            return version_number(build) < 1000;  // 9.9 forgot to say no
        case Kind::version:
            return holds(criterion, {}, build);
        default:
            return false;
    }
}

}  // namespace

Condition parse_condition(const Line& line, const Build& build) {
    const int version = version_number(build);
    Condition condition;
    if (line.malformed) {
        condition.error = line.rest.empty() ? "no criteria" : "invalid quotes";
        return condition;
    }
    auto words = condition_words(line, version);
    std::size_t i = 0;
    for (; i < words.size() && !words[i].empty() && !words[i].starts_with('#'); ++i) {
        std::string& word = words[i];
        const std::string_view joined = joined_argument(word, version);
        const std::string_view name = std::string_view(word).substr(0, joined.empty() ? word.size() : word.find('='));
        const auto* const row = find_criterion(name, version);
        if (row != nullptr && row->kind == Kind::all) {
            const bool alone = condition.criteria.empty() &&
                               (i + 1 == words.size() || words[i + 1].empty() || words[i + 1].starts_with('#'));
            condition.criteria.push_back({Kind::all, {}});
            condition.error = alone ? "" : "'all' cannot be combined with other Match criteria";
            return condition;
        }
        if (row != nullptr && row->kind == Kind::invalid_user) {
            condition.criteria.push_back({Kind::invalid_user, {}});
            continue;
        }
        if (row == nullptr) {
            condition.error = "unsupported Match criterion " + word;
            return condition;
        }
        std::string argument(joined);
        if (joined.empty()) {
            argument = i + 1 < words.size() ? words[++i] : "";
        }
        if (argument.empty() || argument.starts_with('#')) {
            condition.error = "missing argument of Match criterion " + std::string(row->name);
            return condition;
        }
        if (row->kind == Kind::user && is_plain_name(argument)) {
            condition.only_user = argument;
        }
        condition.criteria.push_back({row->kind, std::move(argument)});
        condition.error = check_argument(condition.criteria.back(), version);
        if (!condition.error.empty()) {
            return condition;
        }
    }
    if (condition.criteria.empty()) {
        condition.error = "Match needs one or more criteria";
    }
    return condition;
}

Tri evaluate_condition(const Condition& condition, const Connection* connection, const Build& build) {
    if (connection != nullptr && !condition.only_user.empty() && connection->user != condition.only_user) {
        return Tri::no;
    }
    const bool all_hold = std::ranges::all_of(condition.criteria, [&](const Criterion& criterion) {
        return connection == nullptr ? holds_at_start(criterion, build) : holds(criterion, *connection, build);
    });
    if (!all_hold) {
        return Tri::no;
    }
    if (!condition.error.empty()) {
        return connection == nullptr ? Tri::no : Tri::unknown;
    }
    return Tri::yes;
}

}  // namespace sshkeep::sshdconf
