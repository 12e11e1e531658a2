// Why a change must not be made.

#include <algorithm>
#include <map>
#include <set>

#include "access/difference.h"
#include "access/state.h"

namespace sshkeep::access {
namespace {

struct Ways {
    std::vector<const Path*> usable;
    std::vector<const Path*> others;  ///< doubtful, or their session ends at once
};

using WaysByUser = std::map<std::string_view, Ways>;

WaysByUser ways_of(const std::vector<Path>& paths) {
    WaysByUser ways;
    for (const auto& path : paths) {
        auto& own = ways[path.user];
        (path.usable() ? own.usable : own.others).push_back(&path);
    }
    return ways;
}

/// A session in which one can administer: a shell, or a command that the key alone forces for this purpose is not one.
bool is_working(const Path& path) { return path.usable() && path.session.kind == Session::Kind::shell; }

std::string joined(const std::vector<Reason>& reasons) {
    return reasons.empty() ? std::string{} : " " + reasons.back().text;
}

std::string why_lost(const Ways* after) {
    if (after == nullptr || after->others.empty()) {
        return {};
    }
    const auto& path = *after->others.front();
    return path.session.ends.empty() ? " (what is left may not hold: " + path.uncertain + ")"
                                     : " (what is left ends at once: " + path.session.ends + ")";
}

class Dangers {
public:
    Dangers(const Model& before, const Model& after, const std::vector<std::string>& may_lose)
        : before_(before), after_(after), may_lose_(may_lose.begin(), may_lose.end()) {}

    Result<std::vector<Danger>> run(const std::optional<Operator>& by) {
        judge_server();
        if (by) {
            judge_operator(*by);
        }
        before_paths_ = TRY(before_.paths({}));
        after_paths_ = TRY(after_.paths({}));
        judge_administrators();
        return std::move(found_);
    }

private:
    void add(std::string account, std::string text) { found_.push_back({std::move(account), std::move(text)}); }

    void judge_server() {
        const auto now = before_.reachable();
        const auto then = after_.reachable();
        if (then.answer == Answer::refused) {
            add({}, "Nobody could connect any more." + joined(then.reasons));
        } else if (then.answer == Answer::unknown && now.answer == Answer::admitted) {
            add({}, "Whether anybody could still connect is not known." + joined(then.reasons));
        }
    }

    // ---- the operator ------------------------------------------------------------------------------------------

    [[nodiscard]] static Visitor visitor_of(const Operator& by, const Model& model) {
        Visitor visitor{.user = by.user,
                        .address = by.address,
                        .local_address = by.local_address,
                        .local_port = by.local_port,
                        .other_offers = by.offers > 0 ? by.offers - 1 : 0};
        if (const auto* key = model.state().key_of(by.user, by.key)) {
            visitor.keys = {*key};
        } else {
            visitor.password = by.key.empty();
        }
        return visitor;
    }

    [[nodiscard]] static bool has_way(const Model& model, const Operator& by) {
        const auto paths = model.paths({.user = by.user, .address = by.address});
        return paths && std::ranges::any_of(*paths, [](const Path& path) { return path.usable(); });
    }

    void judge_operator(const Operator& by) {
        if (by.address.empty() || may_lose_.contains(by.user)) {
            return;
        }
        const auto now = before_.check(visitor_of(by, before_));
        if (now.answer == Answer::refused) {
            // He is logged in all the same, with a credential that is not told: any way in from there has to stay.
            if (has_way(before_, by) && !has_way(after_, by)) {
                add(by.user, shown(by.user) + " would have no way in from " + shown(by.address) + ".");
            }
            return;
        }
        const auto then = after_.check(visitor_of(by, after_));
        if (then.answer != Answer::admitted) {
            const bool lost = now.answer == Answer::admitted || then.answer == Answer::refused;
            const std::string how = then.answer == Answer::refused ? " could not log in again from "
                                                                   : " may not be able to log in again from ";
            if (lost) {
                add(by.user, "You, " + shown(by.user) + "," + how + shown(by.address) + "." + joined(then.reasons));
            }
            return;
        }
        if (then.session) {
            judge_session(by, now, *then.session);
        }
    }

    void judge_session(const Operator& by, const Decision& now, const Session& then) {
        const auto was = now.session ? now.session->kind : Session::Kind::shell;
        const bool ended = now.session && !now.session->ends.empty();
        if (!then.ends.empty() && !ended) {
            add(by.user, "Your next session as " + shown(by.user) + " would end at once: " + then.ends + ".");
        } else if (was == Session::Kind::shell && then.kind != Session::Kind::shell) {
            add(by.user,
                "Your next session as " + shown(by.user) + " would be no shell any more, only " +
                    (then.kind == Session::Kind::sftp ? "file transfer" : "the forced command " + shown(then.command)) +
                    ".");
        } else if (by.uses_sftp && was == then.kind && before_.state().has_sftp(by.user) &&
                   !after_.state().has_sftp(by.user)) {
            add(by.user, "The subsystem sftp, which you use, would be gone.");
        }
    }

    // ---- administrators ----------------------------------------------------------------------------------------

    void judge_administrators() {
        const auto earlier = ways_of(before_paths_);
        const auto later = ways_of(after_paths_);
        bool somebody = false;
        for (const auto& [user, ways] : later) {
            somebody |= std::ranges::any_of(
                ways.usable, [](const Path* path) { return is_working(*path) && path->power.administers(); });
        }
        for (const auto& [user, ways] : earlier) {
            const auto working = std::ranges::find_if(
                ways.usable, [](const Path* path) { return is_working(*path) && path->power.administers(); });
            if (working != ways.usable.end() && !may_lose_.contains(std::string(user))) {
                judge_administrator(user, later);
            }
        }
        if (!somebody) {
            found_.insert(found_.begin(),
                          {{}, "No account with administrative power would have a way in that is certain to work."});
        }
    }

    void judge_administrator(std::string_view user, const WaysByUser& later) {
        const auto found = later.find(user);
        const Ways* ways = found == later.end() ? nullptr : &found->second;
        const auto usable = [&](const auto& wanted) {
            return ways != nullptr && std::ranges::any_of(ways->usable, wanted);
        };
        if (!usable([](const Path* path) { return is_working(*path); })) {
            const bool some = usable([](const Path*) { return true; });
            add(std::string(user), "The administrator " + shown(user) +
                                       (some ? " would have no way in that gives a shell."
                                             : " would lose the last way in" + why_lost(ways) + "."));
        } else if (!usable([](const Path* path) { return is_working(*path) && path->power.administers(); })) {
            add(std::string(user), shown(user) + " would still get in, but without administrative power.");
        }
    }

    const Model& before_;
    const Model& after_;
    std::set<std::string> may_lose_;
    std::vector<Path> before_paths_;
    std::vector<Path> after_paths_;
    std::vector<Danger> found_;
};

}  // namespace

Result<std::vector<Danger>> dangers(const Model& before, const Model& after, const std::optional<Operator>& by,
                                    const std::vector<std::string>& may_lose) {
    return Dangers(before, after, may_lose).run(by);
}

}  // namespace sshkeep::access
