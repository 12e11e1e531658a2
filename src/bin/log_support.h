#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "app/ledger_recorder.h"
#include "bin/cli_support.h"
#include "ledger/verify.h"
#include "storage/key_files.h"
#include "storage/sqlite_log.h"
#include "storage/surroundings.h"

/// What the commands of `sshkeep log` share.
namespace sshkeep::bin {

constexpr const char* default_ledger = "/var/lib/sshkeep/ledger";

struct LedgerOptions {
    std::string directory = default_ledger;

    [[nodiscard]] Result<std::unique_ptr<storage::SqliteLog>> open_to_read() const;
};
void add_ledger_option(CLI::App& command, LedgerOptions& options);

/// Everything that a command needs to record; the one way in which commands get a ports::Ledger.
class LedgerWriter {
public:
    [[nodiscard]] static Result<std::unique_ptr<LedgerWriter>> open(const LedgerOptions& options);
    [[nodiscard]] app::Recorder& recorder() { return *recorder_; }

private:
    explicit LedgerWriter(const std::string& directory) : keys_(directory) {}

    storage::SystemSurroundings surroundings_;
    storage::KeyFiles keys_;
    std::unique_ptr<storage::SqliteLog> store_;
    std::unique_ptr<app::Recorder> recorder_;
};

/// A verifier key as text, or the first line of a file that holds one.
[[nodiscard]] Result<ledger::VerifierKey> read_verifier_key(const std::string& text_or_file);
[[nodiscard]] Result<std::uint64_t> parse_sequence(const std::string& text);

void add_log_show(CLI::App& log, ExitCode& status);
void add_log_export(CLI::App& log, ExitCode& status);
void add_log_verify(CLI::App& log, ExitCode& status);
void add_log_prove(CLI::App& log, ExitCode& status);
void add_log_key(CLI::App& log, ExitCode& status);
void add_log_checkpoint(CLI::App& log, ExitCode& status);
void add_log_witness(CLI::App& log, ExitCode& status);
void add_log_retain(CLI::App& log, ExitCode& status);
void add_log_erase(CLI::App& log, ExitCode& status);
void add_log_run(CLI::App& log, ExitCode& status);

}  // namespace sshkeep::bin
