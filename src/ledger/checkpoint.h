#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ledger/hash.h"
#include "ledger/note.h"

/// Checkpoints (C2SP tlog-checkpoint), proofs that travel (tlog-proof) and requests to a witness (tlog-witness).
namespace sshkeep::ledger {

/// The state of a log at one size: what a checkpoint's text says.
struct Checkpoint {
    std::string origin;
    std::uint64_t size = 0;
    Hash root{};

    friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

[[nodiscard]] std::string render_checkpoint(const Checkpoint& checkpoint);
/// Of a note's text. Extension lines are allowed and ignored.
[[nodiscard]] Result<Checkpoint> parse_checkpoint(std::string_view text);
/// Checkpoint text and the log's signature as one note.
[[nodiscard]] std::string sign_checkpoint(const Checkpoint& checkpoint, const PrivateKey& key);

/// A checkpoint together with the note that carries it.
struct SignedCheckpoint {
    Checkpoint checkpoint;
    Note note;
};
[[nodiscard]] Result<SignedCheckpoint> parse_signed_checkpoint(std::string_view bytes);

/// One record's place in a signed tree: all that a stranger needs besides the public key.
struct InclusionProof {
    std::string
        record;  ///< canonical bytes, in the format's `extra` line; believed only because the proof leads to the root
    std::uint64_t index = 0;
    std::vector<Hash> hashes;
    std::string checkpoint;  ///< the signed note
};
[[nodiscard]] std::string render_proof(const InclusionProof& proof);
[[nodiscard]] Result<InclusionProof> parse_proof(std::string_view bytes);

/// Several proofs one behind the other, as one text: each but the last proves the record that announces the next key.
[[nodiscard]] std::string render_proofs(const std::vector<InclusionProof>& proofs);
[[nodiscard]] Result<std::vector<InclusionProof>> parse_proofs(std::string_view bytes);

/// Checkpoints one behind the other, as a file that they were appended to holds them.
[[nodiscard]] Result<std::vector<SignedCheckpoint>> parse_checkpoint_file(std::string_view bytes);

/// What a log sends to a witness: that the tree grew from `old_size` to the checkpoint's.
struct WitnessRequest {
    std::uint64_t old_size = 0;
    std::vector<Hash> hashes;
    std::string checkpoint;  ///< the signed note
};
[[nodiscard]] std::string render_witness_request(const WitnessRequest& request);
[[nodiscard]] Result<WitnessRequest> parse_witness_request(std::string_view bytes);

constexpr std::size_t max_proofs = 4096;
constexpr std::size_t max_proof_hashes = 63;
constexpr std::size_t max_proof = 256UZ * 1024;

}  // namespace sshkeep::ledger
