// TCP wrappers: hosts_access(5), for builds of sshd that are linked with them.

#include <algorithm>

#include "access/state.h"
#include "base/text.h"
#include "model/address.h"
#include "sshdconf/patterns.h"

namespace sshkeep::access {
namespace {

using facts::WrapperRule;
using sshdconf::Tri;

Tri client_matches(std::string_view word, const Origin& origin) {
    if (iequals(word, "ALL")) {
        return Tri::yes;
    }
    const auto address = Address::parse(origin.address);
    std::string pattern(word);
    std::erase_if(pattern, [](char c) { return c == '[' || c == ']'; });
    if (const auto network = Cidr::parse(pattern)) {
        return address && network->contains(*address) ? Tri::yes : Tri::no;
    }
    if (word.ends_with('.') && !word.starts_with('.')) {
        return origin.address.starts_with(word) ? Tri::yes : Tri::no;
    }
    const bool numeric_wildcard = word.find_first_not_of("0123456789.*?") == std::string_view::npos;
    if (numeric_wildcard && word.find_first_of("*?") != std::string_view::npos) {
        return sshdconf::match_pattern(origin.address, word) ? Tri::yes : Tri::no;
    }
    return Tri::unknown;  // names, netgroups, masks, files
}

/// Words up to EXCEPT, and not those after it.
template <class Match>
Tri words_match(const std::vector<std::string>& words, std::size_t from, Match match) {
    auto found = Tri::no;
    std::size_t at = from;
    for (; at < words.size() && !iequals(words[at], "EXCEPT"); ++at) {
        const auto one = match(words[at]);
        found = found == Tri::yes || one == Tri::yes ? Tri::yes : one == Tri::unknown ? Tri::unknown : found;
    }
    if (found == Tri::no || at >= words.size()) {
        return found;
    }
    const auto excepted = words_match(words, at + 1, match);
    if (excepted == Tri::yes) {
        return Tri::no;
    }
    return excepted == Tri::unknown ? Tri::unknown : found;
}

/// The first rule that fits, or may fit.
struct Hit {
    Tri fits = Tri::no;
    const WrapperRule* rule = nullptr;
};

Hit find_rule(const std::vector<WrapperRule>& rules, const Origin& origin) {
    for (const auto& rule : rules) {
        const auto daemon = words_match(rule.daemons, 0, [](std::string_view word) {
            const auto name = word.substr(0, word.find('@'));
            const bool fits = iequals(name, "ALL") || iequals(name, "sshd");
            return !fits ? Tri::no : name.size() == word.size() ? Tri::yes : Tri::unknown;
        });
        if (daemon == Tri::no) {
            continue;
        }
        const auto client =
            words_match(rule.clients, 0, [&](std::string_view word) { return client_matches(word, origin); });
        if (client == Tri::no) {
            continue;
        }
        return {daemon == Tri::yes ? client : Tri::unknown, &rule};
    }
    return {};
}

/// What a rule's options make of its file's meaning.
Verdict verdict_of(const Hit& hit, bool allows, const char* file) {
    const std::string path = std::string("/etc/") + file;
    for (const auto& option : hit.rule->options) {
        const auto word = trim(option);
        if (iequals(word, "allow") || iequals(word, "deny")) {
            allows = iequals(word, "allow");
        }
    }
    if (hit.fits == Tri::unknown) {
        return unknown("whether the rule for sshd holds is not known", path, hit.rule->line);
    }
    return allows ? admitted() : refused("TCP wrappers refuse the address.", path, hit.rule->line);
}

}  // namespace

Verdict wrappers_verdict(const State& state, const Origin& origin) {
    const auto& wrappers = state.facts.tcp_wrappers;
    if (!wrappers) {
        return unknown("the rules of TCP wrappers are not known: " + wrappers.error().message);
    }
    if (!wrappers->used) {
        return admitted();
    }
    const auto allow = find_rule(wrappers->allow, origin);
    if (allow.rule != nullptr && allow.fits == Tri::yes) {
        return verdict_of(allow, true, "hosts.allow");
    }
    const auto deny = find_rule(wrappers->deny, origin);
    auto denied = deny.rule == nullptr ? admitted() : verdict_of(deny, false, "hosts.deny");
    if (allow.rule == nullptr || denied.admitted()) {
        // A rule of hosts.allow that may not hold changes nothing where no other one refuses.
        return denied;
    }
    return verdict_of(allow, true, "hosts.allow");
}

}  // namespace sshkeep::access
