// Where a password, or none at all, is enough.

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.h"
#include "rules/checks_support.h"

namespace sshkeep::rules {

namespace {

/// PAM modules that ask for a reusable password.
constexpr std::array password_modules{
    std::string_view{"pam_unix.so"},    std::string_view{"pam_sss.so"},         std::string_view{"pam_ldap.so"},
    std::string_view{"pam_krb5.so"},    std::string_view{"pam_winbind.so"},     std::string_view{"pam_userdb.so"},
    std::string_view{"pam_pwdfile.so"}, std::string_view{"pam_radius_auth.so"}, std::string_view{"pam_tacplus.so"},
    std::string_view{"pam_mysql.so"},   std::string_view{"pam_pgsql.so"},       std::string_view{"pam_systemd_home.so"},
};

bool asks_password(const facts::PamStack& stack) {
    return std::ranges::any_of(stack.lines, [](const facts::PamLine& line) {
        return line.type == "auth" && std::ranges::find(password_modules, line.module) != password_modules.end();
    });
}

bool is_root_context(const facts::Context& context) { return context.connection.user == "root"; }

/// PermitRootLogin lets root in with a password (the keyboard-interactive method counts as one).
bool root_password_allowed(const sshdconf::Effective& effective) { return effective.value("permitrootlogin") == "yes"; }

Results password_through_keyboard_interactive(const CheckInput& input) {
    const auto& pam = input.facts.pam;
    return judge_contexts(
        input, {"passwordauthentication", "kbdinteractiveauthentication", "usepam", "authenticationmethods"},
        [&](const facts::Context& context) -> std::optional<CheckResult> {
            const sshdconf::Effective& effective = *context.effective;
            if (is_yes(effective, "passwordauthentication") || !password_alone_suffices(effective) ||
                (is_root_context(context) && !root_password_allowed(effective))) {
                return std::nullopt;
            }
            if (!pam) {
                return CheckResult{
                    .verdict = Verdict::unknown,
                    .detail = fmt::format("keyboard-interactive goes through PAM, whose sshd stack is not known: {}",
                                          shown(pam.error().message))};
            }
            if (!asks_password(*pam)) {
                return std::nullopt;  // one-time codes and the like
            }
            return CheckResult{.detail =
                                   "PasswordAuthentication is no, but keyboard-interactive asks for the same "
                                   "password through PAM; KbdInteractiveAuthentication no is wanted."};
        },
        "No password alone is accepted through keyboard-interactive while PasswordAuthentication is off.");
}

bool has_explicit_methods(const sshdconf::Effective& effective) {
    const sshdconf::Setting* setting = effective.find("authenticationmethods");
    return setting != nullptr && !setting->is_default();
}

Results auth_methods_password_alone(const CheckInput& input) {
    return judge_contexts(
        input, {"authenticationmethods", "passwordauthentication", "kbdinteractiveauthentication", "usepam"},
        [](const facts::Context& context) -> std::optional<CheckResult> {
            const sshdconf::Effective& effective = *context.effective;
            if (!has_explicit_methods(effective) || !password_alone_suffices(effective)) {
                return std::nullopt;
            }
            return CheckResult{.detail =
                                   fmt::format("AuthenticationMethods \"{}\" is satisfied by a password alone.",
                                               shown(join(effective.find("authenticationmethods")->values, " ")))};
        },
        "No AuthenticationMethods line is satisfied by a password alone.");
}

/// Why a method of AuthenticationMethods cannot succeed; empty when it can.
std::string unavailable(const sshdconf::Effective& effective, std::string_view method) {
    constexpr std::array options{
        std::pair{std::string_view{"publickey"}, std::string_view{"pubkeyauthentication"}},
        std::pair{std::string_view{"password"}, std::string_view{"passwordauthentication"}},
        std::pair{std::string_view{"keyboard-interactive"}, std::string_view{"kbdinteractiveauthentication"}},
        std::pair{std::string_view{"hostbased"}, std::string_view{"hostbasedauthentication"}},
        std::pair{std::string_view{"gssapi-with-mic"}, std::string_view{"gssapiauthentication"}},
    };
    const std::string_view name = method.substr(0, method.find(':'));
    for (const auto& [known, option] : options) {
        if (name == known && effective.value(option) == "no") {
            return fmt::format("{} is no", option);
        }
    }
    if (name == "keyboard-interactive" && !is_yes(effective, "usepam")) {
        return "UsePAM is no";
    }
    return {};
}

Results auth_methods_unavailable(const CheckInput& input) {
    return judge_contexts(
        input,
        {"authenticationmethods", "pubkeyauthentication", "passwordauthentication", "kbdinteractiveauthentication",
         "hostbasedauthentication", "gssapiauthentication"},
        [](const facts::Context& context) -> std::optional<CheckResult> {
            const sshdconf::Effective& effective = *context.effective;
            bool usable = false;
            std::string detail;
            for (const std::string_view list : words_of(effective, "authenticationmethods")) {
                std::string why;
                for (const std::string_view method : split(list, ',')) {
                    if (why = unavailable(effective, method); !why.empty()) {
                        break;
                    }
                }
                usable = usable || why.empty();
                if (!why.empty() && detail.empty()) {
                    detail = fmt::format("AuthenticationMethods {} can never be completed: {}", shown(list), why);
                }
            }
            if (detail.empty()) {
                return std::nullopt;
            }
            return CheckResult{.detail = detail + (!usable ? ". No other list is left: nobody can log in." : ".")};
        },
        "Every method that AuthenticationMethods names is available.");
}

Results root_password_usable(const CheckInput& input) {
    if (!input.facts.config || !input.facts.accounts) {
        return not_known(input.facts.config ? input.facts.accounts.error() : input.facts.config.error());
    }
    const Accounts accounts(input);
    Tally found;
    Doubts doubts;
    for (const facts::Account& account : *input.facts.accounts) {
        const sshdconf::Effective* effective = account.uid == 0 ? accounts.effective(account.name, doubts) : nullptr;
        if (effective == nullptr || !root_password_allowed(*effective) || !password_alone_suffices(*effective)) {
            continue;
        }
        doubts.add_unless_known(account.name, account.password);
        if (account.password == facts::PasswordState::hashed) {
            found.add(
                [&] { return Location{.path = "/etc/shadow", .text = Untrusted(account.name + " has a password")}; },
                account.name);
        }
    }
    std::string detail =
        fmt::format("{} (uid 0) has a password and PermitRootLogin yes lets it log in with it.", found.subjects());
    return conclude(std::move(found), doubts, {.context = "user root", .detail = std::move(detail)},
                    "No account with uid 0 can log in with its password.");
}

/// PAM itself refuses an empty password unless pam_unix is told nullok.
bool pam_takes_empty(const facts::HostFacts& facts, const sshdconf::Effective& effective) {
    if (!is_yes(effective, "usepam") || !facts.pam) {
        return true;
    }
    return std::ranges::any_of(facts.pam->lines, [](const facts::PamLine& line) {
        return line.type == "auth" && std::ranges::any_of(line.arguments, [](const std::string& argument) {
                   return argument == "nullok" || argument == "nullok_secure";
               });
    });
}

/// Accounts with an empty password; `open` are those that may really log in with it.
template <class Wanted>
Results empty_passwords(const CheckInput& input, Wanted wanted, std::string_view what, std::string passed_detail) {
    if (!input.facts.accounts) {
        return not_known(input.facts.accounts.error());
    }
    const Accounts accounts(input);
    Tally found;
    Doubts doubts;
    for (const facts::Account& account : *input.facts.accounts) {
        doubts.add_unless_known(account.name, account.password);
        if (account.password == facts::PasswordState::none && wanted(account, accounts, doubts)) {
            found.add(
                [&] {
                    return Location{.path = "/etc/shadow", .text = Untrusted(account.name + " has an empty password")};
                },
                account.name);
        }
    }
    std::string detail = fmt::format("{} {}", found.subjects(), what);
    return conclude(std::move(found), doubts, {.detail = std::move(detail)}, std::move(passed_detail));
}

Results empty_password_login(const CheckInput& input) {
    if (!input.facts.config) {
        return not_known(input.facts.config.error());
    }
    const auto may_log_in = [&](const facts::Account& account, const Accounts& accounts, Doubts& doubts) {
        const sshdconf::Effective* effective = accounts.effective(account.name, doubts);
        return effective != nullptr && is_yes(*effective, "permitemptypasswords") &&
               password_alone_suffices(*effective) && pam_takes_empty(input.facts, *effective) &&
               (account.uid != 0 || root_password_allowed(*effective));
    };
    return empty_passwords(input, may_log_in, "can be logged in to over the network without any password.",
                           "No account can be logged in to without a password.");
}

Results account_without_password(const CheckInput& input) {
    return empty_passwords(
        input, [](const facts::Account&, const Accounts&, const Doubts&) { return true; },
        "has an empty password field; only sshd's options and PAM stand before it.",
        "No account has an empty password.");
}

Results weak_password_hash(const CheckInput& input) {
    if (!input.facts.config || !input.facts.accounts) {
        return not_known(input.facts.config ? input.facts.accounts.error() : input.facts.config.error());
    }
    const std::string schemes =
        input.parameter ? input.parameter("schemes", "des bsdi md5 sha1 nt") : "des bsdi md5 sha1 nt";
    const std::vector<std::string_view> weak = split_words(schemes);
    const Accounts accounts(input);
    Tally found;
    Doubts doubts;
    for (const facts::Account& account : *input.facts.accounts) {
        doubts.add_unless_known(account.name, account.password);
        if (account.password != facts::PasswordState::hashed ||
            std::ranges::find(weak, account.hash_scheme) == weak.end()) {
            continue;
        }
        const sshdconf::Effective* effective = accounts.effective(account.name, doubts);
        if (effective == nullptr || !password_alone_suffices(*effective) ||
            (account.uid == 0 && !root_password_allowed(*effective))) {
            continue;
        }
        found.add(
            [&] {
                return Location{.path = "/etc/shadow",
                                .text = Untrusted(account.name + " has a hash of scheme " + account.hash_scheme)};
            },
            account.name);
    }
    std::string detail = fmt::format(
        "The password of {} is hashed with a scheme that is tried millions of times a second "
        "(unwanted: {}), and it opens sshd.",
        found.subjects(), shown(schemes));
    return conclude(std::move(found), doubts, {.detail = std::move(detail)},
                    "No account that may log in with a password has a weak hash.");
}

constexpr std::array checks{
    NamedCheck{"password_through_keyboard_interactive", password_through_keyboard_interactive},
    NamedCheck{"auth_methods_password_alone", auth_methods_password_alone},
    NamedCheck{"auth_methods_unavailable", auth_methods_unavailable},
    NamedCheck{"root_password_usable", root_password_usable},
    NamedCheck{"empty_password_login", empty_password_login},
    NamedCheck{"account_without_password", account_without_password},
    NamedCheck{"weak_password_hash", weak_password_hash},
};

}  // namespace

std::span<const NamedCheck> password_checks() { return checks; }

}  // namespace sshkeep::rules
