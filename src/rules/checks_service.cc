// How the system starts sshd, and what then listens.

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "model/address.h"
#include "rules/checks_support.h"

namespace sshkeep::rules {

namespace {

using facts::Unit;

const Unit* find_unit(const std::vector<Unit>& units, std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names) {
        const auto found = std::ranges::find(units, name, &Unit::name);
        if (found != units.end()) {
            return &*found;
        }
    }
    return nullptr;
}

const Unit* socket_unit(const std::vector<Unit>& units) { return find_unit(units, {"ssh.socket", "sshd.socket"}); }
const Unit* service_unit(const std::vector<Unit>& units) { return find_unit(units, {"ssh.service", "sshd.service"}); }

bool is_active(const Unit* unit) { return unit != nullptr && !unit->masked && (unit->enabled || unit->running); }

/// "[::]:22", "0.0.0.0:22", "22", "192.0.2.1:2222".
std::optional<std::uint16_t> port_of(std::string_view endpoint) {
    const std::size_t colon = endpoint.rfind(':');
    const auto port = parse_uint(colon == std::string_view::npos ? endpoint : endpoint.substr(colon + 1));
    return port && *port > 0 && *port <= 65535 ? std::optional(static_cast<std::uint16_t>(*port)) : std::nullopt;
}

std::optional<Address> address_of(std::string_view endpoint) {
    const std::size_t colon = endpoint.rfind(':');
    std::string_view host = colon == std::string_view::npos ? std::string_view{} : endpoint.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) {
        host = host.substr(1, host.size() - 2);
    }
    return Address::parse(host);
}

bool is_wildcard(const Address& address) {
    return std::ranges::all_of(address.bytes(), [](std::uint8_t byte) { return byte == 0; });
}

/// Addresses and ports that the configuration, or the socket unit that overrides it, asks for.
std::vector<std::string_view> wanted_endpoints(const CheckInput& input) {
    if (input.facts.units) {
        const Unit* socket = socket_unit(*input.facts.units);
        if (is_active(socket)) {
            return {socket->listen_streams.begin(), socket->listen_streams.end()};
        }
    }
    const sshdconf::Setting* setting = input.contexts.front().effective->find("listenaddress");
    return setting == nullptr ? std::vector<std::string_view>{}
                              : std::vector<std::string_view>{setting->values.begin(), setting->values.end()};
}

bool is_wanted(const facts::Listener& listener, const std::vector<std::string_view>& endpoints) {
    const auto bound = Address::parse(listener.address);
    return std::ranges::any_of(endpoints, [&](std::string_view endpoint) {
        const auto wanted = address_of(endpoint);
        const bool everywhere = !wanted || is_wildcard(*wanted);
        return port_of(endpoint) == listener.port && (everywhere || (bound && *bound == *wanted));
    });
}

Results listener_unexpected(const CheckInput& input) {
    if (!input.facts.config) {
        return not_known(input.facts.config.error());
    }
    if (!input.facts.running) {
        return {{.verdict = Verdict::pass, .detail = "Does not apply: an offline tree has no sockets."}};
    }
    if (!input.facts.listeners) {
        return not_known(input.facts.listeners.error());
    }
    if (input.contexts.empty()) {
        return not_known("no connection context could be evaluated");
    }
    const std::vector<std::string_view> endpoints = wanted_endpoints(input);
    Tally found;
    for (const facts::Listener& listener : *input.facts.listeners) {
        if (listener.process == "sshd" && !is_wanted(listener, endpoints)) {
            found.add(
                [&] {
                    return Location{
                        .text = Untrusted(fmt::format("sshd listens on {} port {}", listener.address, listener.port))};
                },
                fmt::format("{} port {}", listener.address, listener.port));
        }
    }
    std::vector<std::string> wanted(endpoints.begin(), endpoints.end());
    std::string detail =
        fmt::format("sshd listens on {}; the configuration names {}.", found.subjects(), listed(wanted));
    return conclude(std::move(found), {}, {.detail = std::move(detail)},
                    "sshd listens where the configuration says and nowhere else.");
}

Results socket_overrides_ports(const CheckInput& input) {
    if (!input.facts.units) {
        return not_known(input.facts.units.error());
    }
    if (!input.facts.config) {
        return not_known(input.facts.config.error());
    }
    const Unit* socket = socket_unit(*input.facts.units);
    if (!is_active(socket) || input.contexts.empty()) {
        return passed("sshd is not started by a socket unit.");
    }
    const sshdconf::Effective& effective = *input.contexts.front().effective;
    std::set<std::uint16_t> unit_ports;
    for (const std::string& stream : socket->listen_streams) {
        if (const auto port = port_of(stream)) {
            unit_ports.insert(*port);
        }
    }
    std::set<std::uint16_t> config_ports;
    const sshdconf::Setting* addresses = effective.find("listenaddress");
    for (const std::string& endpoint : addresses == nullptr ? std::vector<std::string>{} : addresses->values) {
        if (const auto port = port_of(endpoint)) {
            config_ports.insert(*port);
        }
    }
    Tally found;
    if (!unit_ports.empty() && !config_ports.empty() && unit_ports != config_ports) {
        for (const std::string_view option : {std::string_view{"port"}, std::string_view{"listenaddress"}}) {
            const sshdconf::Setting* setting = effective.find(option);
            if (setting != nullptr && !setting->is_default()) {
                for (Location& place : at(*input.facts.config, *setting)) {
                    found.add([&] { return std::move(place); });
                }
            }
        }
        if (found.empty()) {
            found.add([&] { return Location{.path = socket->files.empty() ? socket->name : socket->files.back()}; });
        }
    }
    std::string detail = fmt::format("{} listens on port {} whatever sshd_config says ({}).", shown(socket->name),
                                     fmt::join(unit_ports, ", "), fmt::join(config_ports, ", "));
    return conclude(std::move(found), {}, {.detail = std::move(detail)},
                    "The socket unit listens on the ports that sshd_config names.");
}

/// Options of sshd's command line that overrule the configuration file.
std::vector<std::string> overriding(std::string_view command) {
    constexpr std::string_view with_value = "oCcfghkpuE";  // of which these overrule:
    constexpr std::string_view unwanted = "ofhpc";
    std::vector<std::string> found;
    const std::vector<std::string_view> words = split_words(command);
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string_view word = words[i];
        if (word.size() < 2 || word[0] != '-' || word[1] == '-') {
            continue;
        }
        const bool takes_next = word.size() == 2 && with_value.contains(word[1]) && i + 1 < words.size();
        const std::string_view value = takes_next ? words[i + 1] : word.substr(2);
        const bool standard_file = word[1] == 'f' && value == "/etc/ssh/sshd_config";
        if (unwanted.contains(word[1]) && !standard_file) {
            found.push_back(takes_next ? fmt::format("{} {}", word, value) : std::string(word));
        }
        i += takes_next ? 1 : 0;
    }
    return found;
}

Results command_line_overrides(const CheckInput& input) {
    if (!input.facts.units) {
        return not_known(input.facts.units.error());
    }
    Tally found;
    std::vector<std::string> options;
    for (const Unit& unit : *input.facts.units) {
        for (const std::string& command : unit.exec_start) {
            if (!command.contains("sshd")) {
                continue;
            }
            for (std::string& option : overriding(command)) {
                options.push_back(std::move(option));
                found.add([&] {
                    return Location{.path = unit.files.empty() ? unit.name : unit.files.back(),
                                    .text = Untrusted(command)};
                });
            }
        }
    }
    if (input.facts.sshd_options) {
        for (std::string& option : overriding(*input.facts.sshd_options)) {
            options.push_back(std::move(option));
            found.add([&] {
                return Location{.path = "/etc/default/ssh",
                                .text = Untrusted("SSHD_OPTS=" + *input.facts.sshd_options)};
            });
        }
    }
    return conclude(
        std::move(found), {},
        {.detail = fmt::format("sshd is started with {}, which overrules its configuration file.", listed(options))},
        "No option on sshd's command line overrules its configuration file.");
}

Results service_not_enabled(const CheckInput& input) {
    if (!input.facts.units) {
        return not_known(input.facts.units.error());
    }
    const Unit* service = service_unit(*input.facts.units);
    const Unit* socket = socket_unit(*input.facts.units);
    Tally found;
    const auto starts = [](const Unit* unit) { return unit != nullptr && unit->enabled && !unit->masked; };
    if (!starts(service) && !starts(socket)) {
        const bool masked = service != nullptr && service->masked;
        found.add([&] {
            return Location{
                .path = service != nullptr && !service->files.empty() ? service->files.front() : "ssh.service",
                .text = Untrusted(service == nullptr ? "no such unit"
                                  : masked           ? "masked"
                                                     : "not enabled")};
        });
    }
    return conclude(std::move(found), {},
                    {.detail = "sshd is not started at boot: neither its service nor its socket unit is enabled."},
                    "sshd is started at boot.");
}

Results openssh_installed(const CheckInput& input) {
    if (!input.facts.openssh) {
        return not_known(input.facts.openssh.error());
    }
    Tally found;
    if (!input.facts.openssh->installed) {
        found.add([] { return Location{.path = "/usr/sbin/sshd", .text = Untrusted("not installed")}; });
    }
    return conclude(std::move(found), {}, {.detail = "The OpenSSH server is not installed."},
                    fmt::format("The OpenSSH server is installed ({}).", shown(input.facts.openssh->package_version)));
}

/// "YYYY-MM-DD" as days since the epoch.
std::optional<std::int64_t> parse_date(std::string_view text) {
    const std::vector<std::string_view> parts = split(text, '-');
    if (parts.size() != 3) {
        return std::nullopt;
    }
    const auto year = parse_uint(parts[0]);
    const auto month = parse_uint(parts[1]);
    const auto day = parse_uint(parts[2]);
    if (!year || !month || !day || *year < 1970 || *year > 9999 || *month < 1 || *month > 12 || *day < 1 || *day > 31) {
        return std::nullopt;
    }
    // Days of the proleptic Gregorian calendar, counted in years that begin with March.
    const auto y = static_cast<std::int64_t>(*year) - (*month <= 2 ? 1 : 0);
    const auto shifted_month = static_cast<std::int64_t>((*month + 9) % 12);
    constexpr std::int64_t days_to_epoch = 719468;
    const std::int64_t day_of_year = (153 * shifted_month + 2) / 5 + static_cast<std::int64_t>(*day) - 1;
    return 365 * y + y / 4 - y / 100 + y / 400 + day_of_year - days_to_epoch;
}

Results release_unsupported(const CheckInput& input) {
    if (!input.facts.os) {
        return not_known(input.facts.os.error());
    }
    const facts::OsRelease& os = *input.facts.os;
    const std::string name = fmt::format("{}-{}", os.id, os.version_id);
    const std::string end = input.parameter ? input.parameter(name, {}) : std::string{};
    const auto last_day = parse_date(end);
    if (!last_day) {
        return not_known(fmt::format("no end of support is recorded for {}", shown(name)));
    }
    Tally found;
    constexpr std::int64_t seconds_per_day = 86400;
    if (input.now / seconds_per_day > *last_day) {
        found.add([&] { return Location{.path = "/etc/os-release", .text = Untrusted(os.pretty_name)}; });
    }
    return conclude(std::move(found), {},
                    {.detail = fmt::format("{} had its last security updates on {}; holes in its OpenSSH stay open.",
                                           shown(os.pretty_name), end)},
                    fmt::format("{} gets security updates until {}.", shown(os.pretty_name), end));
}

constexpr std::array checks{
    NamedCheck{"listener_unexpected", listener_unexpected},
    NamedCheck{"socket_overrides_ports", socket_overrides_ports},
    NamedCheck{"command_line_overrides", command_line_overrides},
    NamedCheck{"service_not_enabled", service_not_enabled},
    NamedCheck{"openssh_installed", openssh_installed},
    NamedCheck{"release_unsupported", release_unsupported},
};

}  // namespace

std::span<const NamedCheck> service_checks() { return checks; }

}  // namespace sshkeep::rules
