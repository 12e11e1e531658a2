#include "ledger/tree.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "ledger/encoding.h"
#include "ledger/tiles.h"

namespace sshkeep::ledger {
namespace {

/// RFC 6962, 2.1, word by word: the slow truth.
Hash reference_root(std::span<const Hash> leaves) {
    if (leaves.empty()) {
        return empty_root();
    }
    if (leaves.size() == 1) {
        return leaves[0];
    }
    std::size_t split = 1;
    while (split * 2 < leaves.size()) {
        split *= 2;
    }
    return node_hash(reference_root(leaves.first(split)), reference_root(leaves.subspan(split)));
}

std::vector<Hash> make_leaves(std::size_t count) {
    std::vector<Hash> leaves;
    for (std::size_t i = 0; i < count; ++i) {
        leaves.push_back(leaf_hash("leaf " + std::to_string(i)));
    }
    return leaves;
}

NodeReader nodes_of(const std::vector<Hash>& leaves) {
    return [&leaves](NodeId id) -> Result<Hash> {
        const auto width = 1UZ << id.level;
        return reference_root(std::span(leaves).subspan(id.index * width, width));
    };
}

/// The eight leaves and nine roots of the reference implementation's tests (certificate-transparency).
TEST(Tree, HasTheReferenceRoots) {
    const std::vector<std::string> leaves{
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};
    const std::vector<std::string> roots{"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                                         "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                                         "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                                         "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                                         "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                                         "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                                         "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                                         "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                                         "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
    RightEdge edge;
    EXPECT_EQ(to_hex(edge.root()), roots[0]);
    for (std::size_t i = 0; i < leaves.size(); ++i) {
        edge.append(leaf_hash(*parse_hex(leaves[i])));
        EXPECT_EQ(to_hex(edge.root()), roots[i + 1]) << i + 1;
    }
}

TEST(Tree, RightEdgeIsTheWholeTree) {
    const auto leaves = make_leaves(300);
    RightEdge edge;
    for (std::size_t n = 0; n < leaves.size(); ++n) {
        EXPECT_EQ(edge.root(), reference_root(std::span(leaves).first(n)));
        const auto read = RightEdge::read(n, nodes_of(leaves));
        ASSERT_TRUE(read);
        EXPECT_EQ(read->root(), edge.root());
        edge.append(leaves[n]);
    }
}

TEST(Tree, EveryInclusionProofHoldsAndNoOther) {
    const auto leaves = make_leaves(70);
    for (std::size_t size = 1; size <= leaves.size(); ++size) {
        const auto root = reference_root(std::span(leaves).first(size));
        for (std::size_t index = 0; index < size; ++index) {
            const auto proof = prove_inclusion(index, size, nodes_of(leaves));
            ASSERT_TRUE(proof);
            EXPECT_TRUE(is_included(leaves[index], index, size, *proof, root));
            EXPECT_FALSE(is_included(leaves[index], index + 1, size, *proof, root)) << index << '/' << size;
            EXPECT_FALSE(is_included(leaf_hash("other"), index, size, *proof, root));
            auto longer = *proof;
            longer.push_back(root);
            EXPECT_FALSE(is_included(leaves[index], index, size, longer, root));
            if (!proof->empty()) {
                EXPECT_FALSE(is_included(leaves[index], index, size, std::span(*proof).first(proof->size() - 1), root));
            }
        }
    }
    EXPECT_FALSE(prove_inclusion(3, 3, nodes_of(leaves)));
}

TEST(Tree, EveryConsistencyProofHoldsAndNoOther) {
    const auto leaves = make_leaves(70);
    for (std::size_t size = 0; size <= leaves.size(); ++size) {
        const auto root = reference_root(std::span(leaves).first(size));
        for (std::size_t old_size = 0; old_size <= size; ++old_size) {
            const auto old_root = reference_root(std::span(leaves).first(old_size));
            const auto proof = prove_consistency(old_size, size, nodes_of(leaves));
            ASSERT_TRUE(proof);
            EXPECT_TRUE(is_consistent(old_size, old_root, size, root, *proof)) << old_size << '/' << size;
            EXPECT_FALSE(is_consistent(old_size, leaf_hash("other"), size, root, *proof));
            if (old_size != 0) {
                EXPECT_FALSE(is_consistent(old_size, old_root, size, leaf_hash("other"), *proof));
            }
            for (std::size_t i = 0; i < proof->size(); ++i) {
                auto bent = *proof;
                bent[i][5] ^= 1;
                EXPECT_FALSE(is_consistent(old_size, old_root, size, root, bent));
            }
        }
    }
    EXPECT_FALSE(prove_consistency(4, 3, nodes_of(leaves)));
}

TEST(Tree, ConsistencyRefusesAnotherHistory) {
    auto leaves = make_leaves(40);
    const auto old_root = reference_root(std::span(leaves).first(20));
    leaves[7] = leaf_hash("rewritten");
    const auto proof = prove_consistency(20, 40, nodes_of(leaves));
    EXPECT_FALSE(is_consistent(20, old_root, 40, reference_root(leaves), *proof));
}

/// Tiles as a database would keep them.
class TileStore {
public:
    void put(const std::vector<std::pair<TileId, Tile>>& tiles) {
        for (const auto& [id, tile] : tiles) {
            tiles_[id] = tile;
        }
    }
    TileReader reader() {
        return [this](TileId id) -> Result<Tile> { return tiles_[id]; };
    }

private:
    std::map<TileId, Tile> tiles_;
};

TEST(Tiles, FrontierGoesOnWhereItStopped) {
    TileStore store;
    Frontier all;
    RightEdge edge;
    const auto leaves = make_leaves(1000);
    for (std::size_t i = 0; i < leaves.size();) {
        auto resumed = Frontier::read(i, store.reader());
        ASSERT_TRUE(resumed) << i;
        for (std::size_t n = 0; n < 37 && i < leaves.size(); ++n, ++i) {
            resumed->append(leaves[i]);
            all.append(leaves[i]);
            edge.append(leaves[i]);
        }
        store.put(resumed->take_changes());
        EXPECT_EQ(resumed->root(), edge.root());
        EXPECT_EQ(all.root(), edge.root());
    }
}

TEST(Tiles, ProofsReachOverThreeLevels) {
    TileStore store;
    Frontier frontier;
    constexpr std::uint64_t size = 70'000;
    for (std::uint64_t i = 0; i < size; ++i) {
        frontier.append(leaf_hash(std::to_string(i)));
    }
    store.put(frontier.take_changes());
    const auto node = nodes_from(store.reader());
    EXPECT_EQ(read_root(size, node), frontier.root());
    for (std::uint64_t index = 0; index < size; index += 1009) {
        const auto proof = prove_inclusion(index, size, node);
        ASSERT_TRUE(proof);
        EXPECT_TRUE(is_included(leaf_hash(std::to_string(index)), index, size, *proof, frontier.root()));
    }
    EXPECT_EQ(tile_size({2, 0}, size), 1U);
    EXPECT_EQ(tile_size({1, 1}, size), 17U);
    EXPECT_EQ(tile_size({0, 273}, size), 112U);
    EXPECT_EQ(tile_size({0, 274}, size), 0U);
}

TEST(Tiles, AMissingTileIsAnErrorNotAHash) {
    const auto node = nodes_from([](TileId) -> Result<Tile> { return Tile{}; });
    EXPECT_FALSE(prove_inclusion(3, 300, node));
    EXPECT_FALSE(Frontier::read(300, [](TileId) -> Result<Tile> { return Tile{}; }));
}

}  // namespace
}  // namespace sshkeep::ledger
