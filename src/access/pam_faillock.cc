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
    const bool locked =
        tally != faillock->tallies.end() && is_locked(settings, tally->second, root, question.state.now);
    if (locked) {
        return {only(PamCode::auth_err), "pam_faillock has locked the account after failed logins."};
    }
    return has("authsucc") ? PamAnswer{} : PamAnswer{only(PamCode::ignore)};
}

}  // namespace sshkeep::access
