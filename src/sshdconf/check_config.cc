#include "sshdconf/check_config.h"

#include <algorithm>
#include <tuple>

#include "base/text.h"
#include "sshdconf/passes.h"
#include "sshdconf/present.h"
#include "sshdconf/version_number.h"

namespace sshkeep::sshdconf {

namespace {

Origin first_origin(const Slot& slot) { return slot.origins.empty() ? Origin{0, 1} : slot.origins.front(); }

void check_command_has_user(const Slots& start, Option command, Option user, const Report& report) {
    const Slot& slot = start[command];
    if (slot.set() && !iequals(slot.values.front(), "none") && !start[user].set()) {
        report(Diagnostic::Kind::fatal, first_origin(slot),
               std::string(name_of(command)) + " is set without " + std::string(name_of(user)));
    }
}

bool enabled(const Slots& start, std::string_view method, const Build& build) {
    const auto is_on = [&](Option option) {
        const auto values = start[option].set() ? start[option].values : default_values(option, build);
        return !values.empty() && values.front() == "yes";
    };
    const std::string_view name = method.substr(0, method.find(':'));
    if (name == "publickey") {
        return is_on(Option::pubkey_authentication);
    }
    if (name == "password") {
        return is_on(Option::password_authentication);
    }
    if (name == "hostbased") {
        return is_on(Option::hostbased_authentication);
    }
    if (name == "keyboard-interactive") {
        const bool by_challenge = version_number(build) < 807 && is_on(Option::challenge_response_authentication);
        return by_challenge || is_on(Option::kbd_interactive_authentication);
    }
    return name == "none" || is_on(Option::gssapi_authentication);
}

void check_methods_can_be_met(const Slots& start, const Build& build, const Report& report) {
    const Slot& slot = start[Option::authentication_methods];
    if (!slot.set() || (slot.values.size() == 1 && slot.values.front() == "any")) {
        return;
    }
    const bool possible = std::ranges::any_of(slot.values, [&](const std::string& list) {
        return std::ranges::all_of(split(list, ','),
                                   [&](std::string_view method) { return enabled(start, method, build); });
    });
    if (!possible) {
        report(Diagnostic::Kind::fatal, first_origin(slot),
               "authenticationmethods cannot be satisfied by the enabled authentication methods");
    }
}

}  // namespace

void check_config(Config& config) {
    const Report report = [&](Diagnostic::Kind kind, const Origin& origin, std::string message) {
        config.diagnostics.push_back({kind, origin, std::move(message)});
    };
    const auto conditions = parse_conditions(config);
    for (std::size_t i = 1; i < conditions.size(); ++i) {
        if (!conditions[i].error.empty()) {
            report(Diagnostic::Kind::fatal, config.blocks[i].origin, "bad Match condition: " + conditions[i].error);
        }
    }
    const Slots start = run_start_pass(config, evaluate_blocks(config, conditions, nullptr), &report);
    check_command_has_user(start, Option::authorized_keys_command, Option::authorized_keys_command_user, report);
    check_command_has_user(start, Option::authorized_principals_command, Option::authorized_principals_command_user,
                           report);
    check_methods_can_be_met(start, config.build, report);
    if (const auto listen = listen_addresses(start, config.build); !listen.refused.empty()) {
        report(Diagnostic::Kind::fatal, first_origin(start[Option::listen_address]),
               "bad addr or host: " + listen.refused);
    }
    std::ranges::sort(config.diagnostics, {},
                      [](const Diagnostic& d) { return std::tie(d.origin, d.kind, d.message); });
}

}  // namespace sshkeep::sshdconf
