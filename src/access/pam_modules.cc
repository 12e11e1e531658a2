// What single PAM modules say of an account, as far as facts tell.

#include <algorithm>
#include <array>

#include "access/pam_stack.h"
#include "base/text.h"

namespace sshkeep::access {
namespace {

constexpr std::int64_t seconds_a_day = 86400;

PamAnswer say(PamCode code, std::string why = {}) { return {only(code), std::move(why)}; }
PamAnswer do_not_know(std::string why) { return {any_pam_code, std::move(why)}; }

bool has_argument(const facts::PamLine& line, std::string_view argument) {
    return std::ranges::find(line.arguments, argument) != line.arguments.end();
}

PamAnswer ageing(const PamQuestion& question, const facts::PamLine& line) {
    const auto& account = question.account;
    const auto today = question.state.now / seconds_a_day;
    if (account.account_expires != -1 && today >= account.account_expires) {
        return say(PamCode::acct_expired, "The account has expired.");
    }
    // With no_pass_expiry the age of a password matters only to who logged in with it.
    const bool lenient = has_argument(line, "no_pass_expiry") && question.credential == Credential::key;
    if (lenient || account.password_changed == -1) {
        return {};
    }
    if (account.password_changed == 0) {
        return say(PamCode::new_authtok_reqd, "The password must be changed at the next login.");
    }
    const auto age = today - account.password_changed;
    if (age < 0 || account.password_max_days == -1 || age <= account.password_max_days) {
        return {};
    }
    const auto inactive = account.password_inactive_days;
    if (inactive != -1 && age > inactive && age > account.password_max_days + inactive) {
        return say(PamCode::authtok_expired, "The password is so old that the account is closed.");
    }
    return say(PamCode::new_authtok_reqd, "The password is too old and must be changed.");
}

PamAnswer unix_account(const PamQuestion& question, const facts::PamLine& line) {
    if (!question.account.password) {
        return do_not_know("whether the account has expired is not known: " +
                           question.account.password.error().message);
    }
    if (question.account.shadow_missing) {
        return say(PamCode::authinfo_unavail, "The account has no line in /etc/shadow that pam_unix could read.");
    }
    return ageing(question, line);
}

PamAnswer unix_auth(const PamQuestion& question, const facts::PamLine& line) {
    const auto& password = question.account.password;
    if (!password) {
        return do_not_know("the account's password is not known: " + password.error().message);
    }
    switch (*password) {
        case facts::PasswordState::none: {
            // sshd asks PAM to refuse empty passwords unless PermitEmptyPasswords is yes.
            const bool empty_allowed = has_argument(line, "nullok") && question.policy.empty_passwords;
            return empty_allowed ? say(PamCode::success) : say(PamCode::auth_err, "Empty passwords are refused.");
        }
        case facts::PasswordState::hashed:
            if (question.credential == Credential::password) {
                return say(PamCode::success);
            }
            return say(PamCode::auth_err, "The account has a password.");
        case facts::PasswordState::locked:
        case facts::PasswordState::impossible:
            break;
    }
    return say(PamCode::auth_err, "The account has no password that fits.");
}

PamAnswer nologin(const PamQuestion& question, const facts::PamLine& line) {
    const auto& facts = question.state.facts;
    const bool success_ok = has_argument(line, "successok");
    const auto quiet = [&] { return say(success_ok ? PamCode::success : PamCode::ignore); };
    const bool own_file =
        std::ranges::any_of(line.arguments, [](const auto& word) { return word.starts_with("file="); });
    if (own_file) {
        return do_not_know("the file that pam_nologin is told to look for was not looked at");
    }
    if (!facts.run_nologin || !facts.nologin) {
        const auto& error = facts.run_nologin ? facts.nologin.error() : facts.run_nologin.error();
        return do_not_know("whether a nologin file exists is not known: " + error.message);
    }
    if (!*facts.run_nologin && !*facts.nologin) {
        return quiet();
    }
    if (question.account.uid == 0) {
        return say(PamCode::success);
    }
    return say(PamCode::auth_err, std::string(*facts.run_nologin ? "/run/nologin" : "/etc/nologin") + " exists.");
}

PamAnswer shells(const PamQuestion& question) {
    const auto& known = question.state.facts.shells;
    if (!known) {
        return do_not_know("/etc/shells is not known: " + known.error().message);
    }
    const std::string shell = question.account.shell.empty() ? "/bin/sh" : question.account.shell;
    if (std::ranges::find(*known, shell) == known->end()) {
        return say(PamCode::auth_err, "The shell " + shown(shell) + " is not in /etc/shells.");
    }
    return {};
}

/// One "LEFT OPERATOR RIGHT" of pam_succeed_if; nothing for what is not understood.
std::optional<bool> condition(const PamQuestion& question, std::string_view left, std::string_view how,
                              std::string_view right) {
    const auto& account = question.account;
    if (left == "user" && (how == "ingroup" || how == "notingroup")) {
        const bool in = std::ranges::any_of(split(right, ':'), [&](std::string_view group) {
            return std::ranges::find(account.groups, group) != account.groups.end();
        });
        return in == (how == "ingroup");
    }
    const auto number = parse_int(right);
    const bool numeric = left == "uid" || left == "gid";
    if (numeric && number) {
        const std::int64_t value = left == "uid" ? account.uid : account.gid;
        if (how == "eq" || how == "ne") {
            return (value == *number) == (how == "eq");
        }
        if (how == "lt" || how == "ge") {
            return (value < *number) == (how == "lt");
        }
        if (how == "le" || how == "gt") {
            return (value <= *number) == (how == "le");
        }
        return std::nullopt;
    }
    const std::string_view text = left == "user"                    ? std::string_view(account.name)
                                  : left == "shell"                 ? std::string_view(account.shell)
                                  : left == "home" || left == "dir" ? std::string_view(account.home)
                                  : left == "service"               ? std::string_view("sshd")
                                                                    : std::string_view{};
    if (text.empty()) {
        return std::nullopt;
    }
    if (how == "=" || how == "!=") {
        return (text == right) == (how == "=");
    }
    if (how == "in" || how == "notin") {
        const auto words = split(right, ':');
        return (std::ranges::find(words, text) != words.end()) == (how == "in");
    }
    return std::nullopt;
}

PamAnswer succeed_if(const PamQuestion& question, const facts::PamLine& line) {
    constexpr std::array<std::string_view, 7> flags{"debug",         "use_uid", "quiet",         "quiet_fail",
                                                    "quiet_success", "audit",   "try_first_pass"};
    std::vector<std::string_view> words;
    for (const auto& argument : line.arguments) {
        if (argument == "use_uid") {
            return do_not_know("pam_succeed_if with use_uid asks for sshd's own account");
        }
        if (std::ranges::find(flags, argument) == flags.end()) {
            words.push_back(argument);
        }
    }
    if (words.empty() || words.size() % 3 != 0) {
        return do_not_know("the conditions of pam_succeed_if are not understood");
    }
    for (std::size_t i = 0; i < words.size(); i += 3) {
        const auto holds = condition(question, words[i], words[i + 1], words[i + 2]);
        if (!holds) {
            return do_not_know("the conditions of pam_succeed_if are not understood");
        }
        if (!*holds) {
            return say(PamCode::auth_err, "pam_succeed_if: the condition " + shown(words[i]) + " " +
                                              shown(words[i + 1]) + " " + shown(words[i + 2]) + " does not hold.");
        }
    }
    return {};
}

/// Modules that answer success whatever the account, in both stacks or in the one where they matter.
bool always_succeeds(const facts::PamLine& line) {
    constexpr std::array<std::string_view, 14> quiet{
        "pam_permit.so",  "pam_env.so",     "pam_faildelay.so", "pam_limits.so",  "pam_motd.so",
        "pam_mail.so",    "pam_keyinit.so", "pam_loginuid.so",  "pam_systemd.so", "pam_umask.so",
        "pam_lastlog.so", "pam_echo.so",    "pam_cap.so",       "pam_warn.so"};
    return std::ranges::find(quiet, line.module) != quiet.end();
}

}  // namespace

PamAnswer answer_of(const PamQuestion& question, const facts::PamLine& line) {
    const auto& module = line.module;
    const bool account = line.type == "account";
    if (!line.path.empty()) {
        return do_not_know("PAM's module " + shown(line.path) + " is not modelled");
    }
    if (module == "pam_unix.so") {
        return account ? unix_account(question, line) : unix_auth(question, line);
    }
    if (module == "pam_deny.so") {
        return say(account ? PamCode::acct_expired : PamCode::auth_err, "PAM's pam_deny refuses everybody.");
    }
    if (module == "pam_nologin.so") {
        return nologin(question, line);
    }
    if (module == "pam_access.so") {
        return answer_of_pam_access(question, line);
    }
    if (module == "pam_faillock.so") {
        return answer_of_pam_faillock(question, line);
    }
    if (module == "pam_shells.so") {
        return shells(question);
    }
    if (module == "pam_succeed_if.so") {
        return succeed_if(question, line);
    }
    if (module == "pam_rootok.so") {
        // It asks for the uid of sshd itself, which is root's when it asks PAM.
        return say(PamCode::success);
    }
    if (module == "pam_localuser.so") {
        return question.account.line != 0 ? say(PamCode::success)
                                          : say(PamCode::perm_denied, "The account is not in /etc/passwd.");
    }
    if (always_succeeds(line)) {
        return say(module == "pam_env.so" || module == "pam_cap.so" || module == "pam_warn.so" ? PamCode::ignore
                                                                                               : PamCode::success);
    }
    return do_not_know("PAM's module " + shown(module) + " is not modelled");
}

}  // namespace sshkeep::access
