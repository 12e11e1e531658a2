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
    /// `asked`: origins that are looked at beyond those.
    Views(const sshdconf::Config& config, sshdconf::Evaluator& evaluator, std::vector<sshdconf::Connection> asked = {});

    /// Distinct, the ordinary one first.
    [[nodiscard]] std::vector<const sshdconf::Effective*> of(const facts::Account& account);
    /// Every one that some connection can meet: all accounts', root's, a stranger's, one for each Match block, and
    /// those of every account from the origins that were asked for.
    /// Worked out at the first call.
    [[nodiscard]] const std::vector<const sshdconf::Effective*>& all(const facts::HostFacts& facts);

private:
    void add_asked(const facts::HostFacts& facts);

    sshdconf::Evaluator& evaluator_;
    std::vector<sshdconf::Connection> asked_;
    std::vector<sshdconf::Connection> origins_;  ///< without a user; those that were asked for among them
    std::vector<const sshdconf::Effective*> all_;
};

}  // namespace sshkeep::app
