// The keys by which clients know this host.

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "rules/checks_keys.h"

namespace sshkeep::rules {

namespace {

using facts::HostKey;

bool exists(const HostKey& key) { return key.private_walk && key.private_walk->exists(); }

/// HostKey lines name the keys; sshd's built-in list may name some that are not there.
bool named_by_default(const CheckInput& input) {
    if (input.contexts.empty()) {
        return true;
    }
    const sshdconf::Setting* setting = input.contexts.front().effective->find("hostkey");
    return setting == nullptr || setting->is_default();
}

bool has_agent(const CheckInput& input) {
    return !input.contexts.empty() && is_set(input.contexts.front().effective->value("hostkeyagent"));
}

std::optional<Results> host_keys_not_known(const CheckInput& input) {
    if (!input.facts.config) {
        return not_known(input.facts.config.error());
    }
    if (input.facts.host_keys.empty()) {
        return not_known("the host keys were not looked at");
    }
    return std::nullopt;
}

Location key_place(const HostKey& key) {
    std::string text = "key not known";
    if (key.public_key) {
        text = fmt::format("{} {} bits {}", key.public_key->type, key.public_key->bits, key.public_key->fingerprint);
    }
    return {.path = key.path, .text = Untrusted(std::move(text))};
}

Results host_key_weak(const CheckInput& input) {
    if (auto unknown = host_keys_not_known(input)) {
        return *unknown;
    }
    const std::int64_t min_bits = input.number("min_rsa_bits", 3072);
    const std::int64_t from_bits = input.number("from_rsa_bits", 0);  // shorter keys are another rule's
    Tally weak;
    Doubts doubts;
    std::string fix;
    for (const HostKey& key : input.facts.host_keys) {
        if (!exists(key)) {
            doubts.add_unless_known(key.path, key.private_walk);
            continue;
        }
        doubts.add_unless_known(key.path, key.public_key);
        if (!key.public_key || weakness_of(*key.public_key, min_bits).empty() ||
            (from_bits > 0 && (key.public_key->kind != keyfmt::KeyKind::rsa || key.public_key->bits < from_bits))) {
            continue;
        }
        weak.add([&] { return key_place(key); });
        if (key.public_key->kind == keyfmt::KeyKind::rsa) {
            fix += fmt::format("rm {0} {0}.pub && ssh-keygen -q -t rsa -b 4096 -N '' -f {0}\n", shell_quoted(key.path));
        } else {
            fix += fmt::format("rm {0} {0}.pub\n", shell_quoted(key.path));
        }
    }
    std::string detail = fmt::format("{} {} DSA or RSA below {} bits.", weak.counted("host key"),
                                     weak.count() == 1 ? "is" : "are", min_bits);
    return conclude(std::move(weak), doubts, {.detail = std::move(detail), .fix = std::move(fix)},
                    fmt::format("No host key is DSA or RSA below {} bits.", min_bits));
}

Results host_key_missing(const CheckInput& input) {
    if (auto unknown = host_keys_not_known(input)) {
        return *unknown;
    }
    Tally missing;
    Doubts doubts;
    for (const HostKey& key : input.facts.host_keys) {
        doubts.add_unless_known(key.path, key.private_walk);
        if (key.private_walk && !key.private_walk->exists() && !named_by_default(input)) {
            missing.add([&] { return Location{.path = key.path, .text = Untrusted("does not exist")}; });
        }
    }
    std::string detail =
        fmt::format("{} that HostKey names {} not there; sshd starts without {}.", missing.counted("file"),
                    missing.count() == 1 ? "is" : "are", missing.count() == 1 ? "it" : "them");
    return conclude(std::move(missing), doubts, {.detail = std::move(detail)},
                    "Every key that a HostKey line names is there.");
}

/// Why sshd cannot use a key that is there; empty when it can.
std::string unusable(const CheckInput& input, const HostKey& key) {
    const facts::PathInfo& info = key.private_walk->steps.front();
    constexpr std::uint32_t open_bits = 0077;
    if (info.type != facts::FileType::regular) {
        return "not a regular file";
    }
    if (info.uid == 0 && (info.mode & open_bits) != 0 && (info.mode & open_bits) != 0040) {
        return "open to others, which makes sshd ignore it";
    }
    if (!key.header && key.header.error().code == ErrorCode::invalid) {
        return "not a private key";
    }
    if (key.header && key.header->encrypted && !has_agent(input)) {
        return "encrypted, and no HostKeyAgent is set";
    }
    return {};
}

Results host_key_none(const CheckInput& input) {
    if (auto unknown = host_keys_not_known(input)) {
        return *unknown;
    }
    Doubts doubts;
    Tally unusable_keys;
    for (const HostKey& key : input.facts.host_keys) {
        if (!key.private_walk) {
            doubts.add(key.path, key.private_walk.error());
            continue;
        }
        std::string why = key.private_walk->exists() ? unusable(input, key) : "does not exist";
        if (why.empty()) {
            return passed("At least one host key can be used.");
        }
        unusable_keys.add([&] { return Location{.path = key.path, .text = Untrusted(std::move(why))}; });
    }
    if (!doubts.empty()) {
        return not_known(doubts.text());
    }
    return conclude(std::move(unusable_keys), doubts,
                    {.detail = "sshd has no host key that it can use and refuses to start.", .fix = "ssh-keygen -A"},
                    {});
}

Results host_key_mismatch(const CheckInput& input) {
    if (auto unknown = host_keys_not_known(input)) {
        return *unknown;
    }
    Tally found;
    Doubts doubts;
    std::string fix;
    for (const HostKey& key : input.facts.host_keys) {
        if (!exists(key)) {
            continue;
        }
        doubts.add_unless_known(key.path, key.header);
        if (key.header && key.header->public_key && key.public_key &&
            key.header->public_key->fingerprint != key.public_key->fingerprint) {
            found.add(
                [&] { return Location{.path = key.path + ".pub", .text = Untrusted(key.public_key->fingerprint)}; });
            fix += fmt::format("ssh-keygen -y -f {0} > {0}.pub\n", shell_quoted(key.path));
        }
    }
    std::string detail = fmt::format(
        "{} not the public half of the private key beside it: people who publish or compare its "
        "fingerprint are misled.",
        found.count() == 1 ? "A .pub file is" : "Some .pub files are");
    return conclude(std::move(found), doubts, {.detail = std::move(detail), .fix = std::move(fix)},
                    "Every .pub file belongs to its private host key.");
}

Results host_key_encrypted(const CheckInput& input) {
    if (auto unknown = host_keys_not_known(input)) {
        return *unknown;
    }
    Tally found;
    Doubts doubts;
    for (const HostKey& key : input.facts.host_keys) {
        if (!exists(key)) {
            continue;
        }
        doubts.add_unless_known(key.path, key.header);
        if (key.header && key.header->encrypted && !has_agent(input)) {
            found.add([&] { return key_place(key); });
        }
    }
    std::string detail = fmt::format("{} encrypted and no HostKeyAgent is set: sshd cannot use {}.",
                                     found.counted("host key") + (found.count() == 1 ? " is" : " are"),
                                     found.count() == 1 ? "it" : "them");
    return conclude(std::move(found), doubts, {.detail = std::move(detail)},
                    "No host key needs a passphrase that sshd does not have.");
}

Results host_key_old(const CheckInput& input) {
    if (auto unknown = host_keys_not_known(input)) {
        return *unknown;
    }
    constexpr std::int64_t seconds_per_day = 86400;
    const std::int64_t max_days = input.number("max_days", 1825);
    Tally found;
    Doubts doubts;
    for (const HostKey& key : input.facts.host_keys) {
        doubts.add_unless_known(key.path, key.private_walk);
        if (!exists(key)) {
            continue;
        }
        const std::int64_t days = (input.now - key.private_walk->steps.front().mtime) / seconds_per_day;
        if (days > max_days) {
            found.add([&] {
                return Location{.path = key.path, .text = Untrusted(fmt::format("not changed for {} days", days))};
            });
        }
    }
    std::string detail = fmt::format("{} at least {} days old.",
                                     found.counted("host key") + (found.count() == 1 ? " is" : " are"), max_days);
    return conclude(std::move(found), doubts, {.detail = std::move(detail)},
                    fmt::format("Every host key file has changed within {} days.", max_days));
}

constexpr std::array checks{
    NamedCheck{"host_key_weak", host_key_weak},           NamedCheck{"host_key_missing", host_key_missing},
    NamedCheck{"host_key_none", host_key_none},           NamedCheck{"host_key_mismatch", host_key_mismatch},
    NamedCheck{"host_key_encrypted", host_key_encrypted}, NamedCheck{"host_key_old", host_key_old},
};

}  // namespace

std::span<const NamedCheck> host_key_checks() { return checks; }

}  // namespace sshkeep::rules
