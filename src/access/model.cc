#include "access/state.h"

namespace sshkeep::access {

Model::Model(const facts::HostFacts& facts, sshdconf::Evaluator& evaluator, std::int64_t now)
    : state_(std::make_unique<State>(facts, evaluator, now)) {}
Model::~Model() = default;
Model::Model(Model&&) noexcept = default;
Model& Model::operator=(Model&&) noexcept = default;

Power Model::power_of(const facts::Account& account) const { return power_of_account(*state_, account); }

}  // namespace sshkeep::access
