#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/checkpoint.h"
#include "ledger/store.h"
#include "ledger/verify.h"

/// Proofs about a ledger, made from the stored tree without reading the records.
namespace sshkeep::app {

/// The epochs, oldest first; by the chain that their records make, not by a scan.
[[nodiscard]] Result<std::vector<ledger::Epoch>> read_epochs(ledger::LogReader& log);

/// Proofs of the records that announce the keys behind the first one, up to the one that signed the head.
[[nodiscard]] Result<std::vector<ledger::InclusionProof>> prove_succession(ledger::LogReader& log);

/// Succession and, last, the record itself in the present tree. `record` is given for one that was archived.
[[nodiscard]] Result<std::vector<ledger::InclusionProof>> prove_record(ledger::LogReader& log, std::uint64_t sequence,
                                                                       std::optional<std::string> record);

/// What such proofs prove to somebody who trusts the first key: the last one's record.
[[nodiscard]] Result<ledger::Record> verify_proofs(std::span<const ledger::InclusionProof> proofs,
                                                   const ledger::VerifierKey& first);

/// That the log only grew since it had `old_size` records.
[[nodiscard]] Result<std::vector<ledger::Hash>> prove_growth(ledger::LogReader& log, std::uint64_t old_size);

/// Whether an archived record is the one that the tree was built from.
[[nodiscard]] Result<bool> matches_tree(ledger::LogReader& log, std::uint64_t sequence, std::string_view record);

}  // namespace sshkeep::app
