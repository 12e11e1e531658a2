// The same key in several places, and files of keys that stand in the wrong place.

#include <algorithm>
#include <array>
#include <functional>
#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>

#include "base/text.h"
#include "rules/checks_keys.h"

namespace sshkeep::rules {

namespace {

using facts::AuthorizedKeysFile;
using keyfmt::AuthorizedKey;
using keyfmt::PublicKey;

/// One place of a key. A hundred thousand of them are sorted: much cheaper than a hash table of that size.
struct Place {
    std::size_t hash = 0;   ///< of the fingerprint
    std::size_t order = 0;  ///< in reading order
    const AuthorizedKeysFile* file = nullptr;
    const AuthorizedKey* entry = nullptr;

    [[nodiscard]] const std::string& fingerprint() const { return entry->key->fingerprint; }
    [[nodiscard]] bool same_key(const Place& other) const {
        return hash == other.hash && fingerprint() == other.fingerprint();
    }
    friend bool operator<(const Place& a, const Place& b) {
        if (a.hash != b.hash) {
            return a.hash < b.hash;
        }
        const int difference = a.fingerprint().compare(b.fingerprint());
        return difference != 0 ? difference < 0 : a.order < b.order;
    }
};

std::vector<Place> places_by_key(const CheckInput& input, Doubts& doubts) {
    std::vector<Place> places;
    each_key(input, doubts, [&](const AuthorizedKeysFile& file, const AuthorizedKey& entry, const PublicKey& key) {
        if (!entry.options.cert_authority) {  // one CA for many accounts is what a CA is for
            places.push_back({std::hash<std::string_view>{}(key.fingerprint), places.size(), &file, &entry});
        }
    });
    std::ranges::sort(places, std::less<>{});
    return places;
}

using Group = std::span<const Place>;  ///< all places of one key

bool is_shared(Group group) {
    return std::ranges::any_of(group,
                               [&](const Place& place) { return place.file->account != group[0].file->account; });
}

bool opens_root(Group group, const Accounts& accounts) {
    return std::ranges::any_of(group, [&](const Place& place) {
        const facts::Account* account = accounts.find(place.file->account);
        return account != nullptr && account->uid == 0;
    });
}

Results authorized_key_shared(const CheckInput& input) {
    if (auto unknown = keys_not_known(input)) {
        return *unknown;
    }
    const bool want_root = input.parameter && input.parameter("accounts", "others") == "root";
    const Accounts accounts(input);
    Doubts doubts;
    const std::vector<Place> places = places_by_key(input, doubts);
    std::vector<Group> groups;
    for (std::size_t begin = 0; begin < places.size();) {
        std::size_t end = begin + 1;
        while (end < places.size() && places[end].same_key(places[begin])) {
            ++end;
        }
        const Group group = Group(places).subspan(begin, end - begin);
        if (group.size() > 1 && is_shared(group) && opens_root(group, accounts) == want_root) {
            groups.push_back(group);
        }
        begin = end;
    }
    std::ranges::sort(groups, {}, [](Group group) { return group[0].order; });
    Tally shared;
    for (const Group group : groups) {
        for (const Place& place : group) {
            shared.add([&] { return at(*place.file, *place.entry); }, place.file->account);
        }
    }
    std::string detail =
        fmt::format("{} {} the accounts {}; a key of its own for each is wanted.", counted(groups.size(), "key"),
                    groups.size() == 1 ? "opens" : "open", shared.subjects());
    return conclude(std::move(shared), doubts, {.detail = std::move(detail)},
                    want_root ? "No key of root opens another account." : "No key opens several accounts.");
}

Results authorized_key_duplicate(const CheckInput& input) {
    if (auto unknown = keys_not_known(input)) {
        return *unknown;
    }
    Tally twice;
    Doubts doubts;
    bool loosened = false;
    const AuthorizedKeysFile* last = nullptr;
    std::unordered_map<std::string_view, const AuthorizedKey*> seen;
    each_key(input, doubts, [&](const AuthorizedKeysFile& file, const AuthorizedKey& entry, const PublicKey& key) {
        if (last != &file) {
            last = &file;
            seen.clear();
        }
        const auto [first, added] = seen.try_emplace(key.fingerprint, &entry);
        if (!added && first->second->options.cert_authority == entry.options.cert_authority) {
            loosened = loosened || first->second->options.any != entry.options.any;
            twice.add([&] { return at(file, entry); }, file.account);
        }
    });
    std::string detail = fmt::format("{} of {} {} a key that the same file already has.{}", twice.counted("line"),
                                     twice.subjects(), twice.count() == 1 ? "repeats" : "repeat",
                                     !loosened ? ""
                                               : " One copy has options and the other none: where the first is "
                                                 "refused, sshd goes on to the second.");
    return conclude(std::move(twice), doubts, {.detail = std::move(detail)}, "No file has the same key twice.");
}

Results host_key_as_user_key(const CheckInput& input) {
    if (auto unknown = keys_not_known(input)) {
        return *unknown;
    }
    std::unordered_set<std::string_view> host_keys;
    Doubts doubts;
    for (const facts::HostKey& key : input.facts.host_keys) {
        if (key.public_key) {
            host_keys.insert(key.public_key->fingerprint);
        } else if (key.public_key.error().code != ErrorCode::not_found) {
            doubts.add(key.path, key.public_key.error());
        }
    }
    Tally found;
    each_key(input, doubts, [&](const AuthorizedKeysFile& file, const AuthorizedKey& entry, const PublicKey& key) {
        if (host_keys.contains(key.fingerprint)) {
            found.add([&] { return at(file, entry); }, file.account);
        }
    });
    std::string detail = fmt::format("A host key of this machine may log in as {}.", found.subjects());
    std::string fix = delete_lines(found.places());
    return conclude(std::move(found), doubts, {.detail = std::move(detail), .fix = std::move(fix)},
                    "No host key of this machine may log in.");
}

Results authorized_keys2_used(const CheckInput& input) {
    if (auto unknown = keys_not_known(input)) {
        return *unknown;
    }
    Tally found;
    Doubts doubts;
    for (const AuthorizedKeysFile& file : input.facts.authorized_keys) {
        if (!path_of(file).ends_with("authorized_keys2")) {
            continue;
        }
        doubts.add_unless_known(path_of(file), file.entries);
        if (file.entries && !file.entries->empty()) {
            found.add(
                [&] {
                    return Location{.path = path_of(file),
                                    .line = file.entries->front().line,
                                    .text = Untrusted(counted(file.entries->size(), "line"))};
                },
                file.account);
        }
    }
    std::string detail =
        fmt::format("Keys of {} are in authorized_keys2, which few tools and fewer people look at.", found.subjects());
    return conclude(std::move(found), doubts, {.detail = std::move(detail)},
                    "No account keeps keys in authorized_keys2.");
}

bool is_below_world_writable(std::string_view path) {
    return path.starts_with("/tmp/") || path.starts_with("/var/tmp/") || path.starts_with("/dev/shm/");
}

bool is_one_file_for_all(std::string_view pattern) {
    return pattern.starts_with('/') && !pattern.contains("%u") && !pattern.contains("%h") && !pattern.contains("%U");
}

Results authorized_keys_file_shared(const CheckInput& input) {
    return judge_contexts(
        input, {"authorizedkeysfile"},
        [](const facts::Context& context) -> std::optional<CheckResult> {
            const bool one_account = context.accounts.size() == 1;  // Match User bob: the file is his alone
            for (const std::string_view pattern : words_of(*context.effective, "authorizedkeysfile")) {
                if (is_below_world_writable(pattern)) {
                    return CheckResult{
                        .detail = fmt::format("{} is in a directory where everybody can make files.", shown(pattern))};
                }
                if (is_one_file_for_all(pattern) && !one_account) {
                    return CheckResult{.detail = fmt::format("{} is one file for all accounts: every key in it opens "
                                                             "each of them.",
                                                             shown(pattern))};
                }
            }
            return std::nullopt;
        },
        "AuthorizedKeysFile names a place of its own for each account.");
}

Results private_key_unencrypted(const CheckInput& input) {
    if (!input.facts.accounts) {
        return not_known(input.facts.accounts.error());
    }
    Tally bare;
    Doubts doubts;
    std::string fix;
    for (const facts::HomeDirectory& home : input.facts.homes) {
        if (!home.dot_ssh && home.dot_ssh.error().code != ErrorCode::not_found) {
            doubts.add(home.account, home.dot_ssh.error());
        }
        if (!home.private_keys_unread.empty()) {
            doubts.add(home.account, Error{ErrorCode::unsupported, home.private_keys_unread});
        }
        for (const facts::HomeDirectory::PrivateKey& key : home.private_keys) {
            if (!key.header.encrypted) {
                fix += bare.count() < Tally::shown ? fmt::format("ssh-keygen -p -f {}\n", shell_quoted(key.info.path))
                                                   : "";
                bare.add([&] { return at(input.facts, key.info); }, home.account);
            }
        }
    }
    std::string detail = fmt::format("{} in the home of {} {} without a passphrase.", bare.counted("private key"),
                                     bare.subjects(), bare.count() == 1 ? "lies" : "lie");
    return conclude(std::move(bare), doubts, {.detail = std::move(detail), .fix = std::move(fix)},
                    "No private key lies unencrypted in a ~/.ssh.");
}

constexpr std::array checks{
    NamedCheck{"authorized_key_shared", authorized_key_shared},
    NamedCheck{"authorized_key_duplicate", authorized_key_duplicate},
    NamedCheck{"host_key_as_user_key", host_key_as_user_key},
    NamedCheck{"authorized_keys2_used", authorized_keys2_used},
    NamedCheck{"authorized_keys_file_shared", authorized_keys_file_shared},
    NamedCheck{"private_key_unencrypted", private_key_unencrypted},
};

}  // namespace

std::span<const NamedCheck> key_file_checks() { return checks; }

}  // namespace sshkeep::rules
