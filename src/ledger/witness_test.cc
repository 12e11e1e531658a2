#include "ledger/witness.h"

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <string>

namespace sshkeep::ledger {
namespace {

PrivateKey key_of(std::uint8_t number) {
    std::array<std::uint8_t, 32> seed{};
    seed.fill(number);
    return *PrivateKey::from_seed(seed);
}

/// A log whose leaves are in memory.
struct Log {
    std::vector<Hash> leaves;
    PrivateKey key = key_of(1);

    explicit Log(const std::string& history, std::size_t size) {
        for (std::size_t i = 0; i < size; ++i) {
            leaves.push_back(leaf_hash(history + std::to_string(i)));
        }
    }
    [[nodiscard]] NodeReader nodes() const {
        return [this](NodeId id) -> Result<Hash> {
            return complete_root(std::span(leaves).subspan(id.index << id.level, 1UZ << id.level));
        };
    }
    [[nodiscard]] WitnessRequest request(std::uint64_t old_size, std::uint64_t size) const {
        return {old_size, *prove_consistency(old_size, size, nodes()),
                sign_checkpoint({"log", size, *read_root(size, nodes())}, key)};
    }
};

class Witness : public ::testing::Test {
protected:
    WitnessState fresh{.key = {"log", KeyKind::ed25519, key_of(1).public_key()}};
    Log log{"true ", 50};
};

TEST_F(Witness, FollowsALogThatGrows) {
    auto state = decide_witness(fresh, {}, log.request(0, 10));
    ASSERT_TRUE(state);
    EXPECT_EQ(state->last.size, 10U);
    for (const std::uint64_t size : {10U, 17U, 32U, 50U}) {
        state = decide_witness(*state, {}, log.request(state->last.size, size));
        ASSERT_TRUE(state) << state.error().message;
    }
    EXPECT_EQ(state->last.size, 50U);
}

TEST_F(Witness, RefusesWhateverIsNotGrowth) {
    const auto state = *decide_witness(fresh, {}, log.request(0, 20));
    const auto code = [&](const WitnessRequest& request) {
        const auto next = decide_witness(state, {}, request);
        return next ? std::optional<ErrorCode>() : next.error().code;
    };
    EXPECT_EQ(code(log.request(10, 30)), ErrorCode::unsupported);  // another start: it is told from where
    EXPECT_EQ(code(Log("forked ", 50).request(20, 30)), ErrorCode::invalid);
    EXPECT_EQ(code(Log("forked ", 50).request(20, 20)), ErrorCode::invalid);
    auto shorter = log.request(10, 10);
    shorter.old_size = 20;
    EXPECT_EQ(code(shorter), ErrorCode::invalid);
    Log other("true ", 50);
    other.key = key_of(2);
    EXPECT_EQ(code(other.request(20, 30)), ErrorCode::permission);
    auto with_proof = log.request(0, 20);
    with_proof.hashes.push_back(Hash{});
    EXPECT_FALSE(decide_witness(fresh, {}, with_proof));
}

}  // namespace
}  // namespace sshkeep::ledger
