// What an account may do by sudo: sudoers(5).

#include <algorithm>

#include "access/state.h"
#include "base/text.h"
#include "model/address.h"

namespace sshkeep::access {
namespace {

using facts::Sudoers;
using facts::SudoersAliases;
using facts::SudoersCommand;
using facts::SudoersItem;
using facts::SudoersRule;

/// Aliases may name aliases; sudo refuses circles.
constexpr int max_depth = 16;

enum class Match : std::uint8_t { none, allow, deny };

/// The last item that fits decides.
template <class Fits>
Match match_items(const std::vector<SudoersItem>& items, const SudoersAliases& aliases, const Fits& fits,
                  int depth = 0) {
    for (auto item = items.rbegin(); item != items.rend(); ++item) {
        auto match = Match::none;
        const auto alias = aliases.find(item->text);
        if (item->text == "ALL") {
            match = Match::allow;
        } else if (alias != aliases.end()) {
            match = depth < max_depth ? match_items(alias->second, aliases, fits, depth + 1) : Match::none;
        } else {
            match = fits(item->text) ? Match::allow : Match::none;
        }
        if (match != Match::none) {
            return item->negated == (match == Match::allow) ? Match::deny : Match::allow;
        }
    }
    return Match::none;
}

bool is_user(const State& state, const facts::Account& account, std::string_view text) {
    if (text.starts_with("%#")) {
        const auto gid = parse_uint(text.substr(2));
        const bool primary = gid && *gid == account.gid;
        return primary || (gid && std::ranges::any_of(account.groups, [&](const auto& group) {
                               const auto found = state.gids.find(group);
                               return found != state.gids.end() && found->second == *gid;
                           }));
    }
    if (text.starts_with('%')) {
        return std::ranges::find(account.groups, text.substr(1)) != account.groups.end();
    }
    if (text.starts_with('#')) {
        return parse_uint(text.substr(1)) == std::optional<std::uint64_t>(account.uid);
    }
    return text == account.name;
}

bool is_this_host(const State& state, std::string_view text) {
    const auto& name = state.facts.hostname;
    return iequals(text, name) || iequals(text, std::string_view(name).substr(0, name.find('.')));
}

/// Whether a command may be run as root.
bool runs_as_root(const Sudoers& sudoers, const SudoersCommand& command) {
    if (!command.run_as_given) {
        return true;
    }
    return match_items(command.run_as, sudoers.run_as,
                       [](std::string_view text) { return text == "root" || text == "#0"; }) == Match::allow;
}

/// ALL itself, or an alias that holds it.
bool is_everything(const Sudoers& sudoers, const SudoersItem& item) {
    return match_items(std::vector<SudoersItem>{{false, item.text}}, sudoers.commands,
                       [](std::string_view) { return false; }) == Match::allow;
}

/// The word of the rule's list that speaks of the account, for people.
std::string subject_of(const State& state, const Sudoers& sudoers, const facts::Account& account,
                       const SudoersRule& rule) {
    for (const auto& item : rule.users) {
        const auto fits = [&](std::string_view text) { return is_user(state, account, text); };
        if (match_items({item}, sudoers.users, fits) == Match::allow) {
            return item.text.starts_with('%') ? "group " + shown(item.text.substr(1)) : shown(item.text);
        }
    }
    return shown(account.name);
}

/// Goes through the rules in order; what comes later replaces what came before.
class Sudo {
public:
    Sudo(const State& state, const Sudoers& sudoers, const facts::Account& account)
        : state_(state), sudoers_(sudoers), account_(account) {}

    Power run() {
        for (const auto& rule : sudoers_.rules) {
            if (speaks_of(rule)) {
                apply(rule);
            }
        }
        const bool granted = power_.kind != Power::Kind::none;
        power_.password_needed = granted && password_ && authenticates();
        power_.password_usable = is_usable(uses_root_password() ? state_.find("root") : &account_);
        if (power_.kind != Power::Kind::all && !sudoers_.unread.empty()) {
            power_.kind = Power::Kind::unknown;
            power_.via = "sudoers is not known whole: " + shown(sudoers_.unread.front());
        }
        return std::move(power_);
    }

private:
    [[nodiscard]] bool is_account(const std::vector<SudoersItem>& users) const {
        return match_items(users, sudoers_.users,
                           [&](std::string_view text) { return is_user(state_, account_, text); }) == Match::allow;
    }
    [[nodiscard]] bool speaks_of(const SudoersRule& rule) const {
        return is_account(rule.users) && match_items(rule.hosts, sudoers_.hosts, [&](std::string_view text) {
                                             return is_this_host(state_, text);
                                         }) == Match::allow;
    }

    void apply(const SudoersRule& rule) {
        for (const auto& command : rule.commands) {
            if (!runs_as_root(sudoers_, command)) {
                continue;
            }
            const bool everything = is_everything(sudoers_, command.item);
            if (command.item.negated) {
                // Without one command an administrator is still one; without all he is none.
                power_.kind = everything ? Power::Kind::none : power_.kind;
                continue;
            }
            const bool stays = power_.kind == Power::Kind::all && !everything;
            if (stays) {
                continue;
            }
            power_.kind = everything ? Power::Kind::all : Power::Kind::some;
            power_.via = subject_of(state_, sudoers_, account_, rule) + " (" + shown(rule.file) + ":" +
                         std::to_string(rule.line) + ")";
            password_ = command.password;
        }
    }

    /// The last setting that names an option, for everybody or for this account.
    [[nodiscard]] bool is_set(std::string_view option, bool fallback) const {
        for (const auto& setting : sudoers_.defaults) {
            const bool concerns = setting.scope == ' ' || (setting.scope == ':' && is_account(setting.of));
            const bool off = setting.setting.starts_with('!');
            const auto name = trim(std::string_view(setting.setting).substr(off ? 1 : 0));
            if (concerns && name == option) {
                fallback = !off;
            }
        }
        return fallback;
    }
    [[nodiscard]] bool authenticates() const { return is_set("authenticate", true); }
    [[nodiscard]] bool uses_root_password() const {
        return is_set("rootpw", false) || is_set("targetpw", false) || is_set("runaspw", false);
    }

    [[nodiscard]] static bool is_usable(const facts::Account* account) {
        return account != nullptr && account->password &&
               (*account->password == facts::PasswordState::hashed || *account->password == facts::PasswordState::none);
    }

    const State& state_;
    const Sudoers& sudoers_;
    const facts::Account& account_;
    Power power_;
    bool password_ = true;
};

}  // namespace

Power power_of_account(const State& state, const facts::Account& account) {
    if (account.uid == 0) {
        return {.kind = Power::Kind::root, .via = "uid 0"};
    }
    const auto& sudoers = state.facts.sudoers;
    if (!sudoers) {
        return {.kind = Power::Kind::unknown, .via = "sudoers is not known: " + sudoers.error().message};
    }
    return sudoers->program ? Sudo(state, *sudoers, account).run() : Power{};
}

}  // namespace sshkeep::access
