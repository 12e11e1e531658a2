#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "facts/facts.h"

/// Owners and modes as sshd judges them (safe_path of misc.c).
namespace sshkeep::facts {

/// Groups that hold one account alone. Debian's sshd accepts a file that such a group may write.
class PrivateGroups {
public:
    /// Empty for builds without that patch, or when accounts or groups are unknown: then every group is shared.
    explicit PrivateGroups(const HostFacts& facts);
    /// Of a file of `owner`, looked at for the account `uid`.
    [[nodiscard]] bool is_private(std::uint32_t gid, std::uint32_t owner, std::uint32_t uid) const;

private:
    /// Accounts whose primary group it is, and accounts that are listed as its members.
    struct Members {
        std::optional<std::uint32_t> primary_uid;
        bool several_primary = false;
        std::string listed;
        unsigned listed_count = 0;
    };
    std::unordered_map<std::uint32_t, Members> members_;
    std::unordered_map<std::uint32_t, std::string> names_;  ///< the first account of each uid
};

/// A step of a path that somebody else may change, or what else is wrong with it.
struct PathDefect {
    enum class Kind : std::uint8_t { owner, everybody, group, other };
    const PathInfo* step = nullptr;
    Kind kind = Kind::other;
    std::uint32_t wanted_owner = 0;  ///< for Kind::owner
    std::string wrong = {};          ///< for Kind::other, in words: "/etc/x has mode 0666"
    std::string repair = {};         ///< and the command that mends it
};

struct PathDemand {
    std::uint32_t owner = 0;                ///< besides root
    std::string_view stop;                  ///< last directory looked at (a home); empty = "/"
    const PrivateGroups* groups = nullptr;  ///< group write by the owner's private group is fine
    bool only_root = false;                 ///< every step is root's, even when owner is given
};

/// The first step of a path that somebody else may change.
[[nodiscard]] std::optional<PathDefect> defect_of(const PathWalk& walk, const PathDemand& demand);
[[nodiscard]] std::optional<PathDefect> defect_of(const PathInfo& step, const PathDemand& demand);

}  // namespace sshkeep::facts
