// pam_access: access.conf(5).

#include <algorithm>

#include "access/pam_stack.h"
#include "base/text.h"
#include "model/address.h"

namespace sshkeep::access {
namespace {

using sshdconf::Tri;

struct Item {
    const facts::Account& account;
    std::string from;  ///< the client's name, or its address
    bool bare_groups;  ///< a word without parentheses may name a group too
};

Tri either(Tri first, Tri second) {
    if (first == Tri::yes || second == Tri::yes) {
        return Tri::yes;
    }
    return first == Tri::unknown || second == Tri::unknown ? Tri::unknown : Tri::no;
}

Tri both_hold(Tri first, Tri second) {
    if (first == Tri::no || second == Tri::no) {
        return Tri::no;
    }
    return first == Tri::unknown || second == Tri::unknown ? Tri::unknown : Tri::yes;
}

Tri as_tri(bool value) { return value ? Tri::yes : Tri::no; }

bool in_group(const facts::Account& account, std::string_view group) {
    return std::ranges::find(account.groups, group) != account.groups.end();
}

bool looks_like_name(std::string_view word) {
    return std::ranges::any_of(word, [](char c) { return ascii_lower(c) >= 'g' && ascii_lower(c) <= 'z'; });
}

Tri from_matches(std::string_view word, const Item& item) {
    if (word.starts_with('@')) {
        return Tri::unknown;  // a netgroup
    }
    if (iequals(word, "ALL") || iequals(word, item.from)) {
        return Tri::yes;
    }
    if (iequals(word, "LOCAL")) {
        return as_tri(!item.from.contains('.') && !item.from.contains(':'));
    }
    if (word.starts_with('.')) {
        return as_tri(item.from.size() > word.size() &&
                      iequals(item.from.substr(item.from.size() - word.size()), word));
    }
    const auto address = Address::parse(item.from);
    if (word.ends_with('.')) {
        return address ? as_tri(item.from.starts_with(word)) : Tri::unknown;
    }
    if (const auto network = Cidr::parse(word)) {
        return address ? as_tri(network->contains(*address)) : Tri::unknown;  // a name would be looked up
    }
    if (word.contains('/')) {
        return Tri::unknown;  // a netmask in another form
    }
    // Another host name: pam_access asks the resolver whether it has this address.
    return looks_like_name(word) && word.contains('.') ? Tri::unknown : Tri::no;
}

Tri user_matches(std::string_view word, const Item& item) {
    if (word.starts_with('@')) {
        return Tri::unknown;
    }
    const auto at = word.find('@');
    if (at != std::string_view::npos) {
        return Tri::unknown;  // USER@HOST speaks of the server's own name
    }
    if (word.size() >= 2 && word.starts_with('(') && word.ends_with(')')) {
        return as_tri(in_group(item.account, word.substr(1, word.size() - 2)));
    }
    if (iequals(word, "ALL") || word == item.account.name) {
        return Tri::yes;
    }
    return as_tri(item.bare_groups && in_group(item.account, word));
}

/// The words up to the first EXCEPT, and not those behind it, which may have exceptions in turn.
template <class Match>
Tri list_matches(const facts::AccessList& list, std::size_t at, Match match) {
    if (at >= list.size()) {
        return Tri::no;
    }
    auto found = Tri::no;
    for (const auto& word : list[at]) {
        found = either(found, match(word));
    }
    if (found == Tri::no || at + 1 >= list.size()) {
        return found;
    }
    const auto excepted = list_matches(list, at + 1, match);
    const auto kept = excepted == Tri::yes ? Tri::no : excepted == Tri::no ? Tri::yes : Tri::unknown;
    return both_hold(found, kept);
}

PamAnswer decide(const facts::AccessTable& table, const Item& item) {
    PamAnswer answer{0, {}};
    for (const auto& rule : table.rules) {
        auto fits = list_matches(rule.users, 0, [&](std::string_view word) { return user_matches(word, item); });
        if (fits != Tri::no) {
            fits = both_hold(
                fits, list_matches(rule.origins, 0, [&](std::string_view word) { return from_matches(word, item); }));
        }
        if (fits == Tri::no) {
            continue;
        }
        answer.codes |= only(rule.permits ? PamCode::success : PamCode::perm_denied);
        if (!rule.permits || fits == Tri::unknown) {
            answer.why = "access.conf, line " + std::to_string(rule.line) +
                         (rule.permits ? ", may permit " : " refuses ") + shown(item.account.name) + " from " +
                         shown(item.from) +
                         (fits == Tri::unknown ? ", which hangs on names that are not looked up." : ".");
        }
        if (fits == Tri::yes) {
            return answer;
        }
    }
    answer.codes |= only(PamCode::success);
    return answer;
}

}  // namespace

PamAnswer answer_of_pam_access(const PamQuestion& question, const facts::PamLine& line) {
    std::string path = "/etc/security/access.conf";
    bool bare_groups = true;
    for (const auto& argument : line.arguments) {
        if (argument.starts_with("accessfile=")) {
            path = argument.substr(argument.find('=') + 1);
        } else if (argument == "nodefgroup") {
            bare_groups = false;
        }
    }
    const auto found = question.state.facts.access_tables.find(path);
    if (found == question.state.facts.access_tables.end() || !found->second) {
        return {any_pam_code, shown(path) + " is not known"};
    }
    const Item item{question.account, question.state.host_of(question.policy, question.origin), bare_groups};
    return decide(*found->second, item);
}

}  // namespace sshkeep::access
