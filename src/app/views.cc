#include "app/views.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <utility>

#include "facts/contexts.h"

namespace sshkeep::app {
namespace {

using sshdconf::Connection;
using sshdconf::Effective;

constexpr std::size_t max_origins = 32;

bool names_files_of_accounts(std::string_view keyword) {
    constexpr std::array<std::string_view, 3> keywords{"authorizedkeysfile", "authorizedprincipalsfile",
                                                       "chrootdirectory"};
    return std::ranges::find(keywords, keyword) != keywords.end();
}

bool has_origin(const Connection& sample) {
    return sample.host || sample.address || sample.local_address || sample.local_port || sample.rdomain;
}

Connection connection_from(const Connection& origin, const Connection& ordinary) {
    auto connection = ordinary;
    connection.address = origin.address ? origin.address : ordinary.address;
    connection.host = origin.host ? origin.host : connection.address;
    connection.local_address = origin.local_address;
    connection.local_port = origin.local_port;
    connection.rdomain = origin.rdomain;
    return connection;
}

void add_distinct(std::vector<const Effective*>& views, const Effective* view) {
    if (std::ranges::find(views, view) == views.end()) {
        views.push_back(view);
    }
}

}  // namespace

Views::Views(const sshdconf::Config& config, sshdconf::Evaluator& evaluator, std::vector<Connection> asked)
    : evaluator_(evaluator), asked_(std::move(asked)), origins_(asked_) {
    std::set<std::uint32_t> blocks;
    for (const auto& directive : config.directives) {
        if (directive.block != 0 && names_files_of_accounts(config.line(directive.origin).keyword)) {
            blocks.insert(directive.block);
        }
    }
    for (const auto block : blocks) {
        const auto sample = sshdconf::sample_connection(config, block);
        if (sample && has_origin(*sample) && origins_.size() < max_origins + asked_.size()) {
            origins_.push_back(*sample);
        }
    }
}

std::vector<const Effective*> Views::of(const facts::Account& account) {
    auto connection = facts::connection_of(account);
    std::vector<const Effective*> views{&evaluator_.at(connection)};
    for (const auto& origin : origins_) {
        add_distinct(views, &evaluator_.at(connection_from(origin, connection)));
    }
    return views;
}

void Views::add_asked(const facts::HostFacts& facts) {
    for (const auto& origin : asked_) {
        for (const auto& account : facts.accounts ? *facts.accounts : std::vector<facts::Account>{}) {
            add_distinct(all_, &evaluator_.at(connection_from(origin, facts::connection_of(account))));
        }
    }
}

const std::vector<const Effective*>& Views::all(const facts::HostFacts& facts) {
    if (all_.empty()) {
        for (const auto& context : facts::contexts_of(facts, evaluator_)) {
            all_.push_back(context.effective);
        }
        add_asked(facts);
    }
    if (all_.empty()) {
        all_.push_back(&evaluator_.at(Connection{}));
    }
    return all_;
}

}  // namespace sshkeep::app
