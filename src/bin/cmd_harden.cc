// sshkeep harden plan, apply
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "app/harden.h"
#include "base/escape.h"
#include "bin/catalogue.h"
#include "bin/commands.h"
#include "bin/harden_support.h"
#include "bin/host_options.h"
#include "bin/progress.h"
#include "report/plan.h"

namespace sshkeep::bin {
namespace {

struct PlanOptions {
    HostOptions host;
    std::string profile;
    std::vector<std::string> only;
    std::vector<std::string> sets;
    std::string root_notice;
    std::vector<std::string> may_lose;
    Display display;
};

void add_plan_options(CLI::App& command, PlanOptions& options) {
    command
        .add_option("--profile", options.profile, "Mend what this profile finds [recommended, unless --set is given]")
        ->option_text("NAME");
    command.add_option("--only", options.only, "Mend this rule's findings only; may be given again")
        ->option_text("RULE");
    command
        .add_option("--set", options.sets, "Put a directive in force, such as PermitRootLogin=no; may be given again")
        ->option_text("OPTION=VALUE");
    command
        .add_option("--root-notice", options.root_notice,
                    "Root's keys only print a notice to log in as this account instead")
        ->option_text("ACCOUNT");
    command
        .add_option("--allow-losing", options.may_lose, "This account may lose its last way in (sftp: the subsystem)")
        ->option_text("ACCOUNT");
}

/// What a command asks for, with everything that the request refers to.
struct Asked {
    rules::Catalogue catalogue;
    std::optional<rules::Profile> profile;
    std::unique_ptr<ports::Host> host;
    std::optional<host::LoginSession> session;
    app::HardenRequest request;
};

Result<std::unique_ptr<Asked>> ask(const PlanOptions& options) {
    auto asked = std::make_unique<Asked>();
    asked->catalogue = TRY(shipped_catalogue());
    auto& request = asked->request;
    const bool findings =
        !options.profile.empty() || !options.only.empty() || (options.sets.empty() && options.root_notice.empty());
    if (findings) {
        const auto& name = options.profile.empty() ? "recommended" : options.profile;
        asked->profile = TRY(shipped_profile(name, asked->catalogue));
        request.profile = &*asked->profile;
        for (const auto& rule : options.only) {
            const auto selects = [&](const auto& selected) { return selected.rule->id == rule; };
            if (std::ranges::none_of(asked->profile->selected, selects)) {
                return fail(ErrorCode::invalid, "profile " + name + " has no rule " + rule);
            }
        }
    }
    asked->host = TRY(options.host.open());
    request.only = options.only;
    request.sets = options.sets;
    if (!options.root_notice.empty()) {
        request.root_notice = options.root_notice;
    }
    request.may_lose = options.may_lose;
    request.observe = TRY(options.host.observe_options());
    if (asked->host->running()) {
        asked->session = host::read_login_session(*asked->host);
        request.by = current_operator(*asked->host, asked->session);
        if (request.by) {
            request.by->uses_sftp = std::ranges::find(options.may_lose, "sftp") == options.may_lose.end();
        }
    }
    return asked;
}

report::PlanView view_of(const app::HardenPlan& plan, const std::optional<std::string>& transaction = {}) {
    auto dangers = plan.dangers;
    for (const auto& text : plan.not_in_force) {
        dangers.push_back({"", "The plan would not do what it is meant to: " + text});
    }
    return {.plan = plan.plan,
            .access = &plan.difference,
            .dangers = std::move(dangers),
            .reload = plan.service.unit,
            .transaction = transaction};
}

std::string render(const report::PlanView& view, const Display& display) {
    return display.kind() == Format::json ? report::render_plan_json(view)
                                          : report::render_plan_text(view, display.text_options());
}

bool refused(const app::HardenPlan& plan) { return !plan.dangers.empty() || !plan.not_in_force.empty(); }

Result<ExitCode> run_plan(const PlanOptions& options) {
    const auto asked = TRY(ask(options));
    const auto plan = TRY(app::plan_hardening(*asked->host, asked->request));
    TRY(write_output(render(view_of(*plan), options.display), options.display.output));
    return refused(*plan) ? ExitCode::lock_out : ExitCode::done;
}

struct ApplyCommand {
    PlanOptions plan;
    std::int64_t confirm_within = 120;
};

std::string next_steps(const transaction::Status& status, std::int64_t confirm_within) {
    return fmt::format(
        "\nThe change is in force and a login works. It is undone by itself in {} seconds unless you confirm it.\n"
        "Keep this session. Open a NEW connection and run there:\n\n    sshkeep harden confirm {}\n\n",
        confirm_within, status.manifest.id);
}

Result<ExitCode> run_apply(const ApplyCommand& options) {
    const auto& display = options.plan.display;
    const bool text = display.kind() == Format::text;
    auto world = TRY(ChangeWorld::open(text));
    const auto asked = TRY(ask(options.plan));
    const auto plan = TRY(app::plan_hardening(*asked->host, asked->request));
    if (refused(*plan) || plan->plan.empty()) {
        TRY(write_output(render(view_of(*plan), display), display.output));
        return refused(*plan) ? ExitCode::lock_out : ExitCode::done;
    }
    if (text) {
        TRY(write_output(render(view_of(*plan), display), display.output));
    }
    app::ApplyOptions apply{.confirm_within = std::chrono::seconds(options.confirm_within),
                            .by = describe_operator(asked->request.by),
                            .session = asked->session ? asked->session->identity : ""};
    const auto applied = TRY(app::apply_hardening(*asked->host, *plan, asked->request, world->world(), apply));
    if (!text) {
        const auto view = view_of(*plan, applied.status.manifest.id);
        TRY(write_output(render_applied_json(applied.status, applied.notes, report::render_plan_json(view)),
                         display.output));
        return ExitCode::done;
    }
    for (const auto& note : applied.notes) {
        complain(note);
    }
    TRY(write_output(next_steps(applied.status, options.confirm_within)));
    return ExitCode::done;
}

}  // namespace

void add_harden_plan(CLI::App& harden, ExitCode& status) {
    auto options = std::make_shared<PlanOptions>();
    auto* command = harden.add_subcommand("plan", "Show what would be changed, and who would gain or lose access");
    add_host_options(*command, options->host);
    add_plan_options(*command, *options);
    add_display(*command, options->display, {"text", "json"});
    command->footer(
        "Examples:\n"
        "  sshkeep harden plan                              what the audit finds, mended\n"
        "  sshkeep harden plan --profile article            what the article asks for\n"
        "  sshkeep harden plan --set PermitRootLogin=prohibit-password\n"
        "  sshkeep harden plan --set AllowUsers=alice@192.0.2.0/24 --set 'AllowUsers=*@*.example.org'\n"
        "\n"
        "Exit status: 0 the plan can be applied; 2 wrong usage or input; 3 failed;\n"
        "4 it would lock somebody out.");
    command->callback([options, &status] { status = finish([&] { return run_plan(*options); }); });
}

void add_harden_apply(CLI::App& harden, ExitCode& status) {
    auto options = std::make_shared<ApplyCommand>();
    auto* command = harden.add_subcommand("apply", "Make the change; it is undone unless it is confirmed in time");
    add_plan_options(*command, options->plan);
    command->add_option("--confirm-within", options->confirm_within, "Seconds until the change is undone [120]")
        ->check(CLI::Range(5, 86'400))
        ->option_text("SECONDS");
    add_display(*command, options->plan.display, {"text", "json"});
    command->footer(
        "The new configuration is judged by sshd -t, a second sshd with it must let a login in, and\n"
        "after the change the running sshd must. Then it waits for sshkeep harden confirm, given in a\n"
        "new connection. Without it everything is put back, even when sshkeep is gone.\n"
        "\n"
        "Exit status: 0 it waits for the confirmation, or there was nothing to do; 2 wrong usage or\n"
        "input; 3 failed, the host is as before; 4 refused: it would lock somebody out.");
    command->callback([options, &status] { status = finish([&] { return run_apply(*options); }); });
}

void add_harden(CLI::App& program, ExitCode& status) {
    auto* harden = program.add_subcommand("harden", "Harden sshd without locking anybody out");
    harden->require_subcommand(1);
    add_harden_plan(*harden, status);
    add_harden_apply(*harden, status);
    add_harden_confirm(*harden, status);
    add_harden_rollback(*harden, status);
    add_harden_status(*harden, status);
    add_harden_admin(*harden, status);
    harden->footer("Try: sshkeep harden plan\nEach of them has --help; sshkeep-harden(1) tells the rest.");
}

}  // namespace sshkeep::bin
