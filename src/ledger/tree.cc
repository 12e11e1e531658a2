#include "ledger/tree.h"

#include <algorithm>
#include <bit>

namespace sshkeep::ledger {
namespace {

/// The largest power of two below n; n > 1.
std::uint64_t split_of(std::uint64_t n) { return std::bit_floor(n - 1); }

/// Root of the leaves [first, end). The left parts of RFC 6962's splits are complete subtrees; only the right edge
/// recurses, at most once a bit of the size.
Result<Hash> range_root(std::uint64_t first, std::uint64_t end, const NodeReader& node) {
    const auto count = end - first;
    if (std::has_single_bit(count)) {
        const auto level = static_cast<unsigned>(std::countr_zero(count));
        return node({level, first >> level});
    }
    const auto split = split_of(count);
    const auto left = TRY(range_root(first, first + split, node));
    return node_hash(left, TRY(range_root(first + split, end, node)));
}

}  // namespace

void RightEdge::append(const Hash& leaf) {
    Hash hash = leaf;
    for (auto carried = size_; (carried & 1U) != 0; carried >>= 1) {
        hash = node_hash(nodes_.back(), hash);
        nodes_.pop_back();
    }
    nodes_.push_back(hash);
    ++size_;
}

Hash RightEdge::root() const {
    if (nodes_.empty()) {
        return empty_root();
    }
    Hash root = nodes_.back();
    for (auto i = nodes_.size() - 1; i-- > 0;) {
        root = node_hash(nodes_[i], root);
    }
    return root;
}

Result<RightEdge> RightEdge::read(std::uint64_t size, const NodeReader& node) {
    RightEdge edge;
    edge.size_ = size;
    for (unsigned level = 64; level-- > 0;) {
        if ((size >> level & 1U) != 0) {
            edge.nodes_.push_back(TRY(node({level, (size >> level) - 1})));
        }
    }
    return edge;
}

Result<Hash> read_root(std::uint64_t size, const NodeReader& node) {
    if (size == 0) {
        return empty_root();
    }
    return range_root(0, size, node);
}

Result<std::vector<Hash>> prove_inclusion(std::uint64_t index, std::uint64_t size, const NodeReader& node) {
    if (index >= size) {
        return fail(ErrorCode::invalid,
                    "the tree of " + std::to_string(size) + " has no leaf " + std::to_string(index));
    }
    std::vector<Hash> proof;
    std::uint64_t first = 0;
    std::uint64_t end = size;
    while (end - first > 1) {
        const auto middle = first + split_of(end - first);
        if (index < middle) {
            proof.push_back(TRY(range_root(middle, end, node)));
            end = middle;
        } else {
            proof.push_back(TRY(range_root(first, middle, node)));
            first = middle;
        }
    }
    std::ranges::reverse(proof);
    return proof;
}

Result<std::vector<Hash>> prove_consistency(std::uint64_t old_size, std::uint64_t size, const NodeReader& node) {
    if (old_size > size) {
        return fail(ErrorCode::invalid,
                    "a tree of " + std::to_string(size) + " cannot contain one of " + std::to_string(old_size));
    }
    std::vector<Hash> proof;
    if (old_size == 0 || old_size == size) {
        return proof;
    }
    std::uint64_t first = 0;
    std::uint64_t end = size;
    while (old_size != end) {
        const auto middle = first + split_of(end - first);
        if (old_size <= middle) {
            proof.push_back(TRY(range_root(middle, end, node)));
            end = middle;
        } else {
            proof.push_back(TRY(range_root(first, middle, node)));
            first = middle;
        }
    }
    if (first != 0) {  // otherwise the verifier has this root already
        proof.push_back(TRY(range_root(first, end, node)));
    }
    std::ranges::reverse(proof);
    return proof;
}

Result<Hash> root_of_inclusion(const Hash& leaf, std::uint64_t index, std::uint64_t size, std::span<const Hash> proof) {
    if (index >= size) {
        return fail(ErrorCode::invalid, "the leaf is outside of the tree");
    }
    // RFC 9162, 2.1.3.2.
    auto position = index;
    auto last = size - 1;
    Hash root = leaf;
    for (const auto& hash : proof) {
        if (last == 0) {
            return fail(ErrorCode::invalid, "the proof is too long");
        }
        if ((position & 1U) != 0 || position == last) {
            root = node_hash(hash, root);
            while ((position & 1U) == 0 && position != 0) {
                position >>= 1;
                last >>= 1;
            }
        } else {
            root = node_hash(root, hash);
        }
        position >>= 1;
        last >>= 1;
    }
    if (last != 0) {
        return fail(ErrorCode::invalid, "the proof is too short");
    }
    return root;
}

bool is_included(const Hash& leaf, std::uint64_t index, std::uint64_t size, std::span<const Hash> proof,
                 const Hash& root) {
    return root_of_inclusion(leaf, index, size, proof) == root;
}

bool is_consistent(std::uint64_t old_size, const Hash& old_root, std::uint64_t size, const Hash& root,
                   std::span<const Hash> proof) {
    if (old_size == 0 || old_size >= size) {
        return proof.empty() && (old_size == 0 ? old_root == empty_root() : old_size == size && old_root == root);
    }
    // RFC 9162, 2.1.4.2.
    auto position = old_size - 1;
    auto last = size - 1;
    while ((position & 1U) != 0) {
        position >>= 1;
        last >>= 1;
    }
    auto rest = proof;
    Hash from_old = old_root;  // the old tree is a complete subtree: its root is not in the proof
    if (!std::has_single_bit(old_size)) {
        if (rest.empty()) {
            return false;
        }
        from_old = rest.front();
        rest = rest.subspan(1);
    }
    Hash from_new = from_old;
    for (const auto& hash : rest) {
        if (last == 0) {
            return false;
        }
        if ((position & 1U) != 0 || position == last) {
            from_old = node_hash(hash, from_old);
            from_new = node_hash(hash, from_new);
            while ((position & 1U) == 0 && position != 0) {
                position >>= 1;
                last >>= 1;
            }
        } else {
            from_new = node_hash(from_new, hash);
        }
        position >>= 1;
        last >>= 1;
    }
    return last == 0 && from_old == old_root && from_new == root;
}

}  // namespace sshkeep::ledger
