#include <memory>

#include "app/configuration.h"
#include "base/escape.h"
#include "base/text.h"
#include "bin/commands.h"
#include "bin/connection_options.h"
#include "bin/diagnostics.h"
#include "bin/display.h"
#include "bin/host_options.h"
#include "facts/contexts.h"
#include "report/config_report.h"
#include "sshdconf/effective.h"

namespace sshkeep::bin {
namespace {

struct ConfigOptions {
    HostOptions host;
    ConnectionOptions connection;
    std::string option;  ///< of `explain`
    Display display;
};

Result<facts::HostFacts> observe(const ConfigOptions& options, bool accounts) {
    const auto host = TRY(options.host.open());
    app::ConfigurationOptions wanted;
    wanted.config_path = TRY(options.host.observe_options()).config_path;
    wanted.build = TRY(options.connection.build());
    wanted.accounts = accounts;
    auto facts = app::observe_configuration(*host, wanted);
    if (!facts.config) {
        return std::unexpected(std::move(facts.config).error());
    }
    if (!tell_diagnostics(*facts.config)) {
        return fail(ErrorCode::invalid, "sshd refuses this configuration");
    }
    return facts;
}

/// The bytes as sshd prints them; on a terminal, harmless ones.
std::string for_reader(const std::string& listing, const Display& display) {
    if (!display.output.empty() || !prints_on_terminal()) {
        return listing;
    }
    std::string out;
    for (const auto line : split(listing, '\n')) {
        out += escape_for_terminal(line) + '\n';
    }
    out.pop_back();  // split gives an empty piece after the last newline
    return out;
}

Result<ExitCode> run_effective(const ConfigOptions& options) {
    const auto facts = TRY(observe(options, options.connection.user.has_value()));
    const auto connection = TRY(options.connection.connection(facts));
    sshdconf::Evaluator evaluator(*facts.config);
    const auto& effective = evaluator.at(connection);
    for (const auto& setting : effective.settings()) {
        if (!setting.uncertain.empty()) {
            complain(setting.name + " is uncertain: " + setting.uncertain);
        }
    }
    if (options.display.kind() == Format::json) {
        TRY(write_output(report::render_effective_json(*facts.config, effective), options.display.output));
    } else {
        TRY(write_output(for_reader(sshdconf::render_effective(effective, facts.build), options.display),
                         options.display.output));
    }
    return ExitCode::done;
}

std::vector<report::ContextValue> set_otherwise(const facts::HostFacts& facts, const sshdconf::Setting& here) {
    sshdconf::Evaluator evaluator(*facts.config);
    std::vector<report::ContextValue> elsewhere;
    for (const auto& context : facts::contexts_of(facts, evaluator)) {
        const auto* there = context.effective->find(here.name);
        if (there != nullptr && (there->values != here.values || there->uncertain != here.uncertain)) {
            elsewhere.push_back({context.label, *there});
        }
    }
    return elsewhere;
}

std::string did_you_mean(const sshdconf::Config& config, const std::string& option) {
    sshdconf::Evaluator evaluator(config);
    std::vector<std::string> names;
    for (const auto& setting : evaluator.at({}).settings()) {
        names.push_back(setting.name);
    }
    return suggestion(ascii_lower(option), names);
}

Result<ExitCode> run_explain(const ConfigOptions& options) {
    const auto facts = TRY(observe(options, true));
    const auto connection = TRY(options.connection.connection(facts));
    const auto explanation = sshdconf::explain(*facts.config, options.option, connection);
    if (!explanation) {
        auto error = explanation.error();
        error.message += did_you_mean(*facts.config, options.option);
        return std::unexpected(std::move(error));
    }
    const auto elsewhere = set_otherwise(facts, explanation->setting);
    const bool json = options.display.kind() == Format::json;
    TRY(write_output(
        json ? report::render_explanation_json(*facts.config, *explanation, elsewhere)
             : report::render_explanation(*facts.config, *explanation, elsewhere, options.display.text_options()),
        options.display.output));
    return ExitCode::done;
}

void add_common(CLI::App& command, ConfigOptions& options) {
    add_host_options(command, options.host);
    add_connection_options(command, options.connection);
    add_display(command, options.display, {"text", "json"});
}

void add_effective(CLI::App& config, ExitCode& status) {
    auto options = std::make_shared<ConfigOptions>();
    auto* command = config.add_subcommand("effective", "Print what sshd would use for a connection, as sshd -T does");
    add_common(*command, *options);
    command->footer(
        "Examples:\n"
        "  sshkeep config effective\n"
        "  sshkeep config effective --user alice --addr 192.0.2.7\n"
        "  sshkeep config effective -f new_sshd_config --openssh 10.0p1");
    command->callback([options, &status] { status = finish([&] { return run_effective(*options); }); });
}

void add_explain(CLI::App& config, ExitCode& status) {
    auto options = std::make_shared<ConfigOptions>();
    auto* command = config.add_subcommand("explain", "Tell where an option's value comes from and what it shadows");
    command->add_option("option", options->option, "Name of the option")->required()->option_text("OPTION");
    add_common(*command, *options);
    command->footer(
        "Examples:\n"
        "  sshkeep config explain PermitRootLogin\n"
        "  sshkeep config explain PasswordAuthentication --user alice");
    command->callback([options, &status] { status = finish([&] { return run_explain(*options); }); });
}

}  // namespace

void add_config(CLI::App& program, ExitCode& status) {
    auto* command = program.add_subcommand("config", "Answer questions about sshd_config as sshd would");
    command->require_subcommand(1);
    command->footer("See sshkeep config effective --help and sshkeep config explain --help.");
    add_effective(*command, status);
    add_explain(*command, status);
}

}  // namespace sshkeep::bin
