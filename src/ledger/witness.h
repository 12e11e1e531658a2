#pragma once

#include <optional>

#include "ledger/checkpoint.h"
#include "ledger/verify.h"

/// A witness: keeps the last state of another host's log, and signs a new one only when it is shown that the log merely
/// grew.
namespace sshkeep::ledger {

/// What a witness remembers of a log.
struct WitnessState {
    Checkpoint last;  ///< of size 0 before the first
    VerifierKey key;  ///< in force at that size
};

/// The state after `request`, whose checkpoint may now be cosigned. `succession` proves the keys that came since. An
/// Error of code unsupported means only that the request starts from another size than `state.last.size`, one of code
/// permission that a signature is not the log's.
[[nodiscard]] Result<WitnessState> decide_witness(const WitnessState& state, std::span<const InclusionProof> succession,
                                                  const WitnessRequest& request);

}  // namespace sshkeep::ledger
