// Certificate authorities as ways in: what any certificate that they sign could do.

#include <algorithm>

#include "access/key_files.h"
#include "base/text.h"

namespace sshkeep::access {
namespace {

bool takes_certificates(const Policy& policy) {
    const auto names = split(policy.key_algorithms, ',');
    return std::ranges::any_of(names, [](std::string_view name) { return name.contains("-cert"); });
}

Grant listed_authority(const State& state, const facts::Account& account, const Policy& policy, const Origin& origin,
                       const keyfmt::PublicKey& authority) {
    FileSearch search(state, account, policy);
    return search.run(
        authority.fingerprint, [&](const facts::AuthorizedKeysFile& file, const keyfmt::AuthorizedKey& entry) {
            Grant grant;
            grant.verdict = entry.options.cert_authority ? options_verdict(state, entry.options, policy, origin, true)
                                                         : refused("The line is not marked cert-authority.");
            grant.rights = rights_of(entry.options);
            grant.entry = &entry;
            grant.via = place_of(file.path, entry.line);
            return grant;
        });
}

}  // namespace

Grant authority_grant(const State& state, const facts::Account& account, const Policy& policy, const Origin& origin,
                      const keyfmt::AuthorizedKey* entry, const keyfmt::PublicKey& authority) {
    Grant grant;
    if (!policy.doubt_keys.empty()) {
        grant.verdict = unknown(policy.doubt_keys);
    } else if (!takes_certificates(policy)) {
        grant.verdict = refused("PubkeyAcceptedAlgorithms takes no certificate.");
    } else {
        grant.verdict = revocation_verdict(state, authority, policy);
    }
    if (grant.verdict.refused()) {
        return grant;
    }
    auto before = std::move(grant.verdict);
    if (entry != nullptr) {
        grant = listed_authority(state, account, policy, origin, authority);
        grant.verdict = both(std::move(before), std::move(grant.verdict));
        return grant;
    }
    grant.via = policy.ca_keys;
    grant.verdict = std::move(before);
    if (policy.principals_none) {
        grant.verdict = refused("AuthorizedPrincipalsFile none in a Match block lists nobody.");
    } else if (policy.principals_command) {
        grant.verdict =
            both(std::move(grant.verdict), unknown("AuthorizedPrincipalsCommand decides; it is never run here"));
    } else if (!policy.principals_file.empty()) {
        const auto principals = principals_of(state, account, policy);
        const auto usable = [&](const auto* line) {
            return options_verdict(state, line->options, policy, origin, false).admitted();
        };
        auto verdict = principals.verdict;
        if (verdict.admitted() && std::ranges::none_of(principals.lines, usable)) {
            verdict = refused(shown(principals.path) + " names no principal.", principals.path);
        }
        grant.verdict = both(std::move(grant.verdict), std::move(verdict));
    }
    return grant;
}

std::vector<std::string> authority_principals(const State& state, const facts::Account& account, const Policy& policy,
                                              const keyfmt::AuthorizedKey* entry) {
    std::vector<std::string> names;
    if (entry != nullptr) {
        for (const auto& principal : entry->options.principals) {
            names.push_back(shown(principal.raw()));
        }
    } else if (!policy.principals_file.empty()) {
        for (const auto* line : principals_of(state, account, policy).lines) {
            names.push_back(shown(line->name.raw()));
        }
    }
    const bool by_name =
        entry != nullptr ? names.empty() : policy.principals_file.empty() && !policy.principals_command;
    if (by_name) {
        names.push_back(shown(account.name));
    }
    return names;
}

}  // namespace sshkeep::access
