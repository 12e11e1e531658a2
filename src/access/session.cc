// What happens once a login is accepted: session.c.

#include <algorithm>
#include <array>

#include "access/state.h"
#include "base/text.h"

namespace sshkeep::access {
namespace {

bool is_internal_sftp(std::string_view command) {
    constexpr std::string_view name = "internal-sftp";
    return command.starts_with(name) &&
           (command.size() == name.size() || command[name.size()] == ' ' || command[name.size()] == '\t');
}

/// Shells that end a session at once whatever they are asked.
bool ends_sessions(std::string_view shell) {
    constexpr std::array<std::string_view, 5> names{"nologin", "false", "sync", "halt", "shutdown"};
    return std::ranges::find(names, shell.substr(shell.rfind('/') + 1)) != names.end();
}

/// Every directory down to the new root is root's, and nobody else may write there (safely_chroot).
void judge_chroot(const State& state, SessionPlan& plan) {
    const auto& path = plan.session.chroot;
    const auto found = state.chroots.find(path);
    if (found == state.chroots.end()) {
        plan.uncertain = "the directories above " + shown(path) + " were not looked at";
        return;
    }
    const auto& walk = *found->second->walk;
    if (!walk.exists()) {
        plan.session.ends = "the directory of ChrootDirectory, " + shown(path) + ", does not exist";
        return;
    }
    constexpr std::uint32_t writable_by_others = 0022;
    for (const auto& step : walk.steps) {
        if (step.uid != 0 || (step.mode & writable_by_others) != 0) {
            plan.session.ends = "ChrootDirectory: " + shown(step.path) + " is not root's or others may write to it";
            return;
        }
        if (step.type != facts::FileType::directory) {
            plan.session.ends = "ChrootDirectory: " + shown(step.path) + " is not a directory";
            return;
        }
    }
}

std::string no_session(const State& state, const facts::Account& account, const Policy& policy, bool must_change) {
    if (must_change) {
        return "a new password is demanded first";
    }
    if (policy.max_sessions < 1) {
        return "MaxSessions 0 allows no session";
    }
    const bool nologin = !policy.use_pam && account.uid != 0 && state.facts.nologin && *state.facts.nologin;
    return nologin ? "/etc/nologin exists" : std::string{};
}

/// The shell runs everything but internal-sftp, and inside the chroot when there is one.
void judge_shell(const State& state, const facts::Account& account, SessionPlan& plan) {
    const std::string shell = account.shell.empty() ? "/bin/sh" : account.shell;
    if (ends_sessions(shell)) {
        plan.session.ends = "the shell " + shown(shell) + " ends every session";
        return;
    }
    if (plan.session.chroot.empty() || !plan.session.ends.empty()) {
        return;
    }
    const auto inside = state.facts.other_paths.find(plan.session.chroot + shell);
    if (inside == state.facts.other_paths.end()) {
        plan.uncertain = "whether " + shown(shell) + " is there inside " + shown(plan.session.chroot) + " is not known";
    } else if (!inside->second.exists || (inside->second.mode & 0111U) == 0) {
        plan.session.ends = "there is no " + shown(shell) + " inside " + shown(plan.session.chroot);
    }
}

/// The subsystem internal-sftp runs without a shell, so that a file transfer works where nothing else does.
void fall_back_to_sftp(const Policy& policy, SessionPlan& plan) {
    const bool without_shell = !plan.session.ends.empty() || !plan.uncertain.empty();
    const bool has_sftp = std::ranges::any_of(policy.subsystems, [](const std::string& subsystem) {
        const auto words = split_words(subsystem);
        return words.size() >= 2 && words[0] == "sftp" && is_internal_sftp(words[1]);
    });
    if (without_shell && has_sftp && plan.session.kind == Session::Kind::shell) {
        plan.session.kind = Session::Kind::sftp;
        plan.session.ends.clear();
        plan.uncertain.clear();
    }
}

void add_restrictions(Session& session, const Rights& rights) {
    const auto add_if = [&](bool holds, const char* name) {
        if (holds) {
            session.restrictions.emplace_back(name);
        }
    };
    add_if(!rights.agent_forwarding, "no-agent-forwarding");
    add_if(!rights.port_forwarding, "no-port-forwarding");
    add_if(rights.limited_ports, "permitopen");
    add_if(!rights.pty, "no-pty");
    add_if(!rights.user_rc, "no-user-rc");
    add_if(!rights.x11_forwarding, "no-x11-forwarding");
    std::ranges::sort(session.restrictions);
    const auto repeated = std::ranges::unique(session.restrictions);
    session.restrictions.erase(repeated.begin(), repeated.end());
}

}  // namespace

std::string broken_credentials(const facts::Account& account, const Policy& policy,
                               const std::vector<std::string>& methods) {
    // Where empty passwords are permitted sshd has asked PAM about one first. PAM remembers the way through its stack
    // that failed; keyboard-interactive asks in another process, and sshd then ends when pam_setcred walks the
    // remembered way.
    const bool tried_none = policy.empty_passwords && policy.password && policy.chains.empty();
    const bool failed = account.password && *account.password != facts::PasswordState::none;
    const bool by_dialogue = methods == std::vector<std::string>{"keyboard-interactive"};
    return policy.use_pam && tried_none && failed && by_dialogue
               ? "PermitEmptyPasswords makes PAM's credentials fail after keyboard-interactive"
               : std::string{};
}

SessionPlan session_of(const State& state, const facts::Account& account, const Policy& policy, const Rights* rights,
                       bool must_change) {
    SessionPlan plan;
    auto& session = plan.session;
    session.restrictions = policy.restrictions;
    if (rights != nullptr) {
        add_restrictions(session, *rights);
    }
    session.command = policy.forced_command;
    if (session.command.empty() && rights != nullptr && rights->command) {
        session.command = *rights->command;
        // An empty command="" is forced too: the shell is given nothing to do.
        session.kind = Session::Kind::command;
    }
    session.chroot = policy.chroot.empty() ? std::string{} : expand_tokens(policy.chroot, account);
    if (is_internal_sftp(session.command)) {
        session.kind = Session::Kind::sftp;
    } else if (!session.command.empty()) {
        session.kind = Session::Kind::command;
    }
    if (policy.max_sessions < 1) {
        session.kind = Session::Kind::none;
    }
    if (!session.chroot.empty()) {
        judge_chroot(state, plan);
    }
    if (session.kind != Session::Kind::sftp && session.ends.empty()) {
        judge_shell(state, account, plan);
        fall_back_to_sftp(policy, plan);
    }
    if (auto why = no_session(state, account, policy, must_change); !why.empty()) {
        session.ends = std::move(why);
    }
    if (plan.uncertain.empty()) {
        plan.uncertain = !policy.doubt_session.empty() ? policy.doubt_session : policy.doubt_chroot;
    }
    return plan;
}

}  // namespace sshkeep::access
