// sshkeep harden confirm, rollback, status
#include <sys/sysinfo.h>
#include <time.h>

#include <algorithm>
#include <ctime>

#include <fmt/format.h>

#include "bin/harden_support.h"
#include "host/host_factory.h"

namespace sshkeep::bin {
namespace {

using transaction::State;
using transaction::Status;

struct Decision {
    std::string id;
    Display display;
};

/// The transaction that is meant: the one named, else the only one in one of these states.
Result<Status> choose(const std::string& id, const std::vector<State>& states, std::string_view what) {
    const auto all = TRY(read_transactions());
    std::vector<Status> fitting;
    for (const auto& status : all) {
        if (id.empty() ? std::ranges::find(states, status.state) != states.end() : status.manifest.id == id) {
            fitting.push_back(status);
        }
    }
    if (fitting.empty()) {
        return fail(ErrorCode::not_found,
                    id.empty() ? "no transaction " + std::string(what) : "there is no transaction " + id);
    }
    return fitting.back();
}

std::int64_t wall_time_of(std::int64_t seconds_since_boot) {
    timespec boot{};
    static_cast<void>(::clock_gettime(CLOCK_BOOTTIME, &boot));  // this clock exists on every kernel in use
    return static_cast<std::int64_t>(std::time(nullptr)) - boot.tv_sec + seconds_since_boot;
}

/// Why this session proves nothing about new logins; empty when it does, or when it is a console.
std::string objection_to(const std::optional<host::LoginSession>& session, const Status& status) {
    if (!session) {
        return {};
    }
    if (session->identity == status.manifest.session) {
        return "this is the connection that made the change: open a new one and confirm there";
    }
    if (session->connected && session->began > 0 && status.since > 0 &&
        wall_time_of(session->began) + 1 < status.since) {
        return "this connection is older than the change: open a new one and confirm there";
    }
    return {};
}

Result<void> tell(const Status& status, const Display& display, const std::string& sentence) {
    return write_output(display.kind() == Format::json ? render_applied_json(status, {}) : sentence, display.output);
}

Result<ExitCode> run_confirm(const Decision& options) {
    const auto status = TRY(choose(options.id, {State::waiting}, "waits for a confirmation"));
    const auto host = TRY(host::make_local_host());
    const auto session = host::read_login_session(*host);
    if (const auto objection = objection_to(session, status); !objection.empty()) {
        complain(objection);
        return ExitCode::lock_out;
    }
    auto world = TRY(ChangeWorld::open(false));
    const auto by = describe_operator(current_operator(*host, session));
    const auto confirmed = TRY(world->transactions().confirm(status.manifest.id, "confirmed by " + by));
    TRY(tell(confirmed, options.display, confirmed.manifest.id + " is confirmed: the change stays.\n"));
    return ExitCode::done;
}

Result<ExitCode> run_rollback(const Decision& options) {
    const auto status = TRY(choose(options.id, {State::waiting, State::confirmed}, "can be rolled back"));
    const auto host = TRY(host::make_local_host());
    const auto by = describe_operator(current_operator(*host, host::read_login_session(*host)));
    auto world = TRY(ChangeWorld::open(false));
    const auto undone = TRY(world->transactions().roll_back(status.manifest.id, "rolled back by " + by));
    TRY(tell(undone, options.display, undone.manifest.id + " is rolled back: every file is what it was.\n"));
    return ExitCode::done;
}

Result<ExitCode> run_status(const Display& display) {
    const auto all = TRY(read_transactions());
    TRY(write_output(display.kind() == Format::json ? render_status_json(all)
                                                    : render_status(all, static_cast<std::int64_t>(std::time(nullptr))),
                     display.output));
    return ExitCode::done;
}

CLI::App* add_decision(CLI::App& harden, const std::string& name, const std::string& help, Decision& options) {
    auto* command = harden.add_subcommand(name, help);
    command->add_option("transaction", options.id, "Which one; not needed when only one comes into question")
        ->option_text("ID");
    add_display(*command, options.display, {"text", "json"});
    return command;
}

}  // namespace

void add_harden_confirm(CLI::App& harden, ExitCode& status) {
    auto options = std::make_shared<Decision>();
    auto* command = add_decision(harden, "confirm", "Keep the change; to be given in a new connection", *options);
    command->footer(
        "Exit status: 0 the change stays; 2 nothing waits, or it came too late; 3 failed;\n"
        "4 refused: this is not a new connection.");
    command->callback([options, &status] { status = finish([&] { return run_confirm(*options); }); });
}

void add_harden_rollback(CLI::App& harden, ExitCode& status) {
    auto options = std::make_shared<Decision>();
    auto* command = add_decision(harden, "rollback", "Undo a change, waiting or confirmed", *options);
    command->footer("A confirmed change whose files were changed since is left alone.");
    command->callback([options, &status] { status = finish([&] { return run_rollback(*options); }); });
}

void add_harden_status(CLI::App& harden, ExitCode& status) {
    auto display = std::make_shared<Display>();
    auto* command = harden.add_subcommand("status", "List the changes made on this host and what became of them");
    add_display(*command, *display, {"text", "json"});
    command->callback([display, &status] { status = finish([&] { return run_status(*display); }); });
}

}  // namespace sshkeep::bin
