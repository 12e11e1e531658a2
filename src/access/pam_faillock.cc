#include <algorithm>

#include "access/pam_stack.h"

namespace sshkeep::access {
namespace {

/// Enough failures within the interval, the last of them not long enough ago.
bool is_locked(const facts::FaillockSettings& settings, const std::vector<std::int64_t>& failures, bool root,
               std::int64_t now) {
    const auto latest = failures.empty() ? 0 : std::ranges::max(failures);
    const auto unlock = static_cast<std::int64_t>(root ? settings.root_unlock_time : settings.unlock_time);
    // The interval is counted back from the last failure, and a lock outlives it.
    const auto within = std::ranges::count_if(
        failures, [&](std::int64_t time) { return latest - time < static_cast<std::int64_t>(settings.fail_interval); });
    const bool enough = settings.deny > 0 && within >= static_cast<std::int64_t>(settings.deny);
    return enough && (unlock == 0 || latest + unlock >= now);
}

/// Where empty passwords are permitted sshd has tried one before the right one, and that has been counted.
bool counted_empty_password(const PamQuestion& question) {
    const auto& policy = question.policy;
    const bool tried = policy.empty_passwords && policy.password && policy.chains.empty();
    const bool failed = question.credential == Credential::password && question.account.password &&
                        *question.account.password != facts::PasswordState::none;
    const auto& pam = question.state.facts.pam;
    return tried && failed && pam && std::ranges::any_of(pam->lines, [](const facts::PamLine& line) {
               return line.module == "pam_faillock.so" &&
                      std::ranges::find(line.arguments, "authfail") != line.arguments.end();
           });
}

}  // namespace

PamAnswer answer_of_pam_faillock(const PamQuestion& question, const facts::PamLine& line) {
    const auto has = [&](std::string_view word) {
        return std::ranges::find(line.arguments, word) != line.arguments.end();
    };
    if (line.type == "account") {
        return {};  // it clears the count
    }
    const auto& faillock = question.state.facts.faillock;
    if (!faillock || !faillock->unread.empty()) {
        return {any_pam_code, "the failures that pam_faillock counts are not known: " +
                                  (faillock ? faillock->unread : faillock.error().message)};
    }
    auto settings = faillock->settings;
    for (const auto& argument : line.arguments) {
        facts::apply_faillock_setting(settings, argument);
    }
    const bool root = question.account.uid == 0;
    if (root && !settings.even_deny_root) {
        return has("authsucc") ? PamAnswer{} : PamAnswer{only(PamCode::ignore)};
    }
    if (has("authfail")) {
        return {only(PamCode::auth_err), "pam_faillock counts a failure."};
    }
    const auto tally = faillock->tallies.find(question.account.name);
    auto failures = tally == faillock->tallies.end() ? std::vector<std::int64_t>{} : tally->second;
    if (counted_empty_password(question)) {
        failures.push_back(question.state.now);
    }
    const bool locked = is_locked(settings, failures, root, question.state.now);
    if (locked) {
        return {only(PamCode::auth_err), "pam_faillock has locked the account after failed logins."};
    }
    return has("authsucc") ? PamAnswer{} : PamAnswer{only(PamCode::ignore)};
}

}  // namespace sshkeep::access
