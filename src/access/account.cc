// What sshd itself asks of an account before any method is tried, but for the four lists.

#include "access/state.h"

namespace sshkeep::access {
namespace {

constexpr std::int64_t seconds_a_day = 86400;

/// Without PAM sshd looks into the shadow file itself (platform_locked_account, auth_shadow_acctexpired).
Verdict shadow_verdict(const State& state, const facts::Account& account) {
    if (!account.password) {
        return unknown("whether the account is locked is not known: " + account.password.error().message);
    }
    const auto today = state.now / seconds_a_day;
    if (account.account_expires != -1 && today > account.account_expires) {
        return refused("The account expired on day " + std::to_string(account.account_expires) +
                           " and UsePAM is no, so sshd refuses it.",
                       "/etc/shadow");
    }
    if (*account.password == facts::PasswordState::locked) {
        return refused("The account is locked (\"!\" in front of its password) and UsePAM is no, so sshd refuses it.",
                       "/etc/shadow");
    }
    return admitted();
}

/// allowed_user asks for a regular file that somebody may execute; which program it is does not matter here.
Verdict shell_verdict(const facts::Account& account) {
    const std::string shell = account.shell.empty() ? "/bin/sh" : account.shell;
    if (!account.shell_exists) {
        return unknown("whether the shell " + shown(shell) +
                       " is there is not known: " + account.shell_exists.error().message);
    }
    if (!*account.shell_exists) {
        return refused(
            "The shell " + shown(shell) + " does not exist or is not executable, so sshd refuses the account.",
            "/etc/passwd", account.line);
    }
    return admitted();
}

}  // namespace

Verdict account_verdict(const State& state, const facts::Account& account, const Policy& policy) {
    auto verdict = admitted();
    if (!policy.doubt_pam.empty()) {
        verdict = unknown(policy.doubt_pam);
    } else if (!policy.use_pam) {
        verdict = shadow_verdict(state, account);
    }
    if (!policy.doubt_chroot.empty()) {
        const auto shell = shell_verdict(account);
        return both(std::move(verdict), shell.admitted() ? admitted() : unknown(policy.doubt_chroot));
    }
    return policy.chroot.empty() ? both(std::move(verdict), shell_verdict(account)) : verdict;
}

}  // namespace sshkeep::access
