#include <algorithm>
#include <unordered_map>

#include "base/check.h"
#include "sshdconf/effective.h"
#include "sshdconf/options.h"
#include "sshdconf/passes.h"
#include "sshdconf/present.h"

namespace sshkeep::sshdconf {

const Setting* Effective::find_current(std::string_view name) const {
    if (const auto own = std::ranges::find(own_, name, &Setting::name); own != own_.end()) {
        return &*own;
    }
    const auto shared = std::ranges::find(*shared_, name, &Setting::name);
    return shared == shared_->end() ? nullptr : &*shared;
}

const Setting* Effective::find(std::string_view name) const {
    if (const Setting* setting = find_current(name)) {
        return setting;
    }
    const auto current = current_name(name);
    return current.empty() ? nullptr : find_current(current);
}

std::string_view Effective::value(std::string_view name) const {
    const Setting* setting = find(name);
    return setting == nullptr ? std::string_view{} : setting->value();
}

std::vector<Setting> Effective::settings() const {
    auto settings = *shared_;
    for (const Setting& setting : own_) {
        *std::ranges::find(settings, setting.name, &Setting::name) = setting;
    }
    return settings;
}

namespace {

/// The blocks that hold or may hold, with their states: equal for equal outcomes, and short where few of many hold.
std::string key_of(std::span<const Tri> blocks) {
    std::string key;
    for (std::size_t i = 1; i < blocks.size(); ++i) {
        if (blocks[i] != Tri::no) {
            key += std::to_string(i);
            key += blocks[i] == Tri::yes ? '+' : '?';
        }
    }
    return key;
}

Slots start_of(const Config& config, std::span<const Condition> conditions) {
    Slots start = run_start_pass(config, evaluate_blocks(config, conditions, nullptr));
    let_challenge_response_decide(start, config.build);
    return start;
}

}  // namespace

struct Evaluator::State {
    const Config& config;
    std::vector<Condition> conditions;
    Slots start;
    Effective::Shared shared;
    std::unordered_map<std::string, Effective> outcomes;  ///< by key_of; its elements stay where they are
    std::unordered_map<std::string, Effective> unknown;   ///< by reason

    explicit State(const Config& configuration)
        : config(configuration),
          conditions(parse_conditions(configuration)),
          start(start_of(configuration, conditions)),
          shared(std::make_shared<const std::vector<Setting>>(present_settings(start, configuration.build))) {}

    [[nodiscard]] std::vector<Tri> blocks_of(const Connection& connection) const {
        return evaluate_blocks(config, conditions, &connection);
    }

    [[nodiscard]] const Effective& effective_of(std::span<const Tri> blocks) {
        auto key = key_of(blocks);
        auto known = outcomes.find(key);
        if (known == outcomes.end()) {
            Effective made(shared, present_touched(start, run_connection_pass(config, blocks), config.build));
            known = outcomes.emplace(std::move(key), std::move(made)).first;
        }
        return known->second;
    }
};

Evaluator::Evaluator(const Config& config) : state_(std::make_unique<State>(config)) {}
Evaluator::~Evaluator() = default;
Evaluator::Evaluator(Evaluator&&) noexcept = default;
Evaluator& Evaluator::operator=(Evaluator&&) noexcept = default;

const Effective& Evaluator::at(const Connection& connection) {
    return state_->effective_of(state_->blocks_of(connection));
}

Outcome Evaluator::outcome(const Connection& connection) {
    const auto states = state_->blocks_of(connection);
    Outcome outcome{.effective = &state_->effective_of(states)};
    for (std::uint32_t block = 1; block < states.size(); ++block) {
        if (states[block] == Tri::yes) {
            outcome.blocks.push_back(block);
        }
    }
    return outcome;
}

Tri Evaluator::matches(std::uint32_t block, const Connection& connection) const {
    CHECK(block < state_->config.blocks.size());
    return evaluate_block(state_->config, block, connection);
}

const Effective& Evaluator::unknown(const std::string& reason) {
    const auto known = state_->unknown.find(reason);
    if (known != state_->unknown.end()) {
        return known->second;
    }
    auto settings = *state_->shared;
    for (Setting& setting : settings) {
        setting.uncertain = reason;
    }
    return state_->unknown.emplace(reason, Effective(std::move(settings))).first->second;
}

}  // namespace sshkeep::sshdconf
