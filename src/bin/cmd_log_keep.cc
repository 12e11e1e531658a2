// sshkeep log checkpoint, log witness
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>

#include "app/ledger_proofs.h"
#include "base/text.h"
#include "bin/cli_support.h"
#include "bin/log_support.h"
#include "ledger/encoding.h"
#include "ledger/witness.h"
#include "storage/anchors.h"
#include "storage/files.h"

namespace sshkeep::bin {
namespace {

constexpr std::size_t max_request = 1UZ << 20;

struct CheckpointCommand {
    LedgerOptions ledger;
    bool new_epoch = false;
    std::vector<std::string> files;
    bool syslog = false;
    std::vector<std::string> urls;
    std::string ca_file;
    std::string witness;
    std::string witness_key;
    std::string output;
};

/// Asks the witness; it answers with its signature, or with the size it saw last, and then it is asked again from
/// there.
Result<std::string> cosign(const CheckpointCommand& options, const std::string& note) {
    const auto key = TRY(read_verifier_key(options.witness_key));
    std::vector<std::string> command;
    for (const auto word : split_words(options.witness)) {
        command.emplace_back(word);
    }
    const auto log = TRY(options.ledger.open_to_read());
    auto signed_note = TRY(ledger::parse_note(note));
    const auto succession = ledger::render_proofs(TRY(app::prove_succession(*log)));
    ledger::WitnessRequest request{.checkpoint = note};
    for (int attempt = 0; attempt < 2; ++attempt) {
        const auto size = TRY(ledger::parse_signed_checkpoint(note)).checkpoint.size;
        request.hashes = TRY(ledger::prove_consistency(
            request.old_size, size, ledger::nodes_from([&](ledger::TileId id) { return log->read_tile(id); })));
        const auto answer = TRY(storage::run_filter(command, succession + ledger::render_witness_request(request)));
        const auto line = std::string_view(answer).substr(0, answer.find('\n'));
        if (const auto signature = ledger::parse_signature(line)) {
            signed_note.signatures.push_back(*signature);
            if (!ledger::is_signed_by(signed_note, key)) {
                return fail(ErrorCode::invalid, "the witness's signature is not of the key " + key.name);
            }
            return ledger::render_note(signed_note);
        }
        const auto seen = ledger::parse_decimal(line);
        if (!seen || *seen > size) {
            return fail(ErrorCode::invalid, "the witness refuses: " + std::string(line));
        }
        request.old_size = *seen;
    }
    return fail(ErrorCode::io, "the witness changes its mind");
}

Result<ExitCode> run_checkpoint(const CheckpointCommand& options) {
    if (options.witness.empty() != options.witness_key.empty()) {
        return fail(ErrorCode::invalid, "--witness and --witness-key go together");
    }
    std::string note;
    {
        auto writer = TRY(LedgerWriter::open(options.ledger));
        if (options.new_epoch) {
            TRY(writer->recorder().begin_epoch());
        }
        note = TRY(writer->recorder().keep_checkpoint());
    }
    auto status = ExitCode::done;
    const auto tell = [&](Result<void> done) {
        if (!done) {
            complain("not anchored: " + done.error().message);
            status = ExitCode::failed;
        }
    };
    if (!options.witness.empty()) {
        if (auto cosigned = cosign(options, note)) {
            note = *std::move(cosigned);
        } else {
            tell(std::unexpected(cosigned.error()));
        }
    }
    for (const auto& path : options.files) {
        tell(storage::anchor_to_file(path, note));
    }
    if (options.syslog) {
        storage::anchor_to_syslog(note);
    }
    for (const auto& url : options.urls) {
        tell(storage::anchor_to_url(url, note, options.ca_file));
    }
    TRY(write_output(note, options.output));
    return status;
}

struct WitnessCommand {
    std::string directory;
    std::string name;
    std::string log_key;
    bool show_key = false;
};

/// The state file: verifier key in force, and below it the last checkpoint's text when there is one.
Result<ledger::WitnessState> read_state(const std::string& path, const ledger::VerifierKey& first) {
    const auto bytes = storage::read_small_file(path, ledger::max_note);
    if (!bytes && bytes.error().code == ErrorCode::not_found) {
        return ledger::WitnessState{.key = first};
    }
    if (!bytes) {
        return std::unexpected(bytes.error());
    }
    const auto end = bytes->find('\n');
    ledger::WitnessState state{.key = TRY(ledger::parse_verifier_key(std::string_view(*bytes).substr(0, end)))};
    state.last = TRY(ledger::parse_checkpoint(std::string_view(*bytes).substr(std::min(end, bytes->size() - 1) + 1)));
    return state;
}

Result<ledger::PrivateKey> own_key(const std::string& directory) {
    storage::KeyFiles keys(directory);
    if (auto key = TRY(keys.read_current())) {
        return *std::move(key);
    }
    TRY(keys.create_next());
    TRY(keys.promote_next());
    auto key = TRY(keys.read_current());
    if (!key) {
        return fail(ErrorCode::io, directory + ": the new key is not there");
    }
    return *std::move(key);
}

Result<std::string> read_request() {
    std::string bytes(max_request + 1, '\0');
    std::size_t filled = 0;
    for (;;) {
        const auto got = ::read(STDIN_FILENO, bytes.data() + filled, bytes.size() - filled);
        if (got < 0 || filled + static_cast<std::size_t>(got) > max_request) {
            return fail(ErrorCode::too_large, "the request cannot be read or is too long");
        }
        if (got == 0) {
            bytes.resize(filled);
            return bytes;
        }
        filled += static_cast<std::size_t>(got);
    }
}

/// Proofs of newer keys first, when there are any; the request begins with "old ".
Result<std::pair<std::vector<ledger::InclusionProof>, ledger::WitnessRequest>> parse_request(std::string_view bytes) {
    const auto at = bytes.starts_with("old ") ? 0 : bytes.find("\nold ");
    if (at == std::string_view::npos) {
        return fail(ErrorCode::invalid, "there is no line \"old SIZE\"");
    }
    const auto border = bytes.starts_with("old ") ? 0 : at + 1;
    std::vector<ledger::InclusionProof> succession;
    if (border != 0) {
        succession = TRY(ledger::parse_proofs(bytes.substr(0, border)));
    }
    return std::pair(std::move(succession), TRY(ledger::parse_witness_request(bytes.substr(border))));
}

/// A witness that has followed the log to a later key does not need the proofs of the keys before it: they are skipped
/// until the signatures fit.
Result<ledger::WitnessState> decide(const ledger::WitnessState& state,
                                    std::span<const ledger::InclusionProof> succession,
                                    const ledger::WitnessRequest& request) {
    for (;; succession = succession.subspan(1)) {
        auto next = ledger::decide_witness(state, succession, request);
        if (next || next.error().code != ErrorCode::permission || succession.empty()) {
            return next;
        }
    }
}

/// Holds the directory's lock: what is checked against is what is replaced.
Result<ExitCode> answer(const WitnessCommand& options, const ledger::PrivateKey& key) {
    const auto first = TRY(read_verifier_key(options.log_key));
    auto file_name = first.name;
    std::ranges::replace(file_name, '/', '_');
    const auto state_path = options.directory + "/" + file_name + ".seen";
    const auto state = TRY(read_state(state_path, first));
    const auto bytes = TRY(read_request());
    const auto [succession, request] = TRY(parse_request(bytes));
    const auto next = decide(state, succession, request);
    if (!next && next.error().code == ErrorCode::unsupported) {
        TRY(write_output(std::to_string(state.last.size) + '\n'));
        return ExitCode::findings;
    }
    const auto decided = TRY(next);
    const auto text = ledger::render_checkpoint(decided.last);
    TRY(storage::replace_file(state_path, ledger::render_verifier_key(decided.key) + '\n' + text, 0600));
    const auto note = TRY(ledger::parse_note(request.checkpoint));
    TRY(write_output(ledger::render_signature(
        ledger::cosign_note(note.text, options.name, key, static_cast<std::uint64_t>(std::time(nullptr))))));
    return ExitCode::done;
}

Result<ExitCode> run_witness(const WitnessCommand& options) {
    if (!ledger::is_key_name(options.name)) {
        return fail(ErrorCode::invalid, "a witness's name has no spaces and no plus");
    }
    if (!options.show_key && options.log_key.empty()) {
        return fail(ErrorCode::invalid, "--log-key is missing: the first key of the log to witness");
    }
    const int lock = ::open(options.directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (lock < 0 || ::flock(lock, LOCK_EX) != 0) {
        return std::unexpected(storage::system_error(options.directory));
    }
    const auto key = own_key(options.directory);
    Result<ExitCode> status = ExitCode::done;
    if (!key) {
        status = std::unexpected(key.error());
    } else if (options.show_key) {
        const ledger::VerifierKey own{options.name, ledger::KeyKind::cosignature, key->public_key()};
        TRY(write_output(ledger::render_verifier_key(own) + '\n'));
    } else {
        status = answer(options, *key);
    }
    ::close(lock);
    if (!status) {
        TRY(write_output("refused: " + status.error().message + '\n'));
        return ExitCode::findings;
    }
    return status;
}

}  // namespace

void add_log_checkpoint(CLI::App& log, ExitCode& status) {
    auto options = std::make_shared<CheckpointCommand>();
    auto* command = log.add_subcommand("checkpoint", "Sign the present state, and keep it where nobody reaches it");
    add_ledger_option(*command, options->ledger);
    command->add_option("--to-file", options->files, "Append it to FILE, best on another mount; repeatable")
        ->option_text("FILE");
    command->add_flag("--to-syslog", options->syslog, "Write it to the system log");
    command->add_option("--to-url", options->urls, "PUT it to this https URL; repeatable")->option_text("URL");
    command->add_option("--ca", options->ca_file, "Certificates that --to-url trusts, instead of the system's")
        ->option_text("FILE");
    command
        ->add_option("--witness", options->witness,
                     "Let another host cosign it: a command that reaches its log witness")
        ->option_text("COMMAND");
    command->add_option("--witness-key", options->witness_key, "The witness's public key")->option_text("KEY|FILE");
    command->add_flag("--new-epoch", options->new_epoch, "First change to a new key and destroy the old one");
    command->add_option("-o,--output", options->output, "Write to FILE instead of standard output")
        ->option_text("FILE");
    command->footer(
        "Examples:\n"
        "  sshkeep log checkpoint --to-file /mnt/worm/web1.checkpoints --to-syslog\n"
        "  sshkeep log checkpoint --witness 'ssh witness@other' --witness-key other.vkey");
    command->callback([options, &status] { status = finish([&] { return run_checkpoint(*options); }); });
}

void add_log_witness(CLI::App& log, ExitCode& status) {
    auto options = std::make_shared<WitnessCommand>();
    auto* command = log.add_subcommand("witness", "Cosign another host's checkpoint, if its log merely grew");
    command->add_option("--state", options->directory, "Directory of the witness's key and memory")
        ->required()
        ->option_text("DIR");
    command->add_option("--name", options->name, "Name of this witness")->required()->option_text("NAME");
    command->add_option("--log-key", options->log_key, "First key of the log to witness")->option_text("KEY|FILE");
    command->add_flag("--show-key", options->show_key, "Print this witness's public key instead");
    command->footer(
        "Reads a request from standard input and answers on standard output; meant as a forced\n"
        "command in authorized_keys on the witness's host.");
    command->callback([options, &status] { status = finish([&] { return run_witness(*options); }); });
}

}  // namespace sshkeep::bin
