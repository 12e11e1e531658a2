#pragma once

#include <string>

#include "rules/checks_support.h"

/// Walking over the entries of all authorized_keys files.
namespace sshkeep::rules {

/// Where an entry stands, and the key in words.
[[nodiscard]] Location at(const facts::AuthorizedKeysFile& file, const keyfmt::AuthorizedKey& entry);
/// The path of the file as sshd looks for it.
[[nodiscard]] std::string path_of(const facts::AuthorizedKeysFile& file);

/// Why nothing can be said about keys at all; nullopt when their files are known as far as `each_entry` tells.
[[nodiscard]] std::optional<Results> keys_not_known(const CheckInput& input);

/// Calls `use(file, entry)` for every line that is not blank; a file that could not be read is a doubt.
template <class Use>
void each_entry(const CheckInput& input, Doubts& doubts, Use use) {
    for (const facts::AuthorizedKeysFile& file : input.facts.authorized_keys) {
        if (!file.entries) {
            doubts.add(path_of(file), file.entries.error());
            continue;
        }
        for (const keyfmt::AuthorizedKey& entry : *file.entries) {
            use(file, entry);
        }
    }
}

/// The same for the lines that sshd accepts.
template <class Use>
void each_key(const CheckInput& input, Doubts& doubts, Use use) {
    each_entry(input, doubts, [&](const facts::AuthorizedKeysFile& file, const keyfmt::AuthorizedKey& entry) {
        if (entry.rejected.empty() && entry.key) {
            use(file, entry, *entry.key);
        }
    });
}

/// "DSA", "RSA with 1024 bits", or "" for a key that is strong enough.
[[nodiscard]] std::string weakness_of(const keyfmt::PublicKey& key, std::int64_t min_rsa_bits);

/// The commands that delete lines, one for each file: "sed -i '3d;7d' FILE".
[[nodiscard]] std::string delete_lines(const std::vector<Location>& places);

}  // namespace sshkeep::rules
