// What sshd, or systemd for it, listens on.

#include <algorithm>

#include "access/server.h"
#include "base/text.h"
#include "model/address.h"

namespace sshkeep::access {
namespace {

using facts::Unit;

const Unit* find_unit(const std::vector<Unit>& units, std::string_view name) {
    const auto found = std::ranges::find_if(units, [&](const Unit& unit) {
        return unit.name == name || std::ranges::find(unit.aliases, name) != unit.aliases.end();
    });
    return found == units.end() ? nullptr : &*found;
}

bool is_on(const Unit& unit, bool running_host) { return !unit.masked && (running_host ? unit.running : unit.enabled); }

/// "22", "[::]:2222", "192.0.2.1:22"; nothing for paths and what is not understood.
std::optional<Endpoint> parse_stream(std::string_view text) {
    text = trim(text);
    const auto colon = text.rfind(':');
    const auto port = parse_uint(text.substr(colon == std::string_view::npos ? 0 : colon + 1));
    if (!port || *port == 0 || *port > UINT16_MAX) {
        return std::nullopt;
    }
    Endpoint endpoint{.port = static_cast<std::uint16_t>(*port)};
    if (colon != std::string_view::npos) {
        auto host = text.substr(0, colon);
        if (host.starts_with('[') && host.ends_with(']')) {
            host = host.substr(1, host.size() - 2);
        }
        endpoint.address = host;
    }
    return endpoint;
}

/// "0.0.0.0:22" and "[::]:22 rdomain x", as sshd -T prints them.
std::optional<Endpoint> parse_listen_line(std::string_view line) {
    return parse_stream(line.substr(0, line.find(' ')));
}

bool is_any(std::string_view address) {
    return address.empty() || address == "0.0.0.0" || address == "::" || address == "*";
}

bool covers(const Endpoint& endpoint, const std::optional<std::string>& address,
            const std::optional<std::uint16_t>& port) {
    if (port && *port != endpoint.port) {
        return false;
    }
    if (!address || endpoint.address.empty()) {
        return true;
    }
    const auto wanted = Address::parse(*address);
    if (!wanted) {
        return *address == endpoint.address;
    }
    if (is_any(endpoint.address)) {
        const bool v4 = wanted->family() == Address::Family::v4;
        // sshd binds its IPv6 sockets to IPv6 only; systemd's serve both.
        return endpoint.both_families || v4 == (endpoint.address == "0.0.0.0");
    }
    const auto own = Address::parse(endpoint.address);
    return own && *own == *wanted;
}

std::string place(const std::optional<std::string>& address, const std::optional<std::uint16_t>& port) {
    std::string text = address ? "address " + shown(*address) : std::string{};
    if (port) {
        text += (text.empty() ? "port " : ", port ") + std::to_string(*port);
    }
    return text;
}

Listening of_socket(const Unit& socket) {
    Listening listening{.by = socket.name};
    for (const auto& stream : socket.listen_streams) {
        if (auto endpoint = parse_stream(stream)) {
            endpoint->both_families = is_any(endpoint->address);
            endpoint->address = endpoint->both_families ? std::string{} : endpoint->address;
            listening.endpoints.push_back(*std::move(endpoint));
        } else if (!stream.starts_with('/') && !stream.starts_with('@')) {
            listening.doubt = "ListenStream=" + shown(stream) + " of " + socket.name + " is not understood";
        }
    }
    return listening;
}

Listening of_configuration(const State& state) {
    Listening listening{.by = "sshd_config"};
    const auto& effective = state.evaluator.at(sshdconf::Connection{});
    const auto* setting = effective.find("listenaddress");
    if (setting == nullptr) {
        return listening;
    }
    listening.doubt = setting->uncertain;
    for (const auto& line : setting->values) {
        if (auto endpoint = parse_listen_line(line)) {
            listening.endpoints.push_back(*std::move(endpoint));
        } else {
            listening.doubt = "ListenAddress " + shown(line) + " is not understood";
        }
    }
    const auto names_a_host = [](const Endpoint& endpoint) {
        return !endpoint.address.empty() && !Address::parse(endpoint.address.substr(0, endpoint.address.find('%')));
    };
    if (std::ranges::any_of(listening.endpoints, names_a_host)) {
        listening.doubt = "a ListenAddress is a name, which is not looked up";
    }
    return listening;
}

}  // namespace

const Unit* listening_socket(const State& state) {
    if (!state.facts.units) {
        return nullptr;
    }
    const auto& units = *state.facts.units;
    for (const auto* name : {"ssh.socket", "sshd.socket"}) {
        const auto* socket = find_unit(units, name);
        if (socket != nullptr && is_on(*socket, state.facts.running)) {
            return socket;
        }
    }
    return nullptr;
}

Listening listening_of(const State& state) {
    const auto* socket = listening_socket(state);
    auto listening = socket != nullptr ? of_socket(*socket) : of_configuration(state);
    if (state.facts.sshd_options && socket == nullptr) {
        for (const auto word : split_words(*state.facts.sshd_options)) {
            if (word.starts_with("-p") || word.starts_with("-o") || word.starts_with("-f")) {
                listening.doubt = "sshd is started with options of its own: " + shown(*state.facts.sshd_options);
            }
        }
    }
    return listening;
}

Verdict listening_verdict(const State& state, const std::optional<std::string>& local_address,
                          const std::optional<std::uint16_t>& local_port) {
    const auto listening = listening_of(state);
    const bool found = std::ranges::any_of(
        listening.endpoints, [&](const Endpoint& endpoint) { return covers(endpoint, local_address, local_port); });
    if (found) {
        return admitted();
    }
    if (!listening.doubt.empty()) {
        return unknown(listening.doubt);
    }
    if (listening.endpoints.empty()) {
        return refused("Nothing listens: " + listening.by + " names no port.");
    }
    return refused("Nothing listens on " + place(local_address, local_port) + " (" + listening.by + ").");
}

}  // namespace sshkeep::access
