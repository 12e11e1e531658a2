#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "base/result.h"
#include "ledger/hash.h"

/// The Merkle tree of RFC 6962: right edge, roots, inclusion and consistency proofs.
namespace sshkeep::ledger {

/// The complete subtree of 2^level leaves that begins at leaf index * 2^level.
struct NodeId {
    unsigned level = 0;
    std::uint64_t index = 0;
};

/// Gives the hash of a complete subtree.
using NodeReader = std::function<Result<Hash>(NodeId)>;

/// The right edge of a tree: the roots of the complete subtrees that its size is made of, widest first.
/// One hash for each bit that is set in the size; appending costs O(log n), one hash on average.
class RightEdge {
public:
    void append(const Hash& leaf);
    [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
    [[nodiscard]] Hash root() const;
    /// The edge of the first `size` leaves of a stored tree.
    [[nodiscard]] static Result<RightEdge> read(std::uint64_t size, const NodeReader& node);

private:
    std::uint64_t size_ = 0;
    std::vector<Hash> nodes_;
};

/// Root of the leaves [0, size).
[[nodiscard]] Result<Hash> read_root(std::uint64_t size, const NodeReader& node);
/// RFC 6962, 2.1.1: from the leaf's sibling to the root's child. index < size, else an Error.
[[nodiscard]] Result<std::vector<Hash>> prove_inclusion(std::uint64_t index, std::uint64_t size,
                                                        const NodeReader& node);
/// RFC 6962, 2.1.2: that the tree of `old_size` is the beginning of that of `size`. old_size <= size, else an Error.
[[nodiscard]] Result<std::vector<Hash>> prove_consistency(std::uint64_t old_size, std::uint64_t size,
                                                          const NodeReader& node);

/// The root that leaf and proof lead to; an Error when the proof has the wrong length for that place.
[[nodiscard]] Result<Hash> root_of_inclusion(const Hash& leaf, std::uint64_t index, std::uint64_t size,
                                             std::span<const Hash> proof);
[[nodiscard]] bool is_included(const Hash& leaf, std::uint64_t index, std::uint64_t size, std::span<const Hash> proof,
                               const Hash& root);
[[nodiscard]] bool is_consistent(std::uint64_t old_size, const Hash& old_root, std::uint64_t size, const Hash& root,
                                 std::span<const Hash> proof);

}  // namespace sshkeep::ledger
