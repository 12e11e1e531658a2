#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "ledger/verify.h"

/// The two halves of verify_log: what the records say, and whom the signatures belong to. Private to this room.
namespace sshkeep::ledger {

/// A signed statement about one size of the log.
struct Statement {
    SignedCheckpoint signed_checkpoint;
    std::string source;  ///< "the head", "kept checkpoint 256", a file name
    bool from_outside = false;
    bool agrees = false;  ///< with the tree that the records give
};

/// Reads records in order, rebuilds the tree, and remembers the first of each thing that does not fit.
class Rebuild {
public:
    Rebuild(LogReader& log, const Head& head, VerifyReport& report) : log_(log), head_(head), report_(report) {}

    /// `statements` sorted by size; each gets its `agrees`.
    [[nodiscard]] Result<void> run(std::vector<Statement>& statements);

    [[nodiscard]] const std::vector<Epoch>& epochs() const { return epochs_; }
    [[nodiscard]] const Frontier& tree() const { return tree_; }
    /// Says what is wrong with the records, knowing whether the rebuilt root is the signed one.
    [[nodiscard]] Result<void> explain(bool root_is_signed, const std::vector<Statement>& statements);

private:
    [[nodiscard]] Result<void> absent(std::uint64_t sequence);
    [[nodiscard]] Result<void> present(std::uint64_t sequence, std::string_view bytes);
    [[nodiscard]] Result<void> append(std::uint64_t sequence, const Hash& leaf);
    [[nodiscard]] Result<std::optional<Hash>> stored_leaf(std::uint64_t sequence);
    [[nodiscard]] Result<void> judge_payload(const Record& record);
    void judge_record(const Record& record);
    void judge_clock(const Record& record);
    [[nodiscard]] Result<void> compare_tiles(const std::vector<std::pair<TileId, Tile>>& tiles);
    [[nodiscard]] Result<std::optional<Finding>> first_bad(bool root_is_signed);
    [[nodiscard]] Result<Finding> classify(std::uint64_t sequence);
    void explain_rewriting(const std::vector<Statement>& statements);
    [[nodiscard]] Result<std::optional<Hash>> row_hash(std::uint64_t sequence);
    void mismatch(std::uint64_t sequence);

    LogReader& log_;
    Head head_;
    VerifyReport& report_;
    Frontier tree_;
    std::uint64_t next_ = 0;
    std::vector<Statement>* statements_ = nullptr;
    std::size_t next_statement_ = 0;

    std::optional<std::uint64_t> leaf_tile_index_;
    Tile leaf_tile_;
    std::optional<std::uint64_t> first_mismatch_;
    std::optional<std::uint64_t> first_missing_;
    std::uint64_t missing_ = 0;
    std::optional<std::uint64_t> first_beyond_;  ///< a row behind the head
    std::optional<TileId> first_bad_tile_;

    std::vector<Epoch> epochs_;
    std::set<std::uint64_t> open_;
    std::set<std::uint64_t> lost_payloads_;
    std::uint64_t retained_below_ = 0;
    std::optional<Record> last_;
};

void add_finding(VerifyReport& report, Tampering kind, std::optional<std::uint64_t> record, std::string text);

/// Whose signatures they are, and whether each key follows from the one before it.
void judge_signatures(const std::vector<Statement>& statements, const std::vector<Epoch>& epochs,
                      const VerifyOptions& options, VerifyReport& report);

}  // namespace sshkeep::ledger
