#pragma once

#include <functional>
#include <span>
#include <vector>

#include "sshdconf/conditions.h"
#include "sshdconf/settings.h"

namespace sshkeep::sshdconf {

// sshd reads its configuration once when it starts, acting on what stands outside Match blocks, and once more for each
// connection, acting on the blocks that match; what the second pass sets replaces what the first has set.

/// The conditions of all blocks, parsed; index 0 is empty.
[[nodiscard]] std::vector<Condition> parse_conditions(const Config& config);

/// Which blocks hold, their parents included. With no connection: those that sshd acts on when it starts.
[[nodiscard]] std::vector<Tri> evaluate_blocks(const Config& config, std::span<const Condition> conditions,
                                               const Connection* connection);

/// Whether one block holds, its parents included.
[[nodiscard]] Tri evaluate_block(const Config& config, std::uint32_t block, const Connection& connection);

using Report = std::function<void(Diagnostic::Kind, const Origin&, std::string)>;

/// With a report, lines that are not acted on are checked as sshd checks them.
[[nodiscard]] Slots run_start_pass(const Config& config, std::span<const Tri> blocks, const Report* report = nullptr);
[[nodiscard]] Slots run_connection_pass(const Config& config, std::span<const Tri> blocks);

/// "depends on Match exec true at /etc/ssh/sshd_config:12": the innermost block that nothing is known of.
[[nodiscard]] std::string uncertainty_of(const Config& config, std::uint32_t block);

/// "/etc/ssh/sshd_config:12"
[[nodiscard]] std::string place(const Config& config, const Origin& origin);

}  // namespace sshkeep::sshdconf
