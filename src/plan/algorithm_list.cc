#include <algorithm>
#include <map>

#include "base/text.h"
#include "plan/goal.h"
#include "plan/names.h"
#include "sshdconf/algorithms.h"
#include "sshdconf/patterns.h"

namespace sshkeep::plan {
namespace {

using sshdconf::AlgorithmList;
using sshdconf::Option;
using Names = std::vector<std::string>;

const std::map<Option, AlgorithmList>& lists() {
    static const std::map<Option, AlgorithmList> all = {
        {Option::kex_algorithms, AlgorithmList::kex},
        {Option::ciphers, AlgorithmList::ciphers},
        {Option::macs, AlgorithmList::macs},
        {Option::host_key_algorithms, AlgorithmList::keys},
        {Option::pubkey_accepted_algorithms, AlgorithmList::keys},
        {Option::hostbased_accepted_algorithms, AlgorithmList::keys},
        {Option::ca_signature_algorithms, AlgorithmList::plain_keys},
    };
    return all;
}

Names names_of(std::string_view list) {
    Names names;
    for (const std::string_view name : split(list, ',')) {
        if (!name.empty() && std::ranges::find(names, name) == names.end()) {
            names.emplace_back(name);
        }
    }
    return names;
}

bool contains(const Names& names, std::string_view name) { return std::ranges::find(names, name) != names.end(); }

bool matches_any(const Names& patterns, std::string_view name) {
    return std::ranges::any_of(patterns,
                               [&](const std::string& pattern) { return sshdconf::match_pattern(name, pattern); });
}

/// One directive's argument applied to a list. `known`: what this sshd supports.
Names changed(Names names, std::string_view argument, const Names& known) {
    const char how = argument.empty() ? '\0' : argument.front();
    const Names given = names_of(how == '-' || how == '+' || how == '^' ? argument.substr(1) : argument);
    Names usable;
    std::ranges::copy_if(given, std::back_inserter(usable), [&](const std::string& n) { return contains(known, n); });
    if (how == '-') {
        std::erase_if(names, [&](const std::string& name) { return matches_any(given, name); });
        return names;
    }
    if (how == '+' || how == '^') {
        std::erase_if(names, [&](const std::string& name) { return contains(usable, name); });
        names.insert(how == '^' ? names.begin() : names.end(), usable.begin(), usable.end());
        return names;
    }
    Names common;
    std::ranges::copy_if(names, std::back_inserter(common), [&](const std::string& n) { return contains(usable, n); });
    return common.empty() ? usable : common;
}

}  // namespace

bool is_algorithm_list(Option option) { return lists().contains(option) || option == Option::gssapi_kex_algorithms; }

std::optional<std::string> compose_list(Option option, const std::vector<std::string>& lines,
                                        const sshdconf::Setting& current, const sshdconf::Build& build) {
    const auto list = lists().find(option);
    const Names before = names_of(current.value());
    const Names known = list == lists().end() ? before : names_of(supported_algorithms(list->second, build));
    Names after = before;
    Names removed;
    bool only_removes = list != lists().end() && current.is_default();
    std::string keyword;
    for (const std::string& line : lines) {
        const auto words = split_words(line);
        keyword = words.empty() ? "" : words.front();
        const std::string_view argument = words.size() < 2 ? std::string_view{} : words[1];
        after = changed(std::move(after), argument, known);
        only_removes = only_removes && argument.starts_with('-');
        const Names patterns = names_of(only_removes ? argument.substr(1) : "");
        std::ranges::copy_if(patterns, std::back_inserter(removed),
                             [&](const std::string& pattern) { return !contains(removed, pattern); });
    }
    if (after.empty()) {
        return std::nullopt;
    }
    // What later releases add to the default still arrives behind a "-".
    const std::string without = "-" + join(removed, ",");
    if (only_removes && assemble_algorithms(list->second, without, build) == join(after, ",")) {
        return keyword + " " + without;
    }
    return keyword + " " + join(after, ",");
}

std::string compose_startups(const std::string& line, const sshdconf::Setting& current) {
    const auto words = split_words(line);
    const auto wanted = words.size() == 2 ? split(words[1], ':') : std::vector<std::string_view>{};
    const auto now = split(current.value(), ':');
    if (wanted.size() != 3 || now.size() != 3) {
        return line;
    }
    const auto stricter_of = [&](std::size_t part, bool larger) {
        const auto a = parse_uint(wanted[part]);
        const auto b = parse_uint(now[part]);
        return std::string(a && b && *b != 0 && (*b > *a) == larger ? now[part] : wanted[part]);
    };
    return std::string(words[0]) + " " + stricter_of(0, false) + ":" + stricter_of(1, true) + ":" +
           stricter_of(2, false);
}

}  // namespace sshkeep::plan
