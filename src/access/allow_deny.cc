// AllowUsers, DenyUsers, AllowGroups, DenyGroups in sshd's order.

#include <algorithm>

#include "access/matching.h"
#include "access/state.h"
#include "base/text.h"

namespace sshkeep::access {
namespace {

/// A group's name against the patterns: no negation here.
const std::string* matching_group(const facts::Account& account, const std::vector<std::string>& patterns) {
    for (const auto& group : account.groups) {
        for (const auto& pattern : patterns) {
            if (sshdconf::match_pattern(group, pattern)) {
                return &pattern;
            }
        }
    }
    return nullptr;
}

Verdict users_verdict(const facts::Account& account, const Policy& policy, const Peer& peer) {
    for (const auto& pattern : policy.deny_users) {
        if (match_user(account.name, peer, pattern) != HostMatch::no) {
            return refused("DenyUsers " + shown(pattern) + " refuses " + shown(account.name) + " from " +
                           shown(peer.address) + ".");
        }
    }
    const auto allows = [&](const std::string& pattern) {
        return match_user(account.name, peer, pattern) == HostMatch::yes;
    };
    if (!policy.allow_users.empty() && std::ranges::none_of(policy.allow_users, allows)) {
        return refused("AllowUsers does not name " + shown(account.name) + " from " + shown(peer.address) + ".");
    }
    return admitted();
}

Verdict groups_verdict(const State& state, const facts::Account& account, const Policy& policy) {
    if (policy.deny_groups.empty() && policy.allow_groups.empty()) {
        return admitted();
    }
    if (!state.facts.group_names) {
        return unknown("the groups are not known: " + state.facts.group_names.error().message);
    }
    if (account.groups.empty()) {
        return refused(shown(account.name) +
                       " is in no group that has a name, which AllowGroups and DenyGroups refuse.");
    }
    if (const auto* pattern = matching_group(account, policy.deny_groups)) {
        return refused("DenyGroups " + shown(*pattern) + " refuses a group of " + shown(account.name) + ".");
    }
    if (!policy.allow_groups.empty() && matching_group(account, policy.allow_groups) == nullptr) {
        return refused("AllowGroups names none of the groups of " + shown(account.name) + ".");
    }
    return admitted();
}

}  // namespace

Verdict lists_verdict(const State& state, const facts::Account& account, const Policy& policy, const Origin& origin) {
    if (!policy.doubt_lists.empty()) {
        return unknown(policy.doubt_lists);
    }
    const Peer peer{state.host_of(policy, origin), origin.address, state.version};
    auto verdict = users_verdict(account, policy, peer);
    return verdict.refused() ? verdict : both(std::move(verdict), groups_verdict(state, account, policy));
}

}  // namespace sshkeep::access
