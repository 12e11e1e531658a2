#pragma once

#include <memory>

#include "ports/account_files.h"

namespace sshkeep::host {

[[nodiscard]] std::unique_ptr<ports::AccountFiles> make_account_files();

}  // namespace sshkeep::host
