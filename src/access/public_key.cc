// Whether a key opens an account: auth2-pubkey.c and auth2-pubkeyfile.c.

#include <algorithm>
#include <array>

#include "access/key_files.h"
#include "access/state.h"
#include "base/text.h"
#include "sshdconf/patterns.h"

namespace sshkeep::access {
namespace {

using keyfmt::AuthorizedKey;
using keyfmt::KeyKind;
using keyfmt::PublicKey;

/// The names under which a client may offer a key; each stands for one signature algorithm.
std::vector<std::string> algorithms_of(const PublicKey& key, int version) {
    if (key.kind == KeyKind::rsa && key.certificate) {
        // The names with a hash came in 7.8; before, the old name stood for every hash.
        return version < 708
                   ? std::vector<std::string>{"ssh-rsa-cert-v01@openssh.com"}
                   : std::vector<std::string>{"rsa-sha2-512-cert-v01@openssh.com", "rsa-sha2-256-cert-v01@openssh.com",
                                              "ssh-rsa-cert-v01@openssh.com"};
    }
    if (key.kind == KeyKind::rsa) {
        return version < 708 ? std::vector<std::string>{"ssh-rsa"}
                             : std::vector<std::string>{"rsa-sha2-512", "rsa-sha2-256", "ssh-rsa"};
    }
    if (key.kind == KeyKind::sk_ecdsa && !key.certificate) {
        return {key.type, "webauthn-sk-ecdsa-sha2-nistp256@openssh.com"};
    }
    return {key.type};
}

bool is_listed(std::string_view name, std::string_view list) {
    return sshdconf::match_pattern_list(name, list) == sshdconf::ListMatch::positive;
}

bool is_accepted(const State& state, const PublicKey& key, const Policy& policy) {
    const auto [known, is_new] = state.accepted_types.try_emplace({&policy, key.type});
    if (is_new) {
        const auto names = algorithms_of(key, state.version);
        known->second =
            std::ranges::any_of(names, [&](const auto& name) { return is_listed(name, policy.key_algorithms); });
    }
    return known->second;
}

Verdict algorithm_verdict(const State& state, const PublicKey& key, const Policy& policy) {
    if (!is_accepted(state, key, policy)) {
        return refused("PubkeyAcceptedAlgorithms holds no algorithm of " + shown(key.type) + " keys.");
    }
    const bool asks = key.certificate && state.version >= 709;
    if (asks && !is_listed(key.certificate->signature_algorithm, policy.ca_algorithms)) {
        return refused("CASignatureAlgorithms does not hold " + shown(key.certificate->signature_algorithm) +
                       ", with which the certificate is signed.");
    }
    return admitted();
}

Grant plain_grant(const State& state, const facts::Account& account, const Policy& policy, const Origin& origin,
                  const PublicKey& key) {
    FileSearch search(state, account, policy);
    return search.run(key.fingerprint, [&](const facts::AuthorizedKeysFile& file, const AuthorizedKey& entry) {
        Grant grant;
        if (entry.options.cert_authority) {
            grant.verdict = refused("The line names a certificate authority, not a key.", file.path, entry.line);
            return grant;
        }
        grant.verdict = with_place(options_verdict(state, entry.options, policy, origin, false), file.path, entry.line);
        if (grant.verdict.admitted()) {
            grant.rights = rights_of(entry.options);
            grant.entry = &entry;
            grant.via = place_of(file.path, entry.line);
            grant.verdict.reason = {"The key is listed.", file.path, entry.line};
        }
        return grant;
    });
}

}  // namespace

Verdict key_verdict(const State& state, const PublicKey& key, const Policy& policy) {
    if (!policy.doubt_keys.empty()) {
        return unknown(policy.doubt_keys);
    }
    auto verdict = algorithm_verdict(state, key, policy);
    if (!verdict.admitted()) {
        return verdict;
    }
    if (key.kind == KeyKind::rsa && key.bits < policy.rsa_bits) {
        return refused("The RSA key has " + std::to_string(key.bits) + " bits, RequiredRSASize asks for " +
                       std::to_string(policy.rsa_bits) + ".");
    }
    return revocation_verdict(state, key, policy);
}

Verdict revocation_verdict(const State& state, const PublicKey& key, const Policy& policy) {
    if (policy.revoked_none) {
        return refused("RevokedKeys none in a Match block names a file, which does not exist: sshd refuses every key.");
    }
    auto verdict = admitted();
    for (const auto& path : policy.revoked_keys) {
        const auto found = state.revoked_files.find(path);
        if (found == state.revoked_files.end() || !found->second->keys) {
            const std::string why =
                found == state.revoked_files.end() ? "it was not read" : found->second->keys.error().message;
            verdict = both(std::move(verdict), unknown("what " + shown(path) + " revokes is not known: " + why, path));
            continue;
        }
        const auto& file = *found->second;
        if (!file.exists) {
            return refused("RevokedKeys names " + shown(path) + ", which does not exist: sshd refuses every key.",
                           path);
        }
        if (file.keys->contains(key)) {
            return refused("The key is revoked.", path);
        }
        if (!file.keys->damage.empty()) {
            return refused("sshd cannot use " + shown(path) + " (" + file.keys->damage + ") and refuses every key.",
                           path);
        }
    }
    return verdict;
}

Grant grant_of(const State& state, const facts::Account& account, const Policy& policy, const Origin& origin,
               const PublicKey& key) {
    Grant grant;
    grant.verdict = key_verdict(state, key, policy);
    if (grant.verdict.refused()) {
        return grant;
    }
    const auto doubt = std::move(grant.verdict);
    grant = key.certificate ? listed_certificate_grant(state, account, policy, origin, key)
                            : plain_grant(state, account, policy, origin, key);
    if (key.certificate && !grant.verdict.admitted()) {
        auto trusted = trusted_certificate_grant(state, account, policy, origin, key);
        if (!trusted.verdict.refused() || grant.verdict.refused()) {
            grant = std::move(trusted);
        }
    }
    if (grant.verdict.refused() && policy.keys_command) {
        grant.verdict = unknown("AuthorizedKeysCommand may list the key; it is never run here");
    }
    if (!doubt.admitted()) {
        grant.verdict = both(doubt, std::move(grant.verdict));
    }
    return grant;
}

}  // namespace sshkeep::access
