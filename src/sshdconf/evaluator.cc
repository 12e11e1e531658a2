#include <algorithm>
#include <unordered_map>

#include "base/check.h"
#include "sshdconf/effective.h"
#include "sshdconf/options.h"
#include "sshdconf/passes.h"
#include "sshdconf/present.h"

namespace sshkeep::sshdconf {

const Setting* Effective::find(std::string_view name) const {
    const auto found = std::ranges::find(settings_, name, &Setting::name);
    if (found != settings_.end()) {
        return &*found;
    }
    const auto current = current_name(name);
    const auto again = std::ranges::find(settings_, current, &Setting::name);
    return current.empty() || again == settings_.end() ? nullptr : &*again;
}

std::string_view Effective::value(std::string_view name) const {
    const Setting* setting = find(name);
    return setting == nullptr ? std::string_view{} : setting->value();
}

/// Outcomes (which blocks hold) are numbered as they turn up.
struct Evaluator::State {
    const Config& config;
    std::vector<Condition> conditions;
    Slots start;
    std::unordered_map<std::string, std::size_t> outcomes;
    std::vector<std::unique_ptr<Effective>> effective;  ///< by outcome; made when asked for

    explicit State(const Config& configuration)
        : config(configuration),
          conditions(parse_conditions(configuration)),
          start(run_start_pass(configuration, evaluate_blocks(configuration, conditions, nullptr))) {}

    [[nodiscard]] std::size_t outcome_of(std::span<const Tri> blocks) {
        std::string key(blocks.size(), '\0');
        std::ranges::transform(blocks, key.begin(), [](Tri state) { return static_cast<char>(state); });
        const auto [entry, is_new] = outcomes.try_emplace(std::move(key), effective.size());
        if (is_new) {
            effective.emplace_back();
        }
        return entry->second;
    }
};

Evaluator::Evaluator(const Config& config) : state_(std::make_unique<State>(config)) {}
Evaluator::~Evaluator() = default;
Evaluator::Evaluator(Evaluator&&) noexcept = default;
Evaluator& Evaluator::operator=(Evaluator&&) noexcept = default;

const Effective& Evaluator::at(const Connection& connection) {
    const auto blocks = evaluate_blocks(state_->config, state_->conditions, &connection);
    auto& slot = state_->effective[state_->outcome_of(blocks)];
    if (!slot) {
        slot = std::make_unique<Effective>(
            present_settings(state_->start, run_connection_pass(state_->config, blocks), state_->config.build));
    }
    return *slot;
}

Tri Evaluator::matches(std::uint32_t block, const Connection& connection) const {
    const auto blocks = evaluate_blocks(state_->config, state_->conditions, &connection);
    CHECK(block < blocks.size());
    return blocks[block];
}

std::size_t Evaluator::signature(const Connection& connection) {
    return state_->outcome_of(evaluate_blocks(state_->config, state_->conditions, &connection));
}

}  // namespace sshkeep::sshdconf
