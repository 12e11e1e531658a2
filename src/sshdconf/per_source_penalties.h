#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sshkeep::sshdconf {

/// PerSourcePenalties has many parts; part 0 says whether penalties are given at all.
inline constexpr std::size_t penalty_enabled = 0;
inline constexpr std::size_t penalty_parts = 13;

struct PenaltySetting {
    std::size_t part;
    std::string value;
};

/// "crash:90", "overflow:deny-all" and so on, as the release takes them.
[[nodiscard]] std::optional<PenaltySetting> parse_penalty(std::string_view word, int version);
/// The whole option as sshd -T prints it; parts that are unset ("" or missing) have their defaults.
[[nodiscard]] std::string render_penalties(const std::vector<std::string>& parts, int version);

}  // namespace sshkeep::sshdconf
