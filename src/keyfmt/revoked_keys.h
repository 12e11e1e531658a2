#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "keyfmt/public_key.h"

namespace sshkeep::keyfmt {

/// What a key revocation list says of the certificates of one authority; the empty fingerprint stands for any.
struct RevokedCertificates {
    struct Serials {
        std::uint64_t first = 0;
        std::uint64_t last = 0;
    };
    std::vector<Serials> serials;
    std::set<std::string, std::less<>> key_ids;
};

/// A file of RevokedKeys: a list of public keys, or a key revocation list (PROTOCOL.krl).
struct RevokedKeys {
    bool krl = false;
    std::set<std::string, std::less<>> fingerprints;                       ///< "SHA256:..." of plain keys
    std::set<std::string, std::less<>> sha1;                               ///< 20 bytes each: hashes of whole blobs
    std::map<std::string, RevokedCertificates, std::less<>> certificates;  ///< by fingerprint of the authority
    std::string damage;  ///< why sshd cannot use what follows (or, of a KRL, any of it): it then refuses every key

    /// The key, or the certificate or its authority, is revoked.
    [[nodiscard]] bool contains(const PublicKey& key) const;
};

/// Takes any bytes.
[[nodiscard]] RevokedKeys parse_revoked_keys(std::string_view bytes);

}  // namespace sshkeep::keyfmt
