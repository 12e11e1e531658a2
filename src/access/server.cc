// Whether sshd starts: what makes it give up before it answers anybody.

#include "access/server.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "sshdconf/patterns.h"

namespace sshkeep::access {
namespace {

using facts::HostKey;

Verdict configuration_verdict(const State& state) {
    auto verdict = admitted();
    const auto& config = *state.facts.config;
    for (const auto& diagnostic : config.diagnostics) {
        if (diagnostic.kind == sshdconf::Diagnostic::Kind::fatal) {
            return refused("sshd does not start with this line: " + shown(diagnostic.message),
                           config.path(diagnostic.origin), diagnostic.origin.line);
        }
        if (diagnostic.kind == sshdconf::Diagnostic::Kind::unreadable) {
            verdict = both(std::move(verdict),
                           unknown(shown(diagnostic.message), config.path(diagnostic.origin), diagnostic.origin.line));
        }
    }
    return verdict;
}

/// The signature algorithms that a host key can serve.
std::vector<std::string> signatures_of(const keyfmt::PublicKey& key) {
    if (key.kind == keyfmt::KeyKind::rsa) {
        return {"rsa-sha2-512", "rsa-sha2-256", "ssh-rsa"};
    }
    return {key.type};
}

bool is_offered(const keyfmt::PublicKey& key, std::string_view list) {
    return std::ranges::any_of(signatures_of(key), [&](const std::string& name) {
        return sshdconf::match_pattern_list(name, list) == sshdconf::ListMatch::positive;
    });
}

/// sshd refuses a private key of root's that group or others may read (sshkey_perm_ok).
Verdict private_key_verdict(const State& state, const HostKey& key) {
    if (!key.private_walk) {
        return unknown(key.private_walk.error().message, key.path);
    }
    if (!key.private_walk->exists()) {
        return refused(shown(key.path) + " does not exist.", key.path);
    }
    constexpr std::uint32_t open_bits = 0077;
    const auto& info = key.private_walk->steps.front();
    if (info.uid == 0 && (info.mode & open_bits) != 0) {
        return refused("The mode of " + shown(key.path) + " lets others read it, so sshd does not load it.", key.path);
    }
    if (!key.header) {
        const bool damaged = key.header.error().code == ErrorCode::invalid;
        return damaged ? refused(shown(key.path) + " is no private key.", key.path)
                       : unknown(key.header.error().message, key.path);
    }
    if (key.header->encrypted) {
        return refused(shown(key.path) + " is encrypted, so sshd cannot load it.", key.path);
    }
    const auto* known = key.header->public_key ? &*key.header->public_key : key.public_key ? &*key.public_key : nullptr;
    if (known == nullptr) {
        return unknown("the type of " + shown(key.path) + " is not known", key.path);
    }
    const auto& effective = state.evaluator.at(sshdconf::Connection{});
    const auto least = parse_int(effective.value("requiredrsasize")).value_or(0);
    if (known->kind == keyfmt::KeyKind::rsa && known->bits < least) {
        return refused(shown(key.path) + " is shorter than RequiredRSASize asks for.", key.path);
    }
    if (!is_offered(*known, effective.value("hostkeyalgorithms"))) {
        return refused("HostKeyAlgorithms holds nothing that " + shown(key.path) + " can sign with.", key.path);
    }
    return admitted();
}

Verdict host_keys_verdict(const State& state) {
    auto worst = refused("No HostKey is set, so sshd has nothing to show and does not start.");
    if (state.evaluator.at(sshdconf::Connection{}).value("hostkeyagent").empty() == false &&
        state.evaluator.at(sshdconf::Connection{}).value("hostkeyagent") != "none") {
        worst = unknown("HostKeyAgent may hold the host keys");
    }
    for (const auto& key : state.facts.host_keys) {
        auto verdict = private_key_verdict(state, key);
        if (verdict.admitted()) {
            return verdict;
        }
        if (!verdict.refused() || worst.refused()) {
            worst = std::move(verdict);
        }
    }
    if (worst.refused()) {
        worst.reason.text += " No other host key can be used, so sshd does not start or answers nobody.";
    }
    return worst;
}

Verdict algorithms_verdict(const State& state) {
    const auto& effective = state.evaluator.at(sshdconf::Connection{});
    for (const auto* option : {"ciphers", "macs", "kexalgorithms", "hostkeyalgorithms"}) {
        const auto* setting = effective.find(option);
        if (setting != nullptr && trim(setting->value()).empty()) {
            return refused(std::string(option) + " leaves no algorithm, so no client can connect.");
        }
    }
    return admitted();
}

/// The directory of privilege separation: systemd makes it when the unit says so.
Verdict run_directory_verdict(const State& state) {
    constexpr const char* path = "/run/sshd";
    const auto& paths = state.facts.other_paths;
    if (const auto found = paths.find(path); found != paths.end()) {
        constexpr std::uint32_t writable = 0022;
        const auto& info = found->second;
        const bool safe = info.type == facts::FileType::directory && info.uid == 0 && (info.mode & writable) == 0;
        return safe ? admitted() : refused("/run/sshd is not a directory of root's that only root may write.", path);
    }
    if (!state.facts.units) {
        return unknown("whether systemd makes /run/sshd is not known: " + state.facts.units.error().message);
    }
    const bool made = std::ranges::any_of(*state.facts.units, [](const facts::Unit& unit) {
        return std::ranges::find(unit.runtime_directories, "sshd") != unit.runtime_directories.end();
    });
    if (made || !state.facts.running) {
        return admitted();  // an offline tree has nothing in /run
    }
    return refused("/run/sshd does not exist, and no unit has RuntimeDirectory=sshd to make it.", path);
}

void add(Decision& decision, Verdict verdict) {
    if (verdict.admitted()) {
        return;
    }
    decision.reasons.push_back(std::move(verdict.reason));
    if (decision.answer != Answer::refused) {
        decision.answer = verdict.answer;
    }
}

}  // namespace

Decision Model::reachable() const {
    const State& state = *state_;
    if (!state.facts.config) {
        return {.answer = Answer::unknown, .reasons = {{state.facts.config.error().message, {}, 0}}};
    }
    Decision decision{.answer = Answer::admitted};
    add(decision, configuration_verdict(state));
    add(decision, host_keys_verdict(state));
    add(decision, algorithms_verdict(state));
    add(decision, run_directory_verdict(state));
    add(decision, listening_verdict(state, std::nullopt, std::nullopt));
    return decision;
}

}  // namespace sshkeep::access
