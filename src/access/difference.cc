#include "access/difference.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace sshkeep::access {
namespace {

using Identity =
    std::tuple<std::string_view, const std::vector<std::string>&, std::string_view, bool, std::string_view>;

/// Orders by what makes two paths the same way in.
struct ByIdentity {
    static Identity of(const Path& path) { return {path.user, path.methods, path.key, path.authority, path.via}; }
    bool operator()(const Path* a, const Path* b) const { return of(*a) < of(*b); }
};

bool same_terms(const Path& a, const Path& b) {
    return a.from == b.from && a.expires == b.expires && a.uncertain == b.uncertain && a.principals == b.principals &&
           a.session.kind == b.session.kind && a.session.command == b.session.command &&
           a.session.chroot == b.session.chroot && a.session.restrictions == b.session.restrictions &&
           a.session.ends == b.session.ends;
}

}  // namespace

Difference compare(const std::vector<Path>& before, const std::vector<Path>& after) {
    // One way in may stand there several times, with different sources and sessions: they pair up in order.
    std::map<const Path*, std::vector<const Path*>, ByIdentity> later;
    for (const auto& path : after) {
        later[&path].push_back(&path);
    }
    std::map<const Path*, bool> paired;
    Difference difference;
    for (const auto& path : before) {
        const auto found = later.find(&path);
        if (found == later.end() || found->second.empty()) {
            difference.lost.push_back(path);
            continue;
        }
        auto& candidates = found->second;
        auto match = std::ranges::find_if(candidates, [&](const Path* other) { return same_terms(path, *other); });
        const bool same = match != candidates.end();
        match = same ? match : candidates.begin();
        paired.emplace(*match, true);
        if (same) {
            difference.kept.push_back(path);
        } else {
            difference.changed.push_back({path, **match});
        }
        candidates.erase(match);
    }
    for (const auto& path : after) {
        if (!paired.contains(&path)) {
            difference.gained.push_back(path);
        }
    }
    return difference;
}

}  // namespace sshkeep::access
