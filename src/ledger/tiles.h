#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <utility>
#include <vector>

#include "base/result.h"
#include "ledger/tree.h"

/// How the tree is stored: tiles of up to 256 hashes, eight levels of the tree each. A tile of level L holds the hashes
/// of the complete subtrees of 256^L leaves; everything between is recomputed from one tile. The last tile of a level
/// is partial.
namespace sshkeep::ledger {

constexpr unsigned tile_height = 8;
constexpr std::uint64_t tile_width = 1U << tile_height;
constexpr unsigned tile_levels = 64 / tile_height;

struct TileId {
    unsigned level = 0;
    std::uint64_t index = 0;

    friend auto operator<=>(const TileId&, const TileId&) = default;
};

using Tile = std::vector<Hash>;
using TileReader = std::function<Result<Tile>(TileId)>;

/// Number of hashes the tile has in a tree of that size; 0 when there is none.
[[nodiscard]] std::uint64_t tile_size(TileId id, std::uint64_t tree_size);
/// Root of a run of hashes whose number is a power of two.
[[nodiscard]] Hash complete_root(std::span<const Hash> hashes);
/// Nodes by way of tiles; keeps the last tile of each level. Not thread-safe.
[[nodiscard]] NodeReader nodes_from(TileReader tiles);

/// The growing end of a stored tree: the right edge and the last tile of each level.
class Frontier {
public:
    /// That of a stored tree. Reads one tile a level.
    [[nodiscard]] static Result<Frontier> read(std::uint64_t size, const TileReader& tiles);

    void append(const Hash& leaf);
    [[nodiscard]] std::uint64_t size() const noexcept { return edge_.size(); }
    [[nodiscard]] Hash root() const { return edge_.root(); }
    /// The tiles that changed since the last call, each as it is now.
    [[nodiscard]] std::vector<std::pair<TileId, Tile>> take_changes();
    /// Only those that are full now; for a reader who wants each tile once.
    [[nodiscard]] std::vector<std::pair<TileId, Tile>> take_full() { return std::exchange(full_, {}); }

private:
    RightEdge edge_;
    std::array<Tile, tile_levels> partial_;
    std::array<bool, tile_levels> touched_{};
    std::vector<std::pair<TileId, Tile>> full_;
};

}  // namespace sshkeep::ledger
