#include "rules/checks_keys.h"

#include <array>
#include <map>
#include <set>

#include <fmt/format.h>

namespace sshkeep::rules {

namespace {

constexpr std::int64_t seconds_per_day = 86400;

Results authorized_key_weak(const CheckInput& input) {
    if (auto unknown = keys_not_known(input)) {
        return *unknown;
    }
    const std::int64_t min_bits = input.number("min_rsa_bits", 2048);
    const std::int64_t from_bits = input.number("from_rsa_bits", 0);  // shorter keys are another rule's
    Tally weak;
    Doubts doubts;
    each_key(input, doubts, [&](const auto& file, const auto& entry, const keyfmt::PublicKey& key) {
        const bool short_rsa = key.kind == keyfmt::KeyKind::rsa && key.bits < min_bits && key.bits >= from_bits;
        if (short_rsa || (key.kind == keyfmt::KeyKind::dsa && from_bits == 0)) {
            weak.add([&] { return at(file, entry); }, file.account);
        }
    });
    std::string detail = fmt::format("{} of {} {} DSA or RSA below {} bits; Ed25519, or RSA of {} bits, is wanted.",
                                     weak.counted("key"), weak.subjects(), weak.count() == 1 ? "is" : "are", min_bits,
                                     std::max<std::int64_t>(min_bits, 3072));
    return conclude(std::move(weak), doubts, {.detail = std::move(detail)},
                    fmt::format("No authorized key is DSA or RSA below {} bits.", min_bits));
}

Results user_ca_key_weak(const CheckInput& input) {
    if (auto unknown = keys_not_known(input)) {
        return *unknown;
    }
    const std::int64_t min_bits = input.number("min_rsa_bits", 3072);
    Tally weak;
    Doubts doubts;
    for (const facts::CaFile& file : input.facts.ca_files) {
        if (!file.keys) {
            doubts.add(file.path, file.keys.error());
            continue;
        }
        for (const keyfmt::AuthorizedKey& entry : *file.keys) {
            if (entry.key && !weakness_of(*entry.key, min_bits).empty()) {
                weak.add([&] {
                    return Location{.path = file.path,
                                    .line = entry.line,
                                    .text = Untrusted(fmt::format("{} {}", weakness_of(*entry.key, min_bits),
                                                                  entry.key->fingerprint))};
                });
            }
        }
    }
    each_key(input, doubts, [&](const auto& file, const auto& entry, const keyfmt::PublicKey& key) {
        if (entry.options.cert_authority && !weakness_of(key, min_bits).empty()) {
            weak.add([&] { return at(file, entry); });
        }
    });
    std::string detail = fmt::format("{} that may sign user certificates {} DSA or RSA below {} bits.",
                                     weak.counted("key"), weak.count() == 1 ? "is" : "are", min_bits);
    return conclude(std::move(weak), doubts, {.detail = std::move(detail)},
                    "No key that signs user certificates is weak.");
}

Results authorized_key_old(const CheckInput& input) {
    if (auto unknown = keys_not_known(input)) {
        return *unknown;
    }
    const std::int64_t max_days = input.number("max_days", 365);
    Tally old;
    Doubts doubts;
    for (const facts::AuthorizedKeysFile& file : input.facts.authorized_keys) {
        if (!file.entries || !file.walk) {
            doubts.add_unless_known(path_of(file), file.entries);
            doubts.add_unless_known(path_of(file), file.walk);
            continue;
        }
        if (file.entries->empty() || !file.walk->exists()) {
            continue;
        }
        const std::int64_t days = (input.now - file.walk->steps.front().mtime) / seconds_per_day;
        if (days > max_days) {
            old.add(
                [&] {
                    return Location{.path = path_of(file),
                                    .text = Untrusted(fmt::format("not changed for {} days, {}", days,
                                                                  counted(file.entries->size(), "line")))};
                },
                file.account);
        }
    }
    std::string detail = fmt::format(
        "{} of {} {} not changed for more than {} days, so every key in {} is at least that old.", old.counted("file"),
        old.subjects(), old.count() == 1 ? "has" : "have", max_days, old.count() == 1 ? "it" : "them");
    return conclude(std::move(old), doubts, {.detail = std::move(detail)},
                    fmt::format("Every authorized_keys file has changed within {} days.", max_days));
}

Results authorized_key_expired(const CheckInput& input) {
    if (auto unknown = keys_not_known(input)) {
        return *unknown;
    }
    Tally expired;
    Doubts doubts;
    each_key(input, doubts, [&](const auto& file, const auto& entry, const keyfmt::PublicKey&) {
        if (entry.options.expiry_time && *entry.options.expiry_time < input.now) {
            expired.add([&] { return at(file, entry); }, file.account);
        }
    });
    std::string detail = fmt::format("The expiry-time of {} of {} has passed: sshd refuses {}, the line is left over.",
                                     expired.counted("key"), expired.subjects(), expired.count() == 1 ? "it" : "them");
    std::string fix = delete_lines(expired.places());
    return conclude(std::move(expired), doubts, {.detail = std::move(detail), .fix = std::move(fix)},
                    "No authorized key has expired.");
}

Results authorized_key_no_expiry(const CheckInput& input) {
    if (auto unknown = keys_not_known(input)) {
        return *unknown;
    }
    Tally endless;
    Doubts doubts;
    each_key(input, doubts, [&](const auto& file, const auto& entry, const keyfmt::PublicKey&) {
        if (!entry.options.expiry_time) {
            endless.add([&] { return at(file, entry); }, file.account);
        }
    });
    std::string detail = fmt::format("{} of {} {} no expiry-time.", endless.counted("key"), endless.subjects(),
                                     endless.count() == 1 ? "has" : "have");
    return conclude(std::move(endless), doubts, {.detail = std::move(detail)}, "Every authorized key ends by itself.");
}

Results authorized_key_rejected(const CheckInput& input) {
    if (auto unknown = keys_not_known(input)) {
        return *unknown;
    }
    constexpr std::size_t reasons_shown = 3;
    Tally ignored;
    Doubts doubts;
    std::set<std::string> reasons;
    each_entry(input, doubts, [&](const auto& file, const keyfmt::AuthorizedKey& entry) {
        const bool certificate = entry.key && entry.key->certificate;
        if (entry.rejected.empty() && !certificate) {
            return;
        }
        if (reasons.size() < reasons_shown) {
            reasons.insert(certificate ? "a certificate never matches here, only its CA's key does"
                                       : shown(entry.rejected));
        }
        ignored.add([&] { return at(file, entry); }, file.account);
    });
    std::string detail = fmt::format("sshd ignores {} in the authorized_keys files of {} ({}).",
                                     ignored.counted("line"), ignored.subjects(), fmt::join(reasons, "; "));
    return conclude(std::move(ignored), doubts, {.detail = std::move(detail)},
                    "sshd understands every line of every authorized_keys file.");
}

constexpr std::array checks{
    NamedCheck{"authorized_key_weak", authorized_key_weak},
    NamedCheck{"user_ca_key_weak", user_ca_key_weak},
    NamedCheck{"authorized_key_old", authorized_key_old},
    NamedCheck{"authorized_key_expired", authorized_key_expired},
    NamedCheck{"authorized_key_no_expiry", authorized_key_no_expiry},
    NamedCheck{"authorized_key_rejected", authorized_key_rejected},
};

}  // namespace

std::string path_of(const facts::AuthorizedKeysFile& file) {
    return file.walk ? file.walk->named : fmt::format("authorized keys of {}", file.account);
}

Location at(const facts::AuthorizedKeysFile& file, const keyfmt::AuthorizedKey& entry) {
    Location place{.path = path_of(file), .line = entry.line};
    if (entry.key) {
        std::string text = fmt::format("{} {} bits {}", entry.key->type, entry.key->bits, entry.key->fingerprint);
        if (!entry.comment.empty()) {
            text.append(" ").append(entry.comment.raw().substr(0, 200));
        }
        place.text = Untrusted(std::move(text));
    } else {
        place.text = Untrusted(entry.rejected);
    }
    return place;
}

std::optional<Results> keys_not_known(const CheckInput& input) {
    if (!input.facts.config) {
        return not_known(input.facts.config.error());
    }
    if (!input.facts.accounts) {
        return not_known(input.facts.accounts.error());
    }
    return std::nullopt;
}

std::string weakness_of(const keyfmt::PublicKey& key, std::int64_t min_rsa_bits) {
    if (key.kind == keyfmt::KeyKind::dsa) {
        return "DSA";
    }
    if (key.kind == keyfmt::KeyKind::rsa && key.bits < min_rsa_bits) {
        return fmt::format("RSA with {} bits", key.bits);
    }
    return {};
}

std::string delete_lines(const std::vector<Location>& places) {
    std::map<std::string_view, std::string> scripts;
    for (const Location& place : places) {
        std::string& script = scripts[place.path];
        script += fmt::format("{}{}d", script.empty() ? "" : ";", place.line);
    }
    std::string commands;
    for (const auto& [path, script] : scripts) {
        commands += fmt::format("sed -i '{}' {}\n", script, shell_quoted(path));
    }
    return commands;
}

std::span<const NamedCheck> key_checks() { return checks; }

}  // namespace sshkeep::rules
