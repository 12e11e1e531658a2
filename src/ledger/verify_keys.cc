#include <algorithm>

#include "ledger/verify_parts.h"

namespace sshkeep::ledger {
namespace {

/// Epoch e signs the sizes above its own record, up to and with the record that begins the next one.
bool covers(const std::vector<Epoch>& epochs, std::size_t e, std::uint64_t size) {
    return size > epochs[e].record && (e + 1 == epochs.size() || size <= epochs[e + 1].record + 1);
}

void judge_statement(const Statement& statement, const std::vector<Epoch>& epochs, VerifyReport& report) {
    const auto& note = statement.signed_checkpoint.note;
    bool wrong = false;
    for (std::size_t e = 0; e < epochs.size(); ++e) {
        if (!covers(epochs, e, statement.signed_checkpoint.checkpoint.size)) {
            continue;
        }
        const auto check = check_signature(note, epochs[e].key);
        if (check == SignatureCheck::valid) {
            ++report.checkpoints;
            return;
        }
        wrong = wrong || check == SignatureCheck::wrong;
    }
    if (wrong) {
        add_finding(report, Tampering::signature_wrong, std::nullopt,
                    "the signature of " + statement.source + " does not fit its text");
    } else {
        add_finding(report, Tampering::key_swapped, std::nullopt,
                    statement.source + " is not signed by the key that was in force at its size");
    }
}

void judge_trust(const std::vector<Epoch>& epochs, const VerifierKey& trusted, VerifyReport& report) {
    if (std::ranges::none_of(epochs, [&](const Epoch& epoch) { return epoch.key == trusted; })) {
        add_finding(report, Tampering::key_swapped, epochs.empty() ? std::nullopt : std::optional(epochs[0].record),
                    "no epoch of this log has the trusted key " + render_verifier_key(trusted));
    }
}

/// The old key must have signed the tree in which the new one is announced; otherwise anybody could announce one.
void judge_succession(const std::vector<Statement>& statements, const std::vector<Epoch>& epochs,
                      VerifyReport& report) {
    for (std::size_t e = 1; e < epochs.size(); ++e) {
        const auto vouches = [&](const Statement& statement) {
            return statement.signed_checkpoint.checkpoint.size == epochs[e].record + 1 && statement.agrees &&
                   is_signed_by(statement.signed_checkpoint.note, epochs[e - 1].key);
        };
        if (std::ranges::none_of(statements, vouches)) {
            add_finding(report, Tampering::key_swapped, epochs[e].record,
                        "the key that record " + std::to_string(epochs[e].record) +
                            " announces is not vouched for by the key before it");
        }
    }
}

}  // namespace

void judge_signatures(const std::vector<Statement>& statements, const std::vector<Epoch>& epochs,
                      const VerifyOptions& options, VerifyReport& report) {
    if (options.trusted) {
        judge_trust(epochs, *options.trusted, report);
    }
    for (const auto& statement : statements) {
        judge_statement(statement, epochs, report);
        const auto& checkpoint = statement.signed_checkpoint.checkpoint;
        if (checkpoint.size > report.head.size) {
            add_finding(report, Tampering::rolled_back, report.head.size,
                        statement.source + " shows " + std::to_string(checkpoint.size) + " records, the ledger has " +
                            std::to_string(report.head.size) +
                            ": its tail was cut or an older copy was put in its place");
        } else if (!statement.agrees && statement.from_outside) {
            add_finding(report, Tampering::history_forked, std::nullopt,
                        statement.source + " shows another history of the first " + std::to_string(checkpoint.size) +
                            " records");
        } else if (!statement.agrees && checkpoint.size != report.head.size) {
            add_finding(report, Tampering::history_rewritten, std::nullopt,
                        statement.source + " does not agree with the records");
        }
    }
    judge_succession(statements, epochs, report);
    report.epochs = epochs.size();
    if (!epochs.empty()) {
        report.first_key = epochs.front().key;
        report.current_key = epochs.back().key;
    }
}

}  // namespace sshkeep::ledger
