// sshkeep log show, log export
#include <time.h>

#include <csignal>

#include "base/text.h"
#include "bin/cli_support.h"
#include "bin/log_support.h"
#include "ledger/encoding.h"
#include "ledger/export.h"
#include "storage/files.h"

namespace sshkeep::bin {
namespace {

using Render = std::string (*)(const ledger::Record&);

struct ShowOptions {
    LedgerOptions ledger;
    std::string since, until, actor, action, host, target;
    std::uint64_t from = 0;
    bool follow = false;
    std::string format = "text";
};

/// What the filters of `show` ask for.
struct Filter {
    std::optional<std::int64_t> since;
    std::optional<std::int64_t> until;
    const ShowOptions* options = nullptr;

    [[nodiscard]] bool wants(const ledger::Record& record) const {
        const auto& actor = record.actor;
        const auto& who = options->actor;
        return (!since || record.time >= *since) && (!until || record.time < *until) &&
               (who.empty() || actor.user == who || actor.key == who || std::to_string(actor.login_uid) == who) &&
               record.action.starts_with(options->action) && (options->host.empty() || record.host == options->host) &&
               record.target.find(options->target) != std::string::npos;
    }
};

Result<std::optional<std::int64_t>> read_time(const std::string& text) {
    if (text.empty()) {
        return std::nullopt;
    }
    const auto time = ledger::parse_time(text);
    if (!time) {
        return fail(ErrorCode::invalid,
                    "not a time: " + text + " (2026-11-22, 2026-11-22T09:59 or 2026-11-22T09:59:04, UTC)");
    }
    return time;
}

/// Prints the records from `next` on; afterwards `next` is the first that was not there yet.
Result<void> print_records(ledger::LogReader& log, std::uint64_t& next,
                           const std::function<bool(const ledger::Record&)>& wants, Render render) {
    constexpr std::size_t chunk = 64UZ * 1024;
    std::string out;
    std::optional<Error> error;
    const auto flush = [&] {
        auto written = write_output(out);
        out.clear();
        if (!written) {
            error = std::move(written).error();
        }
        return !error;
    };
    TRY(log.scan_records(next, [&](std::uint64_t sequence, std::string_view bytes) {
        const auto record = ledger::decode_record(bytes);
        if (!record) {
            error = Error(record.error()).in("record " + std::to_string(sequence));
            return false;
        }
        next = sequence + 1;
        if (wants(*record)) {
            out += render(*record);
        }
        return out.size() < chunk || flush();
    }));
    flush();
    if (error) {
        return std::unexpected(*error);
    }
    return {};
}

Result<ExitCode> run_show(const ShowOptions& options) {
    const Filter filter{TRY(read_time(options.since)), TRY(read_time(options.until)), &options};
    const auto wants = [&](const ledger::Record& record) { return filter.wants(record); };
    const auto log = TRY(options.ledger.open_to_read());
    auto next = options.from;
    const auto render = options.format == "json" ? ledger::render_json_line : ledger::render_timeline_line;
    TRY(print_records(*log, next, wants, render));
    if (options.follow) {
        std::signal(SIGPIPE, SIG_DFL);  // a reader that goes away ends the wait
    }
    while (options.follow) {
        TRY(log->refresh());  // lets go of the old view before it sleeps: a writer may want to truncate the log
        const struct timespec pause{0, 250'000'000};
        ::nanosleep(&pause, nullptr);
        TRY(print_records(*log, next, wants, render));
    }
    return ExitCode::done;
}

struct ExportOptions {
    LedgerOptions ledger;
    std::string format = "jsonl";
    std::uint64_t from = 0;
    std::string state;
};

/// The number that a state file holds; a file that is not there yet means 0.
Result<std::uint64_t> read_state(const std::string& path) {
    const auto bytes = storage::read_small_file(path, 64);
    if (!bytes && bytes.error().code == ErrorCode::not_found) {
        return 0;
    }
    const auto number = bytes ? ledger::parse_decimal(trim(*bytes)) : std::nullopt;
    if (!number) {
        return fail(ErrorCode::invalid, path + ": not the state of an export");
    }
    return *number;
}

Result<ExitCode> run_export(const ExportOptions& options) {
    if (!options.state.empty()) {
        std::signal(SIGPIPE, SIG_DFL);  // what a reader did not take must not count as exported
    }
    const auto log = TRY(options.ledger.open_to_read());
    auto next = options.state.empty() ? options.from : TRY(read_state(options.state));
    const Render render = options.format == "cef"       ? ledger::render_cef_line
                          : options.format == "rfc5424" ? ledger::render_syslog_line
                                                        : ledger::render_json_line;
    TRY(print_records(*log, next, [](const ledger::Record&) { return true; }, render));
    if (!options.state.empty()) {
        TRY(storage::replace_file(options.state, std::to_string(next) + '\n', 0600));
    }
    return ExitCode::done;
}

}  // namespace

void add_log_show(CLI::App& log, ExitCode& status) {
    auto options = std::make_shared<ShowOptions>();
    auto* command = log.add_subcommand("show", "Print the records as a timeline");
    add_ledger_option(*command, options->ledger);
    command->add_option("--since", options->since, "Not before this time, UTC")->option_text("TIME");
    command->add_option("--until", options->until, "Before this time, UTC")->option_text("TIME");
    command->add_option("--actor", options->actor, "User, login uid or key fingerprint")->option_text("NAME");
    command->add_option("--action", options->action, "Beginning of the action's name")->option_text("NAME");
    command->add_option("--host", options->host, "Name of the host")->option_text("NAME");
    command->add_option("--target", options->target, "Part of the target")->option_text("TEXT");
    command->add_option("--from", options->from, "Number of the first record")->option_text("NUMBER");
    command->add_flag("-F,--follow", options->follow, "Wait for more");
    command->add_option("--format", options->format, "How to print it")
        ->check(CLI::IsMember({"text", "json"}))
        ->option_text("text|json");
    command->footer(
        "Examples:\n"
        "  sshkeep log show --since 2026-11-22T09:00 --actor alice\n"
        "  sshkeep log show --action config. --follow");
    command->callback([options, &status] { status = finish([&] { return run_show(*options); }); });
}

void add_log_export(CLI::App& log, ExitCode& status) {
    auto options = std::make_shared<ExportOptions>();
    auto* command = log.add_subcommand("export", "Print the records for another system");
    add_ledger_option(*command, options->ledger);
    command->add_option("--format", options->format, "How to print it")
        ->check(CLI::IsMember({"jsonl", "cef", "rfc5424"}))
        ->option_text("jsonl|cef|rfc5424");
    command->add_option("--from", options->from, "Number of the first record")->option_text("NUMBER");
    command->add_option("--state", options->state, "Go on where FILE says, and write there how far it came")
        ->option_text("FILE")
        ->excludes("--from");
    command->footer(
        "Examples:\n"
        "  sshkeep log export --format jsonl --state /var/lib/siem/sshkeep.next\n"
        "  sshkeep log export --format cef --from 4711");
    command->callback([options, &status] { status = finish([&] { return run_export(*options); }); });
}

}  // namespace sshkeep::bin
