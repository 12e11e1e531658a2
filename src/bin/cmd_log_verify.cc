// sshkeep log verify, log prove, log key
#include <fmt/format.h>

#include "app/ledger_proofs.h"
#include "base/escape.h"
#include "bin/cli_support.h"
#include "bin/log_support.h"
#include "ledger/encoding.h"
#include "ledger/export.h"
#include "storage/archive.h"
#include "storage/checked_vfs.h"

namespace sshkeep::bin {
namespace {

struct VerifyCommand {
    LedgerOptions ledger;
    std::string key;
    std::vector<std::string> checkpoints;
    std::vector<std::string> archives;
    std::vector<std::string> witness_keys;
    std::string proof;
    bool strict = false;
};

std::string render_finding(const ledger::Finding& finding) {
    return fmt::format("{}: {}\n", ledger::name_of(finding.kind), escape_for_terminal(finding.text));
}

std::string render_report(const ledger::VerifyReport& report) {
    std::string out;
    for (const auto& finding : report.findings) {
        out += render_finding(finding);
    }
    for (const auto& warning : report.warnings) {
        out += "warning: " + render_finding(warning);
    }
    for (const auto intent : report.open_intents) {
        out += fmt::format("note: record {} is an intent without an outcome\n", intent);
    }
    out += fmt::format("{}: {} records, {} epochs, {} signed checkpoints", report.good() ? "good" : "TAMPERED",
                       report.head.size, report.epochs, report.checkpoints);
    if (report.archived_below > 0) {
        out += fmt::format(", records below {} archived", report.archived_below);
    }
    if (report.erased_payloads > 0) {
        out += fmt::format(", {} payloads erased", report.erased_payloads);
    }
    out += fmt::format("\nlog   {}\nroot  {}\n", escape_for_terminal(report.head.origin),
                       ledger::to_base64(report.head.root));
    if (report.epochs > 0) {
        out += fmt::format("key   {}\n", escape_for_terminal(ledger::render_verifier_key(report.first_key)));
    }
    return out;
}

/// A saved checkpoint counts only with the signature of each witness that was asked for.
Result<std::vector<ledger::SavedCheckpoint>> read_saved(const VerifyCommand& options) {
    std::vector<ledger::SavedCheckpoint> saved;
    for (const auto& path : options.checkpoints) {
        auto parsed = ledger::parse_checkpoint_file(TRY(read_named_file(path)));
        if (!parsed) {
            return std::unexpected(std::move(parsed).error().in(path));
        }
        for (auto& checkpoint : *parsed) {
            for (const auto& witness : options.witness_keys) {
                const auto key = TRY(read_verifier_key(witness));
                if (!ledger::is_signed_by(checkpoint.note, key)) {
                    return fail(ErrorCode::invalid,
                                fmt::format("{}: the checkpoint of {} records is not cosigned by {}", path,
                                            checkpoint.checkpoint.size, key.name));
                }
            }
            saved.push_back({path, std::move(checkpoint)});
        }
    }
    return saved;
}

Result<void> verify_archive(ledger::LogReader& log, const std::string& path, ledger::VerifyReport& report) {
    std::optional<Error> error;
    std::optional<std::uint64_t> bad;
    const auto header = storage::read_archive(path, [&](std::uint64_t sequence, std::string_view bytes) {
        const auto matches = app::matches_tree(log, sequence, bytes);
        if (!matches) {
            error = matches.error();
        } else if (!*matches) {
            bad = sequence;
        }
        return !error && !bad;
    });
    if (error) {
        return std::unexpected(*error);
    }
    if (!header) {
        report.findings.push_back({ledger::Tampering::file_damaged, std::nullopt, header.error().message});
    } else if (bad) {
        report.findings.push_back({ledger::Tampering::record_altered, bad,
                                   fmt::format("record {} of archive {} is not the one of the tree", *bad, path)});
    }
    return {};
}

/// Damage of the file comes first: whatever else is wrong may follow from it.
Result<ledger::VerifyReport> verify_whole(const VerifyCommand& options, const ledger::VerifyOptions& wanted) {
    ledger::VerifyReport report;
    std::vector<ledger::Finding> damage;
    for (const auto page :
         TRY(storage::read_damaged_pages(storage::SqliteLog::database_path(options.ledger.directory)))) {
        damage.push_back({ledger::Tampering::file_damaged, std::nullopt,
                          fmt::format("page {} of the database file was changed outside of sshkeep", page)});
    }
    const auto log = options.ledger.open_to_read();
    auto verified = log ? ledger::verify_log(**log, wanted) : std::unexpected(log.error());
    if (verified) {
        report = *std::move(verified);
        for (const auto& path : options.archives) {
            TRY(verify_archive(**log, path, report));
        }
    } else if (verified.error().code == ErrorCode::invalid || !damage.empty()) {
        damage.push_back({ledger::Tampering::file_damaged, std::nullopt, verified.error().message});
    } else {
        return verified;
    }
    report.findings.insert(report.findings.begin(), damage.begin(), damage.end());
    return report;
}

Result<ExitCode> run_verify_proof(const VerifyCommand& options) {
    if (options.key.empty()) {
        return fail(ErrorCode::invalid, "--proof needs --key: the first key of the log, from: sshkeep log key");
    }
    const auto key = TRY(read_verifier_key(options.key));
    const auto proofs = TRY(ledger::parse_proofs(TRY(read_named_file(options.proof))));
    const auto record = app::verify_proofs(proofs, key);
    if (!record) {
        TRY(write_output("NOT PROVEN: " + escape_for_terminal(record.error().message) + '\n'));
        return ExitCode::findings;
    }
    const auto checkpoint = TRY(ledger::parse_signed_checkpoint(proofs.back().checkpoint));
    TRY(write_output(fmt::format("proven: record {} of {} in the log {}\n{}", record->sequence,
                                 checkpoint.checkpoint.size, escape_for_terminal(checkpoint.checkpoint.origin),
                                 ledger::render_json_line(*record))));
    return ExitCode::done;
}

Result<ExitCode> run_verify(const VerifyCommand& options) {
    if (!options.proof.empty()) {
        return run_verify_proof(options);
    }
    ledger::VerifyOptions wanted{.saved = TRY(read_saved(options))};
    if (!options.key.empty()) {
        wanted.trusted = TRY(read_verifier_key(options.key));
    }
    const auto report = TRY(verify_whole(options, wanted));
    TRY(write_output(render_report(report)));
    return report.good() && (!options.strict || report.warnings.empty()) ? ExitCode::done : ExitCode::findings;
}

struct ProveCommand {
    LedgerOptions ledger;
    std::string sequence;
    std::string archive;
    std::string output;
    bool single = false;
};

Result<ExitCode> run_prove(const ProveCommand& options) {
    const auto sequence = TRY(parse_sequence(options.sequence));
    const auto log = TRY(options.ledger.open_to_read());
    std::optional<std::string> record;
    if (!options.archive.empty()) {
        TRY(storage::read_archive(options.archive, [&](std::uint64_t number, std::string_view bytes) {
            if (number == sequence) {
                record = bytes;
            }
            return !record;
        }));
    }
    auto proofs = TRY(app::prove_record(*log, sequence, std::move(record)));
    if (options.single) {
        proofs.erase(proofs.begin(), proofs.end() - 1);
    }
    TRY(write_output(ledger::render_proofs(proofs), options.output));
    return ExitCode::done;
}

Result<ExitCode> run_key(const LedgerOptions& options, bool all) {
    const auto log = TRY(options.open_to_read());
    const auto epochs = TRY(app::read_epochs(*log));
    std::string out;
    for (const auto& epoch : epochs) {
        if (all || epoch.record == 0) {
            out += ledger::render_verifier_key(epoch.key) + '\n';
        }
    }
    TRY(write_output(out));
    return ExitCode::done;
}

}  // namespace

void add_log_verify(CLI::App& log, ExitCode& status) {
    auto options = std::make_shared<VerifyCommand>();
    auto* command = log.add_subcommand("verify", "Judge the whole log, or one proof");
    add_ledger_option(*command, options->ledger);
    command
        ->add_option("--key", options->key, "The log's first key, or a file with it; without it record 0 is believed")
        ->option_text("KEY|FILE");
    command->add_option("--checkpoint", options->checkpoints, "Saved checkpoints that must lie in this log; repeatable")
        ->option_text("FILE");
    command
        ->add_option("--witness-key", options->witness_keys,
                     "Every saved checkpoint must be cosigned by it; repeatable")
        ->option_text("KEY|FILE");
    command->add_option("--archive", options->archives, "Judge archived records too; repeatable")->option_text("FILE");
    command->add_option("--proof", options->proof, "Judge only this proof; needs no ledger")->option_text("FILE");
    command->add_flag("--strict", options->strict, "A warning counts as a finding");
    command->footer(
        "Exit status 1: something was tampered with, and the output names what.\n"
        "Examples:\n"
        "  sshkeep log verify --key web1.vkey --checkpoint web1.checkpoints\n"
        "  sshkeep log verify --proof 4711.tlog-proof --key web1.vkey");
    command->callback([options, &status] { status = finish([&] { return run_verify(*options); }); });
}

void add_log_prove(CLI::App& log, ExitCode& status) {
    auto options = std::make_shared<ProveCommand>();
    auto* command = log.add_subcommand("prove", "Write a proof of one record that needs nothing but the log's key");
    command->add_option("number", options->sequence, "Number of the record")->required()->option_text("NUMBER");
    add_ledger_option(*command, options->ledger);
    command->add_option("--archive", options->archive, "Take the record from this archive")->option_text("FILE");
    command->add_flag("--single", options->single, "Only the record's proof, without those of later keys");
    command->add_option("-o,--output", options->output, "Write to FILE instead of standard output")
        ->option_text("FILE");
    command->footer("Example:\n  sshkeep log prove 4711 -o 4711.tlog-proof");
    command->callback([options, &status] { status = finish([&] { return run_prove(*options); }); });
}

void add_log_key(CLI::App& log, ExitCode& status) {
    struct KeyCommand {
        LedgerOptions ledger;
        bool all = false;
    };
    auto options = std::make_shared<KeyCommand>();
    auto* command = log.add_subcommand("key", "Print the log's first public key, the one to keep elsewhere");
    add_ledger_option(*command, options->ledger);
    command->add_flag("--all", options->all, "The key of every epoch");
    command->callback([options, &status] { status = finish([&] { return run_key(options->ledger, options->all); }); });
}

}  // namespace sshkeep::bin
