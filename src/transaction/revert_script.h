#pragma once

#include <string>
#include <string_view>

#include "transaction/transaction.h"

namespace sshkeep::transaction {

/// revert.sh: plain POSIX sh that restores everything without sshkeep. `directory` is the transaction's own.
/// Called with "timer", "boot", "command", "confirmed" (undo even after a confirmation) or nothing; a second argument
/// is the number of seconds to wait first.
[[nodiscard]] std::string render_revert_script(const Manifest& manifest, const std::string& directory);

/// One word of sh, whatever it holds.
[[nodiscard]] std::string quoted(std::string_view text);

}  // namespace sshkeep::transaction
