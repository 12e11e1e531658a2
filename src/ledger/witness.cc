#include "ledger/witness.h"

#include <algorithm>

namespace sshkeep::ledger {

Result<WitnessState> decide_witness(const WitnessState& state, std::span<const InclusionProof> succession,
                                    const WitnessRequest& request) {
    const auto signed_checkpoint = TRY(parse_signed_checkpoint(request.checkpoint));
    const auto& checkpoint = signed_checkpoint.checkpoint;
    const auto keys = TRY(verify_succession(succession, state.key));
    if (checkpoint.origin != state.key.name) {
        return fail(ErrorCode::not_found, "this witness knows no log of that name");
    }
    if (!is_signed_by(signed_checkpoint.note, keys.back())) {
        return fail(ErrorCode::permission, "the checkpoint is not signed by the log's key");
    }
    if (request.old_size != state.last.size) {
        return fail(ErrorCode::unsupported, "the last checkpoint seen here has another size");
    }
    if (checkpoint.size < request.old_size) {
        return fail(ErrorCode::invalid, "the log became shorter: " + std::to_string(checkpoint.size) + " records, " +
                                            std::to_string(request.old_size) + " were seen");
    }
    const bool first = state.last.size == 0;
    if (first ? !request.hashes.empty()
              : !is_consistent(request.old_size, state.last.root, checkpoint.size, checkpoint.root, request.hashes)) {
        return fail(ErrorCode::invalid, "the log was rewritten: its first " + std::to_string(request.old_size) +
                                            " records are not those that were seen here");
    }
    return WitnessState{checkpoint, keys.back()};
}

}  // namespace sshkeep::ledger
