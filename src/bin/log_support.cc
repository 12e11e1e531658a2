#include "bin/log_support.h"

#include "base/text.h"
#include "ledger/encoding.h"

namespace sshkeep::bin {

Result<std::unique_ptr<storage::SqliteLog>> LedgerOptions::open_to_read() const {
    return storage::SqliteLog::open_to_read(directory);
}

void add_ledger_option(CLI::App& command, LedgerOptions& options) {
    command.add_option("--ledger", options.directory, "Directory of the ledger, " + std::string(default_ledger))
        ->option_text("DIR");
}

Result<std::unique_ptr<LedgerWriter>> LedgerWriter::open(const LedgerOptions& options) {
    std::unique_ptr<LedgerWriter> writer(new LedgerWriter(options.directory));
    const auto open = [&]() -> Result<void> {
        writer->store_ = TRY(storage::SqliteLog::open_to_write(options.directory));
        writer->recorder_ = TRY(app::Recorder::open(*writer->store_, writer->keys_, writer->surroundings_));
        return {};
    };
    auto opened = open();
    if (!opened) {
        return std::unexpected(std::move(opened).error().in("nothing can be recorded, so nothing is done"));
    }
    return writer;
}

Result<ledger::VerifierKey> read_verifier_key(const std::string& text_or_file) {
    if (auto key = ledger::parse_verifier_key(text_or_file)) {
        return key;
    }
    const auto bytes = TRY(read_named_file(text_or_file));
    auto key = ledger::parse_verifier_key(trim(std::string_view(bytes).substr(0, bytes.find('\n'))));
    if (!key) {
        return std::unexpected(std::move(key).error().in(text_or_file));
    }
    return key;
}

Result<std::uint64_t> parse_sequence(const std::string& text) {
    std::string_view digits = text;
    if (digits.starts_with('#')) {
        digits.remove_prefix(1);
    }
    const auto number = ledger::parse_decimal(digits);
    if (!number) {
        return fail(ErrorCode::invalid, "not the number of a record: " + text);
    }
    return *number;
}

}  // namespace sshkeep::bin
