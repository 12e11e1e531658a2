#include "ledger/tiles.h"

#include <algorithm>
#include <bit>
#include <memory>
#include <string>

#include "base/check.h"

namespace sshkeep::ledger {
namespace {

/// Complete subtrees of 256^level leaves in a tree of that size.
std::uint64_t entries(unsigned level, std::uint64_t tree_size) { return tree_size >> (tile_height * level); }

struct CachedTile {
    std::uint64_t index = 0;
    Tile tile;
};

}  // namespace

std::uint64_t tile_size(TileId id, std::uint64_t tree_size) {
    const auto count = id.level < tile_levels ? entries(id.level, tree_size) : 0;
    if (id.index > count / tile_width) {
        return 0;
    }
    return std::min(tile_width, count - id.index * tile_width);
}

Hash complete_root(std::span<const Hash> hashes) {
    CHECK(std::has_single_bit(hashes.size()));
    std::vector<Hash> row(hashes.begin(), hashes.end());
    while (row.size() > 1) {
        for (std::size_t i = 0; i < row.size() / 2; ++i) {
            row[i] = node_hash(row[2 * i], row[2 * i + 1]);
        }
        row.resize(row.size() / 2);
    }
    return row.front();
}

NodeReader nodes_from(TileReader tiles) {
    auto cache = std::make_shared<std::array<CachedTile, tile_levels>>();
    return [tiles = std::move(tiles), cache](NodeId id) -> Result<Hash> {
        CHECK(id.level < 64);
        const auto level = id.level / tile_height;
        const auto inner = id.level % tile_height;
        const auto first = id.index << inner;  // of the tile level's entries
        auto& cached = (*cache)[level];
        const auto index = first / tile_width;
        const auto at = first % tile_width;
        const auto count = 1UZ << inner;
        if (cached.index != index || cached.tile.size() < at + count) {
            cached = {index, TRY(tiles({level, index}))};
        }
        if (cached.tile.size() < at + count) {
            return fail(ErrorCode::invalid, "tile " + std::to_string(level) + '/' + std::to_string(index) +
                                                " of the tree is missing or cut short");
        }
        return complete_root(std::span(cached.tile).subspan(at, count));
    };
}

Result<Frontier> Frontier::read(std::uint64_t size, const TileReader& tiles) {
    Frontier frontier;
    for (unsigned level = 0; level < tile_levels; ++level) {
        const TileId last{level, entries(level, size) / tile_width};
        const auto wanted = tile_size(last, size);
        if (wanted == 0) {
            continue;
        }
        auto tile = TRY(tiles(last));
        if (tile.size() < wanted) {
            return fail(ErrorCode::invalid, "the last tile of level " + std::to_string(level) + " is cut short");
        }
        tile.resize(wanted);
        frontier.partial_[level] = std::move(tile);
    }
    frontier.edge_ = TRY(RightEdge::read(size, nodes_from(tiles)));
    return frontier;
}

void Frontier::append(const Hash& leaf) {
    edge_.append(leaf);
    Hash hash = leaf;
    for (unsigned level = 0; level < tile_levels; ++level) {
        auto& tile = partial_[level];
        tile.push_back(hash);
        touched_[level] = true;
        if (tile.size() < tile_width) {
            return;
        }
        hash = complete_root(tile);
        full_.emplace_back(TileId{level, entries(level, size()) / tile_width - 1}, std::exchange(tile, {}));
        touched_[level] = false;
    }
}

std::vector<std::pair<TileId, Tile>> Frontier::take_changes() {
    auto changes = take_full();
    for (unsigned level = 0; level < tile_levels; ++level) {
        if (std::exchange(touched_[level], false)) {
            changes.emplace_back(TileId{level, entries(level, size()) / tile_width}, partial_[level]);
        }
    }
    return changes;
}

}  // namespace sshkeep::ledger
