#pragma once

#include <map>
#include <set>
#include <string>

#include "rules/checks_support.h"

/// Owners and modes as sshd judges them (safe_path of misc.c).
namespace sshkeep::rules {

/// Groups that hold one account alone. Debian's sshd accepts a file that such a group may write.
class PrivateGroups {
public:
    /// Empty for builds without that patch, or when accounts or groups are unknown: then every group is shared.
    explicit PrivateGroups(const facts::HostFacts& facts);
    [[nodiscard]] bool is_private(std::uint32_t gid, std::uint32_t uid) const;

private:
    struct Members {
        std::uint32_t uid = 0;
        bool several = false;
    };
    std::map<std::uint32_t, Members> members_;
};

/// A step of a path that somebody else may change, or what else is wrong with it.
struct PathDefect {
    enum class Kind : std::uint8_t { owner, everybody, group, other };
    const facts::PathInfo* step = nullptr;
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
[[nodiscard]] std::optional<PathDefect> defect_of(const facts::PathWalk& walk, const PathDemand& demand);
[[nodiscard]] std::optional<PathDefect> defect_of(const facts::PathInfo& step, const PathDemand& demand);

/// Collects path defects into one finding; the same step reached on several ways counts once.
class PathFindings {
public:
    explicit PathFindings(const facts::HostFacts& facts) : facts_(facts) {}
    void add(const PathDefect& defect, std::string_view subject = {});
    void add_missing(std::string_view path, std::string_view subject = {});
    [[nodiscard]] bool empty() const noexcept { return tally_.empty(); }
    [[nodiscard]] std::string subjects() const { return tally_.subjects(); }
    [[nodiscard]] std::size_t count() const noexcept { return tally_.count(); }
    /// The first defects in words: "/a is writable by everybody; /b is owned by bob".
    [[nodiscard]] std::string text() const { return text_; }
    [[nodiscard]] Results conclude(const Doubts& doubts, std::string detail, std::string passed_detail) &&;

private:
    void note(const PathDefect& defect);
    void note(std::string_view wrong, std::string_view repair);

    const facts::HostFacts& facts_;
    Tally tally_;
    std::string text_;
    std::string fix_;
    std::set<std::string, std::less<>> seen_;
};

}  // namespace sshkeep::rules
