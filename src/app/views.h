#pragma once

#include <map>
#include <string>
#include <vector>

#include "facts/facts.h"
#include "sshdconf/effective.h"

namespace sshkeep::app {

/// The effective configurations that can hold for an account: from an unremarkable address, and from those addresses,
/// hosts and ports for which a Match block names other files of the account. At most 32 such origins are looked at.
class Views {
public:
    Views(const sshdconf::Config& config, sshdconf::Evaluator& evaluator);

    /// Distinct, the ordinary one first.
    [[nodiscard]] std::vector<const sshdconf::Effective*> of(const facts::Account& account);
    /// Every one that some connection can meet: all accounts', root's, a stranger's and one for each Match block.
    /// Worked out at the first call.
    [[nodiscard]] const std::vector<const sshdconf::Effective*>& all(const facts::HostFacts& facts);

private:
    sshdconf::Evaluator& evaluator_;
    std::vector<sshdconf::Connection> origins_;  ///< without a user
    std::vector<const sshdconf::Effective*> all_;
};

}  // namespace sshkeep::app
