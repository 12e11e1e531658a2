#pragma once

#include <string>
#include <vector>

#include "facts/facts.h"
#include "sshdconf/effective.h"

namespace sshkeep::facts {

/// Most contexts of one host.
inline constexpr std::size_t max_contexts = 16384;

/// A group of connections that sshd treats alike: same Match outcome.
struct Context {
    std::string
        label;  ///< "every connection", "user root", "Match User bob", "unknown user", "users alice, bob and 37 more"
    sshdconf::Connection connection;    ///< one of them
    std::vector<std::string> accounts;  ///< existing accounts for which it holds (from an unremarkable address)
    std::vector<std::uint32_t> blocks;  ///< Match blocks that apply
    const sshdconf::Effective* effective = nullptr;  ///< owned by the Evaluator
};

/// The connections that matter: a stranger, root, every account, and one sample for each Match block; those with the
/// same outcome merged. Order: the stranger's first, then root's, then by first account or block.
/// With accounts unknown, the Match samples, root and the stranger remain. Beyond `most` there is one more for all that
/// is left out, every setting of which is uncertain.
[[nodiscard]] std::vector<Context> contexts_of(const HostFacts& facts, sshdconf::Evaluator& evaluator,
                                               std::size_t most = max_contexts);

/// The connection of an account from an unremarkable address.
[[nodiscard]] sshdconf::Connection connection_of(const Account& account);

}  // namespace sshkeep::facts
