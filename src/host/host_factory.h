#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "ports/host.h"

namespace sshkeep::host {

/// The running machine: its files by system calls, accounts and groups through the name services (getpwent, getgrent).
[[nodiscard]] Result<std::unique_ptr<ports::Host>> make_local_host();
/// The tree below a directory: every path and link resolves inside it, nothing outside is touched, nothing is executed.
[[nodiscard]] Result<std::unique_ptr<ports::Host>> make_tree_host(const std::string& directory);

}  // namespace sshkeep::host
