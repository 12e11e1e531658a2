#include "facts/path_safety.h"

namespace sshkeep::facts {
namespace {

constexpr std::uint32_t write_group = 0020;
constexpr std::uint32_t write_other = 0002;

}  // namespace

PrivateGroups::PrivateGroups(const HostFacts& facts) {
    if (facts.build.flavour != sshdconf::Flavour::debian || !facts.accounts || !facts.group_names) {
        return;
    }
    std::unordered_map<std::string_view, std::uint32_t> gids;
    for (const auto& [gid, name] : *facts.group_names) {
        gids.emplace(name, gid);
    }
    for (const Account& account : *facts.accounts) {
        names_.try_emplace(account.uid, account.name);
        Members& own = members_[account.gid];
        own.several_primary |= own.primary_uid && *own.primary_uid != account.uid;
        own.primary_uid = own.primary_uid.value_or(account.uid);
        for (const std::string& group : account.groups) {
            const auto found = gids.find(group);
            if (found == gids.end() || found->second == account.gid) {
                continue;
            }
            Members& listed = members_[found->second];
            listed.listed = account.name;
            ++listed.listed_count;
        }
    }
}

bool PrivateGroups::is_private(std::uint32_t gid, std::uint32_t owner, std::uint32_t uid) const {
    const auto found = members_.find(gid);
    if (found == members_.end()) {
        return false;  // nobody is in it
    }
    const Members& members = found->second;
    if (members.several_primary || (members.primary_uid && *members.primary_uid != uid)) {
        return false;
    }
    const auto name = names_.find(owner);
    return members.listed_count == 0 ||
           (members.listed_count == 1 && name != names_.end() && name->second == members.listed);
}

std::optional<PathDefect> defect_of(const PathInfo& step, const PathDemand& demand) {
    using Kind = PathDefect::Kind;
    if (!step.exists) {
        return std::nullopt;
    }
    if (step.uid != 0 && (demand.only_root || step.uid != demand.owner)) {
        return PathDefect{&step, Kind::owner, demand.only_root ? 0 : demand.owner};
    }
    if ((step.mode & write_other) != 0) {
        return PathDefect{&step, Kind::everybody};
    }
    const bool harmless = demand.groups != nullptr && demand.groups->is_private(step.gid, step.uid, demand.owner);
    if ((step.mode & write_group) != 0 && !harmless) {
        return PathDefect{&step, Kind::group};
    }
    return std::nullopt;
}

std::optional<PathDefect> defect_of(const PathWalk& walk, const PathDemand& demand) {
    for (const PathInfo& step : walk.steps) {
        if (auto defect = defect_of(step, demand)) {
            return defect;
        }
        if (!demand.stop.empty() && step.path == demand.stop) {
            break;
        }
    }
    return std::nullopt;
}

}  // namespace sshkeep::facts
