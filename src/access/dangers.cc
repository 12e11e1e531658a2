// Why a change must not be made.

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "access/difference.h"
#include "access/state.h"
#include "base/text.h"
#include "sshdconf/options.h"

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
    if (after == nullptr) {
        return " loses the last way in";
    }
    if (!after->usable.empty()) {
        return after->usable.front()->power.administers() ? " would have no shell" : " would have no power";
    }
    const auto& path = *after->others.front();
    return path.session.ends.empty() ? ": what is left may not hold (" + path.uncertain + ")"
                                     : ": what is left ends at once (" + path.session.ends + ")";
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
        judge_algorithms();
    }

    /// Something of each list must be what an OpenSSH client offers by itself: ssh and sshd have the same defaults.
    void judge_algorithms() {
        const auto& facts = after_.state().facts;
        const auto& then = after_.state().evaluator.at({});
        const auto& now = before_.state().evaluator.at({});
        constexpr std::array lists{std::pair{"ciphers", sshdconf::Option::ciphers},
                                   std::pair{"kexalgorithms", sshdconf::Option::kex_algorithms},
                                   std::pair{"macs", sshdconf::Option::macs}};
        for (const auto& [name, option] : lists) {
            std::set<std::string, std::less<>> usual;
            for (const auto& value : sshdconf::default_values(option, facts.build)) {
                for (const auto algorithm : split(value, ',')) {
                    usual.emplace(algorithm);
                }
            }
            const auto wanted = then.value(name);
            if (option == sshdconf::Option::macs &&
                (then.value("ciphers").contains("gcm") || then.value("ciphers").contains("chacha20"))) {
                continue;  // these ciphers authenticate by themselves
            }
            const auto common = [&](std::string_view algorithm) { return usual.contains(algorithm); };
            if (wanted != now.value(name) && std::ranges::none_of(split(wanted, ','), common)) {
                add({}, "No client that is set up as usual could connect any more: it offers none of " + shown(wanted) +
                            " (" + name + ").");
            }
        }
    }

    // ---- the operator ------------------------------------------------------------------------------------------

    /// The operator at the door with each credential that may be his: the key that his session tells, else every key of
    /// his account, and the password. The port may move: a client can be told to use another.
    [[nodiscard]] std::vector<Visitor> visitors_of(const Operator& by) const {
        Visitor visitor{.user = by.user,
                        .address = by.address,
                        .local_address = by.local_address,
                        .other_offers = by.offers > 0 ? by.offers - 1 : 0};
        const auto& state = before_.state();
        if (const auto* key = state.key_of(by.user, by.key)) {
            visitor.keys = {*key};
            return {visitor};
        }
        std::vector<Visitor> visitors;
        for (const auto* key : state.keys_of(by.user)) {
            visitor.keys = {*key};
            visitors.push_back(visitor);
        }
        visitor.keys.clear();
        visitor.password = true;
        visitors.push_back(std::move(visitor));
        return visitors;
    }

    /// Why the operator would miss this way in; nothing when it stays.
    [[nodiscard]] std::optional<std::string> loss_of(const Operator& by, const Visitor& visitor,
                                                     const Decision& now) const {
        const auto then = after_.check(visitor);
        if (then.answer != Answer::admitted) {
            const std::string how = then.answer == Answer::refused ? " could not log in again from "
                                                                   : " may not be able to log in again from ";
            return "You, " + shown(by.user) + "," + how + shown(by.address) + "." + joined(then.reasons);
        }
        return then.session ? loss_of_session(by, now, *then.session) : std::nullopt;
    }

    /// One of the ways in that may be his has to stay as it is.
    void judge_operator(const Operator& by) {
        if (by.address.empty() || may_lose_.contains(by.user)) {
            return;
        }
        std::optional<std::string> first;
        bool came_in = false;
        for (const auto& visitor : visitors_of(by)) {
            const auto now = before_.check(visitor);
            if (now.answer == Answer::refused) {
                continue;
            }
            came_in = true;
            const auto loss = loss_of(by, visitor, now);
            if (!loss) {
                return;
            }
            first = first ? first : loss;
        }
        if (came_in) {
            add(by.user, *first);
        } else if (has_way(before_, by) && !has_way(after_, by)) {
            // He is logged in all the same, with a credential that is not on this host: a certificate, a ticket.
            add(by.user, "You, " + shown(by.user) + ", would have no way in from " + shown(by.address) + ".");
        }
    }

    [[nodiscard]] static bool has_way(const Model& model, const Operator& by) {
        const auto paths = model.paths({.user = by.user, .address = by.address});
        return paths && std::ranges::any_of(*paths, [](const Path& path) { return path.usable(); });
    }

    [[nodiscard]] std::optional<std::string> loss_of_session(const Operator& by, const Decision& now,
                                                             const Session& then) const {
        const auto was = now.session ? now.session->kind : Session::Kind::shell;
        const bool ended = now.session && !now.session->ends.empty();
        if (!then.ends.empty() && !ended) {
            return "Your next session as " + shown(by.user) + " would end at once: " + then.ends + ".";
        }
        if (was == Session::Kind::shell && then.kind != Session::Kind::shell) {
            return "Your next session as " + shown(by.user) + " would be no shell any more, only " +
                   (then.kind == Session::Kind::sftp ? "file transfer" : "the forced command " + shown(then.command)) +
                   ".";
        }
        if (by.uses_sftp && was == then.kind && before_.state().has_sftp(by.user) &&
            !after_.state().has_sftp(by.user)) {
            return "The subsystem sftp, with which you and your tools may copy files, would be gone (--allow-losing "
                   "sftp).";
        }
        return std::nullopt;
    }

    // ---- administrators ----------------------------------------------------------------------------------------

    /// Accounts that administer and have a way in that gives a shell, for certain.
    [[nodiscard]] static std::set<std::string> administrators(const std::vector<Path>& paths) {
        std::set<std::string> names;
        for (const auto& path : paths) {
            if (is_working(path) && path.power.administers()) {
                names.insert(path.user);
            }
        }
        return names;
    }

    /// One that remains is enough: closing root is what many plans are for. Who is lost stands in the difference.
    void judge_administrators() {
        const auto earlier = administrators(before_paths_);
        if (!administrators(after_paths_).empty() || (!earlier.empty() && std::ranges::includes(may_lose_, earlier))) {
            return;
        }
        std::string text = "No account with administrative power would have a way in that is certain to work.";
        const auto later = ways_of(after_paths_);
        for (const auto& name : earlier) {
            const auto found = later.find(name);
            text += " " + shown(name) + why_lost(found == later.end() ? nullptr : &found->second) + ".";
        }
        found_.insert(found_.begin(), {{}, std::move(text)});
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
