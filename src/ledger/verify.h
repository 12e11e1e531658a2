#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ledger/checkpoint.h"
#include "ledger/store.h"

/// The judge of a ledger: rebuilds the tree from the records and compares everything that is stored with it.
namespace sshkeep::ledger {

enum class Tampering : std::uint8_t {
    record_altered,
    record_deleted,
    record_inserted,
    records_reordered,
    history_rewritten,  ///< records and tree agree with each other, but not with a signed checkpoint
    node_altered,       ///< the records are authentic, a stored hash of the tree is not
    tail_cut,           ///< the head promises records that are not there
    rolled_back,        ///< a saved checkpoint promises more than the ledger has
    history_forked,     ///< a saved checkpoint shows another history of the same length or less
    key_swapped,        ///< signed by a key that does not follow from the trusted one
    signature_wrong,
    payload_altered,
    payload_missing,  ///< gone without a record of its erasure
    clock_stepped_back,
    file_damaged,  ///< the database file itself; found by the storage
};
[[nodiscard]] std::string_view name_of(Tampering kind);

struct Finding {
    Tampering kind = Tampering::record_altered;
    std::optional<std::uint64_t> record;  ///< the first one concerned
    std::string text;                     ///< a sentence; may hold bytes of the ledger, escape it
};

/// A checkpoint that was kept elsewhere, and where.
struct SavedCheckpoint {
    std::string source;
    SignedCheckpoint checkpoint;
};

struct VerifyOptions {
    std::optional<VerifierKey> trusted;  ///< without it record 0 is believed to name the first key
    std::vector<SavedCheckpoint> saved;
};

struct VerifyReport {
    Checkpoint head;
    std::vector<Finding> findings;  ///< what is wrong, the earliest record first; bounded
    std::vector<Finding> warnings;  ///< what is strange but happens without an attacker: the clock
    std::uint64_t epochs = 0;
    std::uint64_t checkpoints = 0;  ///< signatures that were checked and are good
    std::uint64_t archived_below = 0;
    std::uint64_t erased_payloads = 0;
    std::vector<std::uint64_t> open_intents;  ///< bounded
    VerifierKey first_key;
    VerifierKey current_key;

    [[nodiscard]] bool good() const { return findings.empty(); }
};

constexpr std::size_t max_findings = 20;

/// Reads the whole ledger once; memory does not grow with it. An Error means the ledger could not be read to its end.
[[nodiscard]] Result<VerifyReport> verify_log(LogReader& log, const VerifyOptions& options);

/// The epochs of keys that the log's own records tell, in order; a log has at least one when it has records.
struct Epoch {
    std::uint64_t record = 0;  ///< signs checkpoints of more than `record` leaves
    VerifierKey key;
};

/// What an inclusion proof proves to somebody who has only the key: the record.
[[nodiscard]] Result<Record> verify_proof(const InclusionProof& proof, const VerifierKey& key);

/// The keys that follow from `first` by proofs of epoch records, each signed by the key before: `first` and those.
[[nodiscard]] Result<std::vector<VerifierKey>> verify_succession(std::span<const InclusionProof> proofs,
                                                                 const VerifierKey& first);

}  // namespace sshkeep::ledger
