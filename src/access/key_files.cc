// Files of keys: who may read them, how safe they are, and what their options ask.

#include "access/key_files.h"

#include <algorithm>

#include "access/matching.h"

namespace sshkeep::access {
namespace {

/// Everybody's, or the groups' that the account is in, may do what the bit says.
bool may(const State& state, const facts::Account& account, const facts::PathInfo& info, std::uint32_t bit) {
    if (account.uid == 0) {
        return true;
    }
    if (info.uid == account.uid) {
        return (info.mode & (bit << 6U)) != 0;
    }
    const bool in_group = info.gid == account.gid || std::ranges::any_of(account.groups, [&](const auto& group) {
                              const auto found = state.gids.find(group);
                              return found != state.gids.end() && found->second == info.gid;
                          });
    return (info.mode & (in_group ? bit << 3U : bit)) != 0;
}

/// On the way to a link the account passes its home and .ssh, which the resolved path does not show.
Verdict way_to_link(const State& state, const facts::Account& account, const facts::PathWalk& walk) {
    const auto home = state.home_directories.find(account.name);
    if (home == state.home_directories.end() || !walk.named.starts_with(account.home + "/")) {
        return admitted();
    }
    constexpr std::uint32_t search = 1;
    const bool in_dot_ssh = walk.named.starts_with(account.home + "/.ssh/");
    const auto& [name, directory] = *home;
    for (const auto* step : {&directory->home, &directory->dot_ssh}) {
        const bool passed = step == &directory->home || in_dot_ssh;
        if (passed && *step && (*step)->exists && !may(state, account, **step, search)) {
            return refused(shown(account.name) + " may not enter " + shown((*step)->path) +
                               ", and sshd reads keys as the account.",
                           (*step)->path);
        }
    }
    return admitted();
}

/// sshd opens the file as the account.
Verdict readable_verdict(const State& state, const facts::Account& account, const facts::PathWalk& walk) {
    constexpr std::uint32_t read = 4;
    constexpr std::uint32_t search = 1;
    for (std::size_t i = 0; i < walk.steps.size(); ++i) {
        const auto& step = walk.steps[i];
        if (!may(state, account, step, i == 0 ? read : search)) {
            return refused(shown(account.name) + " may not " + (i == 0 ? "read " : "enter ") + shown(step.path) +
                               ", and sshd reads keys as the account.",
                           step.path);
        }
    }
    return admitted();
}

std::string wording_of(const facts::PathDefect& defect) {
    const std::string path = shown(defect.step->path);
    switch (defect.kind) {
        case facts::PathDefect::Kind::owner:
            return path + " is owned by uid " + std::to_string(defect.step->uid);
        case facts::PathDefect::Kind::everybody:
            return path + " is writable by everybody";
        case facts::PathDefect::Kind::group:
            return path + " is writable by its group";
        case facts::PathDefect::Kind::other:
            break;
    }
    return path + " is not safe";
}

}  // namespace

std::string place_of(const std::string& path, std::uint32_t line) { return path + ":" + std::to_string(line); }

bool is_pattern(const State& state, std::string_view name) {
    constexpr int first_with_patterns = 1000;
    return state.version >= first_with_patterns && name.find_first_of("*?[") != std::string_view::npos;
}

Verdict with_place(Verdict verdict, const std::string& path, std::uint32_t line) {
    if (!verdict.admitted() && verdict.reason.path.empty()) {
        verdict.reason.path = path;
        verdict.reason.line = line;
    }
    return verdict;
}

Verdict file_verdict(const State& state, const facts::Account& account, const Policy& policy,
                     const facts::Fact<facts::PathWalk>& walk) {
    if (!walk) {
        return unknown(walk.error().message);
    }
    if (!walk->exists()) {
        return refused(shown(walk->named) + " does not exist.", walk->named);
    }
    if (walk->steps.front().type != facts::FileType::regular) {
        return refused(shown(walk->named) + " is not a regular file.", walk->named);
    }
    if (auto way = way_to_link(state, account, *walk); !way.admitted()) {
        return way;
    }
    if (auto readable = readable_verdict(state, account, *walk); !readable.admitted()) {
        return readable;
    }
    if (!policy.strict_modes) {
        return admitted();
    }
    const auto home = state.homes.find(account.name);
    const facts::PathDemand demand{.owner = account.uid,
                                   .stop = home == state.homes.end() ? account.home : home->second,
                                   .groups = &state.private_groups};
    if (const auto defect = facts::defect_of(*walk, demand)) {
        return refused("StrictModes makes sshd ignore " + shown(walk->named) + ": " + wording_of(*defect) + ".",
                       walk->named);
    }
    return admitted();
}

Verdict options_verdict(const State& state, const keyfmt::KeyOptions& options, const Policy& policy,
                        const Origin& origin, bool authority_allowed) {
    if (options.expiry_time && *options.expiry_time < state.now) {
        return refused("The line's expiry-time has passed.");
    }
    if (!options.principals.empty() && !options.cert_authority) {
        return refused("The line has principals= without cert-authority.");
    }
    if (options.cert_authority && !authority_allowed) {
        return refused("cert-authority is not allowed here.");
    }
    if (options.from) {
        const Peer peer{state.host_of(policy, origin), origin.address, state.version};
        if (match_host_and_address(peer, options.from->raw()) != HostMatch::yes) {
            return refused("The line's from=\"" + shown(options.from->raw()) + "\" does not hold " +
                           shown(origin.address) + ".");
        }
    }
    return admitted();
}

Rights rights_of(const keyfmt::KeyOptions& options) {
    Rights rights{.port_forwarding = options.port_forwarding,
                  .agent_forwarding = options.agent_forwarding,
                  .x11_forwarding = options.x11_forwarding,
                  .pty = options.pty,
                  .user_rc = options.user_rc,
                  .limited_ports = !options.permit_open.empty() || !options.permit_listen.empty(),
                  .expires = options.expiry_time};
    if (options.command) {
        rights.command = options.command->raw();
    }
    return rights;
}

std::optional<Rights> merged(const Rights& first, const Rights& second) {
    if (first.command && second.command && *first.command != *second.command) {
        return std::nullopt;
    }
    Rights rights{.command = first.command ? first.command : second.command,
                  .port_forwarding = first.port_forwarding && second.port_forwarding,
                  .agent_forwarding = first.agent_forwarding && second.agent_forwarding,
                  .x11_forwarding = first.x11_forwarding && second.x11_forwarding,
                  .pty = first.pty && second.pty,
                  .user_rc = first.user_rc && second.user_rc,
                  .limited_ports = first.limited_ports || second.limited_ports,
                  .expires = first.expires ? first.expires : second.expires};
    if (first.expires && second.expires) {
        rights.expires = std::min(*first.expires, *second.expires);
    }
    return rights;
}

}  // namespace sshkeep::access
