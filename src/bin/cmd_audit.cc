#include <algorithm>
#include <memory>

#include "app/observe.h"
#include "bin/catalogue.h"
#include "bin/commands.h"
#include "bin/display.h"
#include "bin/host_options.h"
#include "bin/progress.h"
#include "report/controls.h"
#include "rules/engine.h"

namespace sshkeep::bin {
namespace {

constexpr const char* default_waivers = "/etc/sshkeep/waivers.toml";

struct AuditOptions {
    HostOptions host;
    std::string profile = "recommended";
    std::string framework;
    std::string fail_on;
    std::string waivers;
    bool passes = false;
    Display display;
};

Result<void> check_framework(const std::string& framework, const rules::Catalogue& catalogue) {
    const auto known = report::frameworks_of(catalogue);
    if (!framework.empty() && !std::ranges::binary_search(known, framework)) {
        return fail(ErrorCode::invalid, "there is no framework " + framework + "; known: " + list_of(known));
    }
    return {};
}

/// The file that was named; else the running host's own, when there is one that can be read. An offline tree's is never
/// read: what is judged does not excuse itself.
Result<std::vector<rules::Waiver>> read_waivers(const AuditOptions& options) {
    const bool named = !options.waivers.empty();
    if (!named && !options.host.root.empty()) {
        return {};
    }
    const std::string path = named ? options.waivers : default_waivers;
    auto text = read_named_file(path);
    if (!text && named) {
        return std::unexpected(std::move(text).error());
    }
    if (!text) {
        if (text.error().code != ErrorCode::not_found) {
            complain("nothing is waived: " + text.error().message);
        }
        return {};
    }
    auto waivers = rules::parse_waivers(*text);
    if (!waivers) {
        return std::unexpected(std::move(waivers).error().in(path));
    }
    return waivers;
}

std::string render(const AuditOptions& options, const rules::Report& report, const rules::Catalogue& catalogue,
                   const facts::HostFacts& facts) {
    switch (options.display.kind()) {
        case Format::json:
            return report::render_json(report, catalogue, facts, options.framework);
        case Format::sarif:
            return report::render_sarif(report, catalogue, facts);
        case Format::text:
            break;
    }
    auto text = options.display.text_options();
    text.show_passes = options.passes;
    text.framework = options.framework;
    return report::render_text(report, catalogue, facts, text);
}

bool fails(const rules::Report& report, const std::string& fail_on) {
    const auto bar = parse_severity(fail_on);
    return bar && std::ranges::any_of(report.findings, [&](const Finding& finding) {
               return finding.verdict == Verdict::fail && finding.severity >= *bar;
           });
}

Result<ExitCode> run_audit(const AuditOptions& options) {
    const auto catalogue = TRY(shipped_catalogue());
    const auto profile = TRY(shipped_profile(options.profile, catalogue));
    TRY(check_framework(options.framework, catalogue));
    const auto waivers = TRY(read_waivers(options));
    const auto host = TRY(options.host.open());
    const auto observe_options = TRY(options.host.observe_options());
    std::string text;
    bool failed = false;
    {
        const Progress progress("auditing " + observe_options.root);
        const auto facts = app::observe(*host, observe_options);
        if (!facts.config && !options.host.config.empty()) {
            return std::unexpected(Error(facts.config.error()));
        }
        const auto report = rules::evaluate(facts, catalogue, profile, waivers, observe_options.now);
        text = render(options, report, catalogue, facts);
        failed = fails(report, options.fail_on);
    }
    TRY(write_output(text, options.display.output));
    return failed ? ExitCode::findings : ExitCode::done;
}

}  // namespace

void add_audit(CLI::App& program, ExitCode& status) {
    auto options = std::make_shared<AuditOptions>();
    auto* command = program.add_subcommand("audit", "Say what is weak about a host's SSH access");
    add_host_options(*command, options->host);
    command->add_option("--profile", options->profile, "Which rules count and how [recommended]; see sshkeep profile")
        ->option_text("NAME");
    command->add_option("--framework", options->framework, "Group the report by the controls of a framework")
        ->option_text("NAME");
    command->add_option("--fail-on", options->fail_on, "Exit with 1 when a finding is at least this severe")
        ->check(CLI::IsMember({"info", "low", "medium", "high", "critical"}))
        ->option_text("SEVERITY");
    command->add_option("--waivers", options->waivers, "Findings excused on purpose [/etc/sshkeep/waivers.toml]")
        ->option_text("FILE");
    command->add_flag("--passes,--all", options->passes, "List what passed, too");
    add_display(*command, options->display, {"text", "json", "sarif"});
    command->footer(
        "Examples:\n"
        "  sshkeep audit                            this machine (as root: all of it)\n"
        "  sshkeep audit --root /mnt/image          an offline tree; nothing of it is executed\n"
        "  sshkeep audit --profile cis-l1 --framework cis-debian12\n"
        "  sshkeep audit --fail-on high --format sarif -o audit.sarif\n"
        "\n"
        "Exit status: 0 done; 1 a finding at or above --fail-on; 2 wrong usage or input; 3 failed.");
    command->callback([options, &status] { status = finish([&] { return run_audit(*options); }); });
}

}  // namespace sshkeep::bin
