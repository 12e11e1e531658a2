// One visitor: what a client with these keys and this password meets.

#include <algorithm>
#include <array>
#include <set>

#include "access/methods.h"

namespace sshkeep::access {
namespace {

/// Plays the client against the server's lists: publickey first, then keyboard-interactive, then password, and from the
/// start again after each partial success, as ssh does.
class Conversation {
public:
    Conversation(const State& state, const facts::Account& account, const Policy& policy, const Origin& origin,
                 const Visitor& visitor, bool hopeful)
        : state_(state),
          account_(account),
          policy_(policy),
          origin_(origin),
          visitor_(visitor),
          hopeful_(hopeful),
          chains_(usable_chains(policy)) {}

    void run() {
        if (chains_.empty()) {
            note({"AuthenticationMethods leaves no list whose methods are all on, so sshd ends every connection.",
                  {},
                  0});
            return;
        }
        if (policy_.max_tries <= 0) {
            disconnect();
            return;
        }
        if (allows("none") && try_password("none", true)) {
            advance("none");
        }
        while (!done_ && !disconnected_ && go_on()) {
        }
    }

    [[nodiscard]] bool admitted() const noexcept { return done_; }
    [[nodiscard]] const std::vector<std::string>& methods() const noexcept { return methods_; }
    [[nodiscard]] const std::string& key() const noexcept { return key_; }
    [[nodiscard]] const Rights* rights() const noexcept { return rights_ ? &*rights_ : nullptr; }
    [[nodiscard]] bool used_password() const noexcept { return used_password_; }
    [[nodiscard]] std::vector<Reason> take_reasons() { return std::move(reasons_); }
    [[nodiscard]] bool doubted() const noexcept { return doubted_; }

private:
    void note(Reason reason) { reasons_.push_back(std::move(reason)); }

    /// Whether a step counts as passed; its reason is kept.
    bool passes(const Verdict& verdict) {
        if (!verdict.reason.text.empty()) {
            note(verdict.reason);
        }
        doubted_ |= verdict.answer == Answer::unknown;
        return verdict.answer == Answer::admitted || (hopeful_ && verdict.answer == Answer::unknown);
    }

    void disconnect() {
        disconnected_ = true;
        note({"After " + std::to_string(policy_.max_tries) + " refused attempts MaxAuthTries ends the connection.",
              {},
              0});
    }
    void fail(unsigned times = 1) {
        failures_ += times;
        if (failures_ >= policy_.max_tries) {
            disconnect();
        }
    }

    /// A list whose next element is this method.
    [[nodiscard]] bool allows(std::string_view method) const {
        return std::ranges::any_of(chains_, [&](const auto& chain) { return method_of(chain.front()) == method; });
    }

    /// auth2_update_methods_lists: the method goes from the front of every list that starts with it.
    void advance(std::string_view method) {
        methods_.emplace_back(method);
        for (auto& chain : chains_) {
            const std::string_view front = chain.front();
            const bool fits =
                front == method || (method == "keyboard-interactive" && front == "keyboard-interactive:pam");
            if (fits) {
                chain.erase(chain.begin());
                done_ |= chain.empty();
            }
        }
    }

    /// One round of the client: until a method succeeds. False when nothing is left to try.
    bool go_on() {
        if (allows("publickey") && try_keys()) {
            return true;
        }
        for (const std::string_view method : {"keyboard-interactive", "password"}) {
            if (disconnected_ || !visitor_.password || !allows(method)) {
                continue;
            }
            if (try_password(method, false)) {
                advance(method);
                return true;
            }
            constexpr unsigned prompts = 3;
            const bool asks = method == "password" || policy_.use_pam;
            fail(asks ? prompts : 1);
        }
        return false;
    }

    /// A client goes on behind the key that opened last, and comes to those before it again at the end.
    bool try_keys() {
        const std::size_t total = visitor_.other_offers + visitor_.keys.size();
        for (std::size_t tried = 0; tried < total && !disconnected_; ++tried) {
            const auto at = next_key_;
            next_key_ = (next_key_ + 1) % total;
            if (at >= visitor_.other_offers && try_key(visitor_.keys[at - visitor_.other_offers])) {
                advance("publickey");
                return true;
            }
            fail();
        }
        return false;
    }

    bool try_key(const keyfmt::PublicKey& key) {
        if (used_.contains(key.fingerprint)) {
            return false;  // the same key does not count twice
        }
        const auto grant = grant_of(state_, account_, policy_, origin_, key);
        if (!passes(grant.verdict)) {
            return false;
        }
        auto rights = rights_ ? merged(*rights_, grant.rights) : std::optional(grant.rights);
        if (!rights) {
            note({"The commands that the two keys force are not the same.", {}, 0});
            return false;
        }
        if (!passes(root_verdict(account_, policy_, "publickey", &*rights))) {
            return false;
        }
        rights_ = std::move(rights);
        used_.insert(key.fingerprint);
        key_ = key_.empty() ? key.fingerprint : key_;
        return true;
    }

    bool try_password(std::string_view method, bool empty) {
        if (method == "none" && (!policy_.empty_passwords || !policy_.password)) {
            return false;
        }
        const auto verdict = password_verdict(state_, account_, policy_, origin_, method, empty);
        if (method == "none" && !verdict.admitted()) {
            return false;  // every client asks so first, and nobody takes it for an attempt
        }
        const bool passed = passes(verdict);
        used_password_ |= passed;
        return passed;
    }

    const State& state_;
    const facts::Account& account_;
    const Policy& policy_;
    const Origin& origin_;
    const Visitor& visitor_;
    bool hopeful_;
    std::vector<std::vector<std::string>> chains_;
    std::vector<std::string> methods_;
    std::vector<Reason> reasons_;
    std::set<std::string_view> used_;
    std::size_t next_key_ = 0;  ///< of those that nobody accepts, then of the visitor's
    std::optional<Rights> rights_;
    std::string key_;
    std::int64_t failures_ = 0;
    bool used_password_ = false;
    bool done_ = false;
    bool disconnected_ = false;
    bool doubted_ = false;
};

/// Adds one step; a decision goes from admitted to unknown to refused and never back.
void add(Decision& decision, const Verdict& verdict) {
    if (verdict.admitted()) {
        if (!verdict.reason.text.empty()) {
            decision.reasons.push_back(verdict.reason);
        }
        return;
    }
    decision.reasons.push_back(verdict.reason);
    if (decision.answer != Answer::refused) {
        decision.answer = verdict.answer;
    }
}

void add_session(Decision& decision, const State& state, const facts::Account& account, const Policy& policy,
                 const Conversation& conversation, bool must_change) {
    auto plan = session_of(state, account, policy, conversation.rights(), must_change);
    if (auto why = broken_credentials(account, policy, conversation.methods()); !why.empty()) {
        plan.session.ends = std::move(why);
    }
    if (!plan.session.ends.empty()) {
        decision.reasons.push_back({"The session ends at once: " + plan.session.ends + ".", {}, 0});
    } else if (!plan.uncertain.empty()) {
        decision.reasons.push_back({"What the session is hangs on this: " + plan.uncertain, {}, 0});
    }
    decision.session = std::move(plan.session);
}

void authenticate(Decision& decision, const State& state, const facts::Account& account, const Policy& policy,
                  const Origin& origin, const Visitor& visitor) {
    if (!policy.doubt_methods.empty()) {
        add(decision, unknown(policy.doubt_methods));
    }
    std::optional<Conversation> attempt;
    attempt.emplace(state, account, policy, origin, visitor, false).run();
    const bool certain = attempt->admitted();
    if (!certain && attempt->doubted()) {
        attempt.emplace(state, account, policy, origin, visitor, true).run();
    }
    auto& conversation = *attempt;
    auto reasons = conversation.take_reasons();
    if (!conversation.admitted()) {
        if (reasons.empty()) {
            reasons.push_back({"The visitor has nothing for any method that sshd offers.", {}, 0});
        }
        decision.answer = Answer::refused;
    }
    std::ranges::move(reasons, std::back_inserter(decision.reasons));
    if (!conversation.admitted()) {
        return;
    }
    if (!certain && decision.answer == Answer::admitted) {
        decision.answer = Answer::unknown;
    }
    const auto credential = conversation.used_password() ? Credential::password : Credential::key;
    const auto pam = pam_account(state, account, policy, origin, credential);
    add(decision, pam.verdict);
    if (decision.answer == Answer::refused) {
        return;
    }
    decision.methods = conversation.methods();
    decision.key = conversation.key();
    add_session(decision, state, account, policy, conversation, pam.must_change);
}

}  // namespace

Decision Model::check(const Visitor& visitor) const {
    const State& state = *state_;
    Decision decision{.answer = Answer::admitted};
    if (!state.facts.config || !state.facts.accounts) {
        const auto& error = state.facts.config ? state.facts.accounts.error() : state.facts.config.error();
        return {.answer = Answer::unknown, .reasons = {{error.message, {}, 0}}};
    }
    const Origin origin{{}, visitor.address, visitor.host_name, visitor.local_address, visitor.local_port};
    add(decision, listening_verdict(state, visitor.local_address, visitor.local_port));
    add(decision, wrappers_verdict(state, origin));
    const auto* account = state.find(visitor.user);
    if (account == nullptr) {
        add(decision, refused("There is no account " + shown(visitor.user) + ".", "/etc/passwd"));
        return decision;
    }
    const auto& policy = state.policy(*account, origin);
    add(decision, account_verdict(state, *account, policy));
    add(decision, lists_verdict(state, *account, policy, origin));
    if (decision.answer != Answer::refused) {
        authenticate(decision, state, *account, policy, origin, visitor);
    }
    return decision;
}

}  // namespace sshkeep::access
