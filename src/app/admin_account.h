#pragma once

#include <string>
#include <vector>

#include "facts/facts.h"
#include "transaction/transaction.h"

namespace sshkeep::app {

struct AdminRequest {
    std::string name;
    std::vector<std::string> keys;  ///< public key lines
};

/// Makes an administrative account: home, shell, no password, sudo without one, the keys. An existing account gets what
/// it lacks. One recorded action; what was begun and fails is undone. Gives what was done, a sentence each; nothing
/// when nothing was missing.
[[nodiscard]] Result<std::vector<std::string>> make_admin_account(const facts::HostFacts& facts,
                                                                  const AdminRequest& request,
                                                                  const transaction::World& world);

/// The public key lines that open root now.
[[nodiscard]] std::vector<std::string> keys_of_root(const facts::HostFacts& facts, ports::Files& files);

}  // namespace sshkeep::app
