// sshkeep log retain, log erase, log run
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <ctime>

#include "app/ledger_proofs.h"
#include "base/text.h"
#include "bin/cli_support.h"
#include "bin/log_support.h"
#include "storage/archive.h"

namespace sshkeep::bin {
namespace {

struct RetainCommand {
    LedgerOptions ledger;
    double years = 0;
    std::string archive;
    bool dry_run = false;
};

/// One past the last record that is older than that, rounded down to whole tiles.
Result<std::uint64_t> end_of_old(ledger::LogReader& log, std::int64_t before) {
    const auto head = TRY(log.read_head());
    auto end = head.archived_below;
    std::optional<Error> error;
    TRY(log.scan_records(end, [&](std::uint64_t sequence, std::string_view bytes) {
        const auto record = ledger::decode_record(bytes);
        if (!record) {
            error = Error(record.error()).in(fmt::format("record {}", sequence));
        }
        const bool old = record && record->time < before;
        end = old ? sequence + 1 : end;
        return old;
    }));
    if (error) {
        return std::unexpected(*error);
    }
    return end / ledger::tile_width * ledger::tile_width;
}

Result<ExitCode> run_retain(const RetainCommand& options) {
    constexpr double seconds_a_year = 365.2425 * 86'400;
    const auto before =
        (std::time(nullptr) - static_cast<std::int64_t>(options.years * seconds_a_year)) * 1'000'000'000;
    auto log = TRY(options.ledger.open_to_read());
    const auto head = TRY(log->read_head());
    const auto end = TRY(end_of_old(*log, before));
    log.reset();
    if (end <= head.archived_below || options.dry_run) {
        TRY(write_output(end <= head.archived_below
                             ? "no whole tile of 256 records is that old\n"
                             : fmt::format("would move records {} to {}\n", head.archived_below, end - 1)));
        return ExitCode::done;
    }
    auto writer = TRY(LedgerWriter::open(options.ledger));
    const auto origin = TRY(ledger::parse_verifier_key(head.key)).name;
    auto archive = TRY(storage::ArchiveWriter::create(options.archive, {origin, head.archived_below, end}));
    TRY(writer->recorder().retain(
        head.archived_below, end, [&](std::uint64_t, std::string_view bytes) { return archive.add(bytes); },
        [&] { return archive.finish(); }));
    TRY(write_output(fmt::format("moved records {} to {} to {}\n", head.archived_below, end - 1, archive.path())));
    return ExitCode::done;
}

struct EraseCommand {
    LedgerOptions ledger;
    std::string sequence;
};

Result<ExitCode> run_erase(const EraseCommand& options) {
    const auto sequence = TRY(parse_sequence(options.sequence));
    if (!TRY(TRY(options.ledger.open_to_read())->read_payload(sequence))) {
        return fail(ErrorCode::not_found, fmt::format("record {} has no payload", sequence));
    }
    auto writer = TRY(LedgerWriter::open(options.ledger));
    TRY(writer->recorder().erase_payload(sequence));
    return ExitCode::done;
}

struct RunCommand {
    LedgerOptions ledger;
    std::string action = "command.run";
    std::string target;
    std::string payload;
    std::vector<std::string> command;
};

/// The child's exit status, or 128 and the signal; an Error when it did not start.
Result<int> run_child(const std::vector<std::string>& command) {
    std::vector<char*> arguments;
    for (const auto& word : command) {
        arguments.push_back(const_cast<char*>(word.c_str()));
    }
    arguments.push_back(nullptr);
    pid_t child = 0;
    if (const int failed = ::posix_spawnp(&child, arguments[0], nullptr, nullptr, arguments.data(), environ);
        failed != 0) {
        return fail(ErrorCode::not_found, command[0] + ": " + std::strerror(failed));
    }
    int status = 0;
    if (::waitpid(child, &status, 0) != child) {
        return fail(ErrorCode::io, "waitpid: " + std::string(std::strerror(errno)));
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

Result<ExitCode> run_recorded(const RunCommand& options) {
    auto writer = TRY(LedgerWriter::open(options.ledger));
    ports::Intent intent{.action = options.action, .target = options.target, .detail = join(options.command, " ")};
    if (intent.target.empty()) {
        intent.target = options.command[0];
    }
    if (!options.payload.empty()) {
        intent.payload = options.payload;
    }
    const auto ticket = TRY(writer->recorder().begin(intent));  // no record, no action
    const auto status = run_child(options.command);
    ports::Outcome outcome{.ending = status == 0 ? ports::Ending::succeeded : ports::Ending::failed};
    outcome.detail = status ? fmt::format("exit status {}", *status) : status.error().message;
    TRY(writer->recorder().finish(ticket, outcome));
    if (!status) {
        return std::unexpected(status.error());
    }
    return static_cast<ExitCode>(*status);
}

}  // namespace

void add_log_retain(CLI::App& log, ExitCode& status) {
    auto options = std::make_shared<RetainCommand>();
    auto* command = log.add_subcommand("retain", "Move old records to an archive; proofs of them stay valid");
    add_ledger_option(*command, options->ledger);
    command->add_option("--years", options->years, "Move what is older than this")
        ->required()
        ->check(CLI::Range(0.0, 1000.0))
        ->option_text("NUMBER");
    command->add_option("--archive", options->archive, "Directory that takes the records")
        ->required()
        ->option_text("DIR");
    command->add_flag("-n,--dry-run", options->dry_run, "Only say what would be moved");
    command->footer("Example:\n  sshkeep log retain --years 3 --archive /mnt/archive/web1");
    command->callback([options, &status] { status = finish([&] { return run_retain(*options); }); });
}

void add_log_erase(CLI::App& log, ExitCode& status) {
    auto options = std::make_shared<EraseCommand>();
    auto* command =
        log.add_subcommand("erase", "Erase the personal payload of a record; that it was erased is recorded");
    command->add_option("number", options->sequence, "Number of the record")->required()->option_text("NUMBER");
    add_ledger_option(*command, options->ledger);
    command->callback([options, &status] { status = finish([&] { return run_erase(*options); }); });
}

void add_log_run(CLI::App& log, ExitCode& status) {
    auto options = std::make_shared<RunCommand>();
    auto* command = log.add_subcommand("run", "Run a command between a recorded intent and its recorded outcome");
    add_ledger_option(*command, options->ledger);
    command->add_option("--action", options->action, "What it is, such as key.add")->option_text("NAME");
    command->add_option("--target", options->target, "What it changes; the program's name by default")
        ->option_text("TEXT");
    command->add_option("--payload", options->payload, "Personal data, kept beside the record and erasable")
        ->option_text("TEXT");
    command->add_option("command", options->command, "The command and its arguments")
        ->required()
        ->option_text("COMMAND...");
    command->footer(
        "Exit status: the command's.\nExample:\n  sshkeep log run --action key.add -- ssh-copy-id alice@web1");
    command->callback([options, &status] { status = finish([&] { return run_recorded(*options); }); });
}

}  // namespace sshkeep::bin
