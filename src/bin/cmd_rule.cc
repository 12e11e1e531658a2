#include <memory>

#include "bin/catalogue.h"
#include "bin/commands.h"
#include "bin/display.h"

namespace sshkeep::bin {
namespace {

struct RuleOptions {
    std::string rule;
    Display display;
};

Result<ExitCode> run_rule(const RuleOptions& options) {
    const auto catalogue = TRY(shipped_catalogue());
    const bool json = options.display.kind() == Format::json;
    if (options.rule.empty()) {
        TRY(write_output(json ? report::render_rules_json(catalogue)
                              : report::render_rules(catalogue, options.display.text_options()),
                         options.display.output));
        return ExitCode::done;
    }
    const auto* rule = catalogue.find(options.rule);
    if (rule == nullptr) {
        std::vector<std::string> ids;
        ids.reserve(catalogue.rules.size());
        for (const auto& known : catalogue.rules) {
            ids.push_back(known.id);
        }
        return fail(ErrorCode::invalid, "there is no rule " + options.rule + suggestion(options.rule, ids));
    }
    TRY(write_output(
        json ? report::render_rule_json(*rule) : report::render_rule(*rule, options.display.text_options()),
        options.display.output));
    return ExitCode::done;
}

struct ProfileOptions {
    std::string profile;
    Display display;
};

Result<ExitCode> run_profile(const ProfileOptions& options) {
    const auto catalogue = TRY(shipped_catalogue());
    const auto& display = options.display;
    const bool json = display.kind() == Format::json;
    if (!options.profile.empty()) {
        const auto profile = TRY(shipped_profile(options.profile, catalogue));
        TRY(write_output(
            json ? report::render_profile_json(profile) : report::render_profile(profile, display.text_options()),
            display.output));
        return ExitCode::done;
    }
    std::vector<rules::Profile> profiles;
    for (const auto& name : shipped_profile_names()) {
        profiles.push_back(TRY(shipped_profile(name, catalogue)));
    }
    TRY(write_output(
        json ? report::render_profiles_json(profiles) : report::render_profiles(profiles, display.text_options()),
        display.output));
    return ExitCode::done;
}

}  // namespace

void add_rule(CLI::App& program, ExitCode& status) {
    auto options = std::make_shared<RuleOptions>();
    auto* command = program.add_subcommand("rule", "Explain a rule, or list all of them");
    command->add_option("rule", options->rule, "Id of a rule, as the audit prints it; without one, list all")
        ->option_text("[RULE]");
    add_display(*command, options->display, {"text", "json"});
    command->footer(
        "Examples:\n"
        "  sshkeep rule                         every rule, with its severity\n"
        "  sshkeep rule root-login-password     why, how it is exploited, what to do");
    command->callback([options, &status] { status = finish([&] { return run_rule(*options); }); });
}

void add_profile(CLI::App& program, ExitCode& status) {
    auto options = std::make_shared<ProfileOptions>();
    auto* command = program.add_subcommand("profile", "List the profiles that --profile takes, or show one");
    command->add_option("profile", options->profile, "Name of a profile; without one, list all")
        ->option_text("[PROFILE]");
    add_display(*command, options->display, {"text", "json"});
    command->footer(
        "Examples:\n"
        "  sshkeep profile             every profile\n"
        "  sshkeep profile article     its rules, with severities, limits and remarks");
    command->callback([options, &status] { status = finish([&] { return run_profile(*options); }); });
}

}  // namespace sshkeep::bin
