#include "access/origins.h"

#include <algorithm>
#include <array>
#include <set>

#include "access/matching.h"
#include "base/text.h"
#include "model/address.h"
#include "sshdconf/conditions.h"

namespace sshkeep::access {
namespace {

/// Addresses for documentation and tests, which no configuration means (RFC 5737, RFC 2544, RFC 3849).
constexpr std::array<const char*, 5> plain_addresses{"198.51.100.77", "203.0.113.91", "192.0.2.203", "198.18.77.9",
                                                     "2001:db8:77::9"};

bool is_everything(std::string_view pattern) {
    return pattern.find_first_not_of('*') == std::string_view::npos || pattern == "0.0.0.0/0" || pattern == "::/0" ||
           iequals(pattern, "ALL");
}

/// The address after the network's own, where there is one.
std::string address_in(const Cidr& network) {
    const auto text = network.address.text();
    if (network.prefix >= network.address.bits() - 1) {
        return text;
    }
    if (network.address.family() == Address::Family::v6) {
        return text.ends_with("::") ? text + "1" : text;
    }
    const auto dot = text.rfind('.');
    const auto last = parse_uint(text.substr(dot + 1)).value_or(255);
    return last < 255 ? text.substr(0, dot + 1) + std::to_string(last + 1) : text;
}

std::string filled(std::string_view pattern, char with) {
    std::string text;
    for (const char c : pattern) {
        text += c == '*' || c == '?' ? with : c;
    }
    return text;
}

/// "10.1.*" lacks two numbers: a lone star may stand for several.
std::string filled_address(std::string_view pattern) {
    std::string text = filled(pattern, '1');
    while (std::ranges::count(text, '.') < 3 && pattern.ends_with('*')) {
        text += ".1";
    }
    return text;
}

/// A source that one pattern matches. A name comes with an address like any other.
Origin sample_of(std::string_view pattern) {
    Origin origin{.label = std::string(pattern), .address = plain_addresses[0]};
    if (const auto network = Cidr::parse(pattern)) {
        origin.address = address_in(*network);
    } else if (pattern.find_first_not_of("0123456789.*?") == std::string_view::npos) {
        origin.address = filled_address(pattern);
    } else if (pattern.contains(':')) {
        origin.address = filled(pattern, '1');
    } else {
        origin.host_name = ascii_lower(filled(pattern, 'x'));
    }
    return origin;
}

/// Collects sources; equal ones once.
class Origins {
public:
    void add(Origin origin) {
        if (!is_everything(origin.label) && all_.size() < max_origins && labels_.insert(origin.label).second) {
            all_.push_back(std::move(origin));
        }
    }
    void add_list(std::string_view list, int version) {
        for (auto& origin : origins_of_list(list, version)) {
            add(std::move(origin));
        }
    }
    std::vector<Origin> take(int version) {
        Origin plain{.address = plain_addresses[0]};
        for (const auto* address : plain_addresses) {
            const bool special = std::ranges::any_of(all_, [&](const Origin& origin) {
                return match_host_and_address({address, address, version}, origin.label) == HostMatch::yes;
            });
            if (!special) {
                plain.address = address;
                break;
            }
        }
        for (auto& origin : all_) {
            origin.address = origin.address == plain_addresses[0] && !Address::parse(origin.label) &&
                                     (origin.host_name || origin.local_address || origin.local_port)
                                 ? plain.address
                                 : origin.address;
        }
        all_.insert(all_.begin(), std::move(plain));
        return std::move(all_);
    }

private:
    std::vector<Origin> all_;
    std::set<std::string> labels_;
};

void add_block(Origins& origins, const sshdconf::Config& config, std::uint32_t block, int version) {
    using Kind = sshdconf::Criterion::Kind;
    const auto condition = sshdconf::parse_condition(config.line(config.blocks[block].origin), config.build);
    for (const auto& criterion : condition.criteria) {
        if (criterion.kind == Kind::address || criterion.kind == Kind::host) {
            origins.add_list(criterion.argument, version);
        } else if (criterion.kind == Kind::local_port) {
            Origin origin{.label = "LocalPort " + criterion.argument, .address = plain_addresses[0]};
            origin.local_port = static_cast<std::uint16_t>(parse_uint(criterion.argument).value_or(0));
            origins.add(std::move(origin));
        } else if (criterion.kind == Kind::local_address) {
            for (auto& sample : origins_of_list(criterion.argument, version)) {
                Origin origin{.label = "LocalAddress " + sample.label, .address = plain_addresses[0]};
                origin.local_address = sample.address;
                origins.add(std::move(origin));
            }
        }
    }
    // Criteria of several kinds together: one connection that meets all of them.
    const auto sample = condition.criteria.size() > 1 ? sshdconf::sample_connection(config, block) : std::nullopt;
    const bool from_somewhere =
        sample && (sample->address || sample->host || sample->local_address || sample->local_port);
    if (from_somewhere) {
        Origin origin{.label = "Match " + shown(config.blocks[block].condition),
                      .address = sample->address.value_or(plain_addresses[0]),
                      .host_name = sample->host,
                      .local_address = sample->local_address,
                      .local_port = sample->local_port};
        const bool single = !(sample->local_address || sample->local_port) && !(sample->address && sample->host);
        if (!single) {
            origins.add(std::move(origin));
        }
    }
}

void add_user_lists(Origins& origins, const sshdconf::Config& config, int version) {
    for (const auto& directive : config.directives) {
        const auto& line = config.line(directive.origin);
        if (line.keyword != "allowusers" && line.keyword != "denyusers") {
            continue;
        }
        for (const auto& pattern : line.arguments) {
            if (const auto at = pattern.find('@'); at != std::string::npos) {
                origins.add_list(std::string_view(pattern).substr(at + 1), version);
            }
        }
    }
}

/// Words of access.conf and hosts.allow: "192.168." is a network too.
void add_word(Origins& origins, std::string_view word) {
    if (word.starts_with('@') || iequals(word, "LOCAL") || iequals(word, "ALL") || iequals(word, "EXCEPT")) {
        return;
    }
    if (word.ends_with('.')) {
        Origin origin = sample_of(std::string(word) + "*");
        origin.label = word;
        origins.add(std::move(origin));
    } else if (Cidr::parse(word)) {
        origins.add(sample_of(word));
    } else if (word.starts_with('.')) {
        Origin origin = sample_of("x" + std::string(word));
        origin.label = word;
        origins.add(std::move(origin));
    }
}

}  // namespace

std::vector<Origin> origins_of_list(std::string_view list, int version) {
    std::vector<Origin> found;
    const bool excludes = list.contains('!');
    for (const auto pattern : split(list, ',')) {
        if (pattern.empty() || pattern.starts_with('!') || found.size() >= max_key_origins) {
            continue;
        }
        auto origin = sample_of(pattern);
        if (excludes) {
            const Peer peer{origin.host_name.value_or(origin.address), origin.address, version};
            if (match_host_and_address(peer, list) != HostMatch::yes) {
                continue;
            }
            origin.label = list;
            return {std::move(origin)};
        }
        found.push_back(std::move(origin));
    }
    return found;
}

std::vector<Origin> origins_of(const State& state) {
    Origins origins;
    const auto& config = *state.facts.config;
    for (std::uint32_t block = 1; block < config.blocks.size(); ++block) {
        add_block(origins, config, block, state.version);
    }
    add_user_lists(origins, config, state.version);
    for (const auto& [path, table] : state.facts.access_tables) {
        if (!table) {
            continue;
        }
        for (const auto& rule : table->rules) {
            for (const auto& words : rule.origins) {
                std::ranges::for_each(words, [&](const auto& word) { add_word(origins, word); });
            }
        }
    }
    if (state.facts.tcp_wrappers && state.facts.tcp_wrappers->used) {
        for (const auto* rules : {&state.facts.tcp_wrappers->allow, &state.facts.tcp_wrappers->deny}) {
            for (const auto& rule : *rules) {
                std::ranges::for_each(rule.clients, [&](const auto& word) { add_word(origins, word); });
            }
        }
    }
    return origins.take(state.version);
}

}  // namespace sshkeep::access
