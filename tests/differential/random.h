#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sshkeep::differential {

/// A small generator (splitmix64) whose numbers are the same with every compiler and library, so that a seed and a
/// case number name a case for good.
class Random {
public:
    explicit Random(std::uint64_t seed) noexcept : state_(seed) {}
    /// The stream of one case of a run.
    Random(std::uint64_t seed, std::uint64_t stream) noexcept : state_(seed) {
        state_ = next() ^ (stream * 0x9e3779b97f4a7c15U);
    }

    std::uint64_t next() noexcept {
        state_ += 0x9e3779b97f4a7c15U;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
        z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
        return z ^ (z >> 31U);
    }
    /// 0 to bound - 1; the bound is small, so the bias does not matter here.
    std::size_t below(std::size_t bound) noexcept { return static_cast<std::size_t>(next() % bound); }
    std::size_t between(std::size_t low, std::size_t high) noexcept { return low + below(high - low + 1); }
    bool percent(unsigned chance) noexcept { return below(100) < chance; }

    template <class T>
    const T& pick(const std::vector<T>& from) noexcept {
        return from[below(from.size())];
    }
    std::string pick(std::initializer_list<std::string_view> from) {
        return std::string(from.begin()[below(from.size())]);
    }

private:
    std::uint64_t state_;
};

}  // namespace sshkeep::differential
