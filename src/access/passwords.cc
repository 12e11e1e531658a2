// Passwords, and what PAM's account stack says.

#include "access/pam_stack.h"

namespace sshkeep::access {
namespace {

/// The question to PAM cannot be answered at all.
std::optional<Verdict> pam_not_known(const State& state, std::string_view type) {
    const auto& pam = state.facts.pam;
    if (!pam) {
        return unknown("PAM's stack for sshd is not known: " + pam.error().message);
    }
    if (!pam->missing.empty()) {
        return refused("PAM's stack includes " + shown(pam->missing.front()) +
                       ", which does not exist: PAM refuses every login.");
    }
    for (const auto& line : pam->lines) {
        if (line.type == type) {
            return std::nullopt;
        }
    }
    return unknown("PAM's service " + shown(pam->service) + " has no lines of type " + std::string(type));
}

/// Without PAM sshd compares the hash itself (auth-passwd.c).
Verdict own_password_verdict(const facts::Account& account, const Policy& policy, bool empty) {
    switch (*account.password) {
        case facts::PasswordState::none:
            return policy.empty_passwords ? admitted()
                                          : refused("The password is empty and PermitEmptyPasswords is no.");
        case facts::PasswordState::hashed:
            return empty ? refused("The account has a password.") : admitted();
        case facts::PasswordState::locked:
        case facts::PasswordState::impossible:
            break;
    }
    return refused("The account has no password that fits.", "/etc/shadow");
}

Verdict pam_password_verdict(const PamQuestion& question) {
    if (auto verdict = pam_not_known(question.state, "auth")) {
        return *verdict;
    }
    auto outcome = run_pam_stack(question, "auth");
    const bool may = (outcome.codes & only(PamCode::success)) != 0;
    const bool must = outcome.codes == only(PamCode::success);
    return must ? admitted() : Verdict{may ? Answer::unknown : Answer::refused, std::move(outcome.reason)};
}

/// auth_shadow_pwexpired; asked at the first password, be it the empty one that every client tries when that is
/// allowed.
bool own_password_expired(const State& state, const facts::Account& account, const Policy& policy,
                          Credential credential) {
    const bool tries_none = policy.empty_passwords && policy.password && policy.chains.empty();
    if (account.shadow_missing || !account.password || (credential == Credential::key && !tries_none)) {
        return false;
    }
    constexpr std::int64_t seconds_a_day = 86400;
    const auto today = state.now / seconds_a_day;
    return account.password_changed == 0 ||
           (account.password_max_days != -1 && account.password_changed + account.password_max_days < today);
}

/// An empty or impossible password is refused by every module that could be asked, unless one is not known.
Verdict known_password(const facts::Account& account, bool empty) {
    if (!account.password) {
        return unknown("the account's password is not known: " + account.password.error().message);
    }
    const bool is_empty = *account.password == facts::PasswordState::none;
    return empty && !is_empty ? refused("The account's password is not empty.") : admitted();
}

}  // namespace

PamAccount pam_account(const State& state, const facts::Account& account, const Policy& policy, const Origin& origin,
                       Credential credential) {
    if (!policy.doubt_pam.empty()) {
        return {.verdict = unknown(policy.doubt_pam)};
    }
    if (!policy.use_pam) {
        return {.must_change = own_password_expired(state, account, policy, credential)};
    }
    if (auto verdict = pam_not_known(state, "account")) {
        return {.verdict = *std::move(verdict)};
    }
    constexpr auto open = only(PamCode::success) | only(PamCode::new_authtok_reqd);
    auto outcome = run_pam_stack({state, account, policy, origin, credential}, "account");
    PamAccount result{.must_change = outcome.codes == only(PamCode::new_authtok_reqd)};
    const bool certain = outcome.codes == only(PamCode::success) || result.must_change;
    if (!certain) {
        const auto answer = (outcome.codes & open) != 0 ? Answer::unknown : Answer::refused;
        result.verdict = {answer, std::move(outcome.reason)};
    }
    return result;
}

Verdict password_verdict(const State& state, const facts::Account& account, const Policy& policy, const Origin& origin,
                         std::string_view method, bool empty) {
    if (!policy.doubt_root.empty() && account.uid == 0) {
        return unknown(policy.doubt_root);
    }
    if (account.uid == 0 && policy.root != RootLogin::yes) {
        return refused("PermitRootLogin lets root in with no password.");
    }
    if (!policy.doubt_pam.empty()) {
        return unknown(policy.doubt_pam);
    }
    if (method == "keyboard-interactive" && !policy.use_pam) {
        return refused("keyboard-interactive has nothing to ask without UsePAM.");
    }
    auto known = known_password(account, empty);
    if (policy.kerberos && method != "keyboard-interactive") {
        return unknown("KerberosAuthentication may decide on the password");
    }
    if (!known.admitted()) {
        return known;
    }
    if (!policy.use_pam) {
        return own_password_verdict(account, policy, empty);
    }
    const bool has_none = *account.password == facts::PasswordState::none;
    return pam_password_verdict(
        {state, account, policy, origin, empty || has_none ? Credential::empty_password : Credential::password});
}

}  // namespace sshkeep::access
