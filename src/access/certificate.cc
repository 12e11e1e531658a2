// Whether a certificate opens an account: by a cert-authority line of its keys, or by TrustedUserCAKeys.

#include <algorithm>

#include "access/key_files.h"
#include "access/matching.h"

namespace sshkeep::access {
namespace {

using keyfmt::AuthorizedKey;
using keyfmt::PublicKey;

/// "Certificate invalid" and its reasons (sshkey_cert_check_authority).
Verdict validity_verdict(const State& state, const keyfmt::Certificate& certificate, bool principal_needed,
                         const std::string* name) {
    if (certificate.host) {
        return refused("The certificate is one for hosts.");
    }
    const auto now = static_cast<std::uint64_t>(state.now);
    if (now < certificate.valid_after) {
        return refused("The certificate is not valid yet.");
    }
    if (now >= certificate.valid_before) {
        return refused("The certificate has expired.");
    }
    if (certificate.principals.empty()) {
        return principal_needed || state.version >= 1003 ? refused("The certificate names no principal.") : admitted();
    }
    const bool named = name == nullptr || std::ranges::any_of(certificate.principals, [&](const auto& principal) {
                           return principal.raw() == *name;
                       });
    return named ? admitted() : refused("The certificate does not name " + shown(*name) + " as a principal.");
}

Rights rights_in(const keyfmt::Certificate& certificate) {
    const auto has = [&](std::string_view extension) {
        return std::ranges::find(certificate.extensions, extension) != certificate.extensions.end();
    };
    Rights rights{.port_forwarding = has("permit-port-forwarding"),
                  .agent_forwarding = has("permit-agent-forwarding"),
                  .x11_forwarding = has("permit-X11-forwarding"),
                  .pty = has("permit-pty"),
                  .user_rc = has("permit-user-rc")};
    if (certificate.force_command) {
        rights.command = certificate.force_command->raw();
    }
    return rights;
}

Verdict certificate_options_verdict(const keyfmt::Certificate& certificate, const Origin& origin, int version) {
    if (!certificate.unusable.empty()) {
        return refused("sshd takes the certificate for no login: " + certificate.unusable + ".");
    }
    if (certificate.source_address && sshdconf::match_address_list(origin.address, certificate.source_address->raw(),
                                                                   version) != sshdconf::AddressMatch::positive) {
        return refused("The certificate's source-address does not hold " + shown(origin.address) + ".");
    }
    return admitted();
}

Grant merged_grant(Grant first, const Rights& more) {
    if (auto rights = merged(first.rights, more)) {
        first.rights = std::move(*rights);
    } else {
        first.verdict = refused("The commands that the line and the certificate force are not the same.");
    }
    return first;
}

}  // namespace

Grant listed_certificate_grant(const State& state, const facts::Account& account, const Policy& policy,
                               const Origin& origin, const PublicKey& key) {
    FileSearch search(state, account, policy);
    const auto& certificate = *key.certificate;
    return search.run(certificate.ca_fingerprint, [&](const facts::AuthorizedKeysFile& file,
                                                      const AuthorizedKey& entry) {
        Grant grant;
        const auto& principals = entry.options.principals;
        const bool listed = principals.empty() || std::ranges::any_of(certificate.principals, [&](const auto& name) {
                                return std::ranges::find(principals, name) != principals.end();
                            });
        if (!entry.options.cert_authority) {
            grant.verdict = refused("The line is not marked cert-authority.");
        } else {
            grant.verdict = both(options_verdict(state, entry.options, policy, origin, true),
                                 certificate_options_verdict(certificate, origin, state.version));
            grant.verdict =
                both(std::move(grant.verdict),
                     listed ? admitted() : refused("The certificate names none of the principals of the line."));
            grant.verdict =
                both(std::move(grant.verdict),
                     validity_verdict(state, certificate, false, principals.empty() ? &account.name : nullptr));
        }
        grant.verdict = with_place(std::move(grant.verdict), file.path, entry.line);
        if (grant.verdict.admitted()) {
            grant.rights = rights_of(entry.options);
            grant.entry = &entry;
            grant.via = place_of(file.path, entry.line);
            grant = merged_grant(std::move(grant), rights_in(certificate));
        }
        return grant;
    });
}

const facts::CaFile* ca_file_of(const State& state, const Policy& policy) {
    const auto& files = state.facts.ca_files;
    const auto found = std::ranges::find(files, policy.ca_keys, &facts::CaFile::path);
    return found == files.end() ? nullptr : &*found;
}

std::vector<const PublicKey*> authorities_of(const facts::CaFile& file) {
    std::vector<const PublicKey*> keys;
    for (const auto& entry : *file.keys) {
        // sshd reads no options here and stops at a line that does not start with a key.
        const bool readable =
            entry.key && entry.rejected.empty() && !entry.options.any && !entry.options.cert_authority;
        if (!readable) {
            break;
        }
        keys.push_back(&*entry.key);
    }
    return keys;
}

Principals principals_of(const State& state, const facts::Account& account, const Policy& policy) {
    Principals principals;
    principals.path = expand_account_path(policy.principals_file, account);
    const auto found = state.principals_files.find(principals.path);
    if (found == state.principals_files.end()) {
        principals.verdict = unknown(shown(principals.path) + " was not read", principals.path);
        return principals;
    }
    const auto& file = *found->second;
    principals.verdict = file_verdict(state, account, policy, file.walk);
    if (!principals.verdict.admitted()) {
        return principals;
    }
    if (!file.lines) {
        principals.verdict = unknown(file.lines.error().message, principals.path);
        return principals;
    }
    for (const auto& line : *file.lines) {
        if (line.rejected.empty()) {
            principals.lines.push_back(&line);
        }
    }
    return principals;
}

namespace {

/// The first line of the file that names one of the certificate's principals.
Grant principals_grant(const State& state, const facts::Account& account, const Policy& policy, const Origin& origin,
                       const keyfmt::Certificate& certificate) {
    Grant grant;
    const auto principals = principals_of(state, account, policy);
    grant.verdict = principals.verdict;
    if (!grant.verdict.admitted()) {
        return grant;
    }
    const auto line = std::ranges::find_if(principals.lines, [&](const auto* candidate) {
        return std::ranges::find(certificate.principals, candidate->name) != certificate.principals.end();
    });
    if (line == principals.lines.end()) {
        grant.verdict =
            refused("The certificate names no principal of " + shown(principals.path) + ".", principals.path);
        return grant;
    }
    grant.verdict =
        with_place(options_verdict(state, (*line)->options, policy, origin, false), principals.path, (*line)->line);
    grant.rights = rights_of((*line)->options);
    return grant;
}

/// Who the certificate must name: the account, or what AuthorizedPrincipalsFile lists.
Grant named_grant(const State& state, const facts::Account& account, const Policy& policy, const Origin& origin,
                  const keyfmt::Certificate& certificate) {
    Grant grant;
    if (policy.principals_none) {
        grant.verdict =
            refused("AuthorizedPrincipalsFile none in a Match block names a file of the home, which lists nobody.");
        return grant;
    }
    const bool by_file = !policy.principals_file.empty();
    if (by_file) {
        grant = principals_grant(state, account, policy, origin, certificate);
    }
    if (policy.principals_command && (!by_file || grant.verdict.refused())) {
        grant = {.verdict = unknown("AuthorizedPrincipalsCommand decides; it is never run here")};
    }
    const bool by_name = !by_file && !policy.principals_command;
    grant.verdict =
        both(std::move(grant.verdict), validity_verdict(state, certificate, true, by_name ? &account.name : nullptr));
    return grant;
}

}  // namespace

Grant trusted_certificate_grant(const State& state, const facts::Account& account, const Policy& policy,
                                const Origin& origin, const PublicKey& key) {
    Grant grant;
    const auto& certificate = *key.certificate;
    if (policy.ca_keys.empty()) {
        grant.verdict = refused("No authority of " + shown(account.name) + " signed the certificate.");
        return grant;
    }
    const auto* file = ca_file_of(state, policy);
    if (file == nullptr || !file->keys) {
        grant.verdict = unknown("the authorities of " + shown(policy.ca_keys) + " are not known", policy.ca_keys);
        return grant;
    }
    const auto authorities = authorities_of(*file);
    const auto authority = std::ranges::find(authorities, certificate.ca_fingerprint, &PublicKey::fingerprint);
    if (authority == authorities.end()) {
        grant.verdict =
            refused("TrustedUserCAKeys does not hold the authority that signed the certificate.", policy.ca_keys);
        return grant;
    }
    grant = named_grant(state, account, policy, origin, certificate);
    grant.verdict = both(std::move(grant.verdict), certificate_options_verdict(certificate, origin, state.version));
    if (grant.verdict.refused()) {
        return grant;
    }
    grant.via = policy.ca_keys;
    if (grant.verdict.admitted()) {
        grant.verdict.reason = {"TrustedUserCAKeys holds the authority that signed the certificate.", policy.ca_keys,
                                0};
    }
    return merged_grant(std::move(grant), rights_in(certificate));
}

}  // namespace sshkeep::access
