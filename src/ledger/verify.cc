#include "ledger/verify.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "ledger/verify_parts.h"

namespace sshkeep::ledger {
namespace {

/// Head, kept and saved checkpoints by size. What cannot be read is a finding and is left out.
Result<std::vector<Statement>> collect_statements(LogReader& log, const Head& head, const VerifyOptions& options,
                                                  VerifyReport& report) {
    std::vector<Statement> statements;
    const auto add = [&](const std::string& bytes, std::uint64_t size, std::string source) {
        auto parsed = parse_signed_checkpoint(bytes);
        if (!parsed || parsed->checkpoint.size != size) {
            add_finding(report, Tampering::signature_wrong, std::nullopt,
                        source + " is damaged: " + (parsed ? "its size is another one" : parsed.error().message));
            return;
        }
        statements.push_back({*std::move(parsed), std::move(source)});
    };
    add(head.note, head.size, "the head");
    if (!statements.empty()) {
        report.head = statements[0].signed_checkpoint.checkpoint;
    }
    for (const auto& [size, note] : TRY(log.read_checkpoints())) {
        add(note, size, "kept checkpoint " + std::to_string(size));
    }
    for (const auto& saved : options.saved) {
        statements.push_back({saved.checkpoint, "checkpoint " + saved.source, true});
    }
    std::ranges::sort(statements, {}, [](const Statement& s) {
        return std::tuple(s.signed_checkpoint.checkpoint.size, s.from_outside, std::string_view(s.source));
    });
    return statements;
}

void judge_origins(const std::vector<Statement>& statements, VerifyReport& report) {
    for (const auto& statement : statements) {
        if (statement.signed_checkpoint.checkpoint.origin != report.head.origin) {
            add_finding(report, Tampering::history_forked, std::nullopt, statement.source + " is of another log");
        }
    }
}

}  // namespace

std::string_view name_of(Tampering kind) {
    switch (kind) {
        case Tampering::record_altered:
            return "record-altered";
        case Tampering::record_deleted:
            return "record-deleted";
        case Tampering::record_inserted:
            return "record-inserted";
        case Tampering::records_reordered:
            return "records-reordered";
        case Tampering::history_rewritten:
            return "history-rewritten";
        case Tampering::node_altered:
            return "node-altered";
        case Tampering::tail_cut:
            return "tail-cut";
        case Tampering::rolled_back:
            return "rolled-back";
        case Tampering::history_forked:
            return "history-forked";
        case Tampering::key_swapped:
            return "key-swapped";
        case Tampering::signature_wrong:
            return "signature-wrong";
        case Tampering::payload_altered:
            return "payload-altered";
        case Tampering::payload_missing:
            return "payload-missing";
        case Tampering::clock_stepped_back:
            return "clock-stepped-back";
        case Tampering::file_damaged:
            return "file-damaged";
    }
    return "unknown";
}

Result<VerifyReport> verify_log(LogReader& log, const VerifyOptions& options) {
    VerifyReport report;
    const auto head = TRY(log.read_head());
    auto statements = TRY(collect_statements(log, head, options, report));
    report.head.size = head.size;
    report.archived_below = head.archived_below;
    Rebuild rebuild(log, head, report);
    TRY(rebuild.run(statements));
    const auto is_head = [](const Statement& s) { return s.source == "the head"; };
    const auto signed_head = std::ranges::find_if(statements, is_head);
    if (rebuild.epochs().empty()) {
        add_finding(report, Tampering::key_swapped, std::nullopt, "no record of this log names a key");
    }
    TRY(rebuild.explain(signed_head != statements.end() && signed_head->agrees, statements));
    report.head.root = rebuild.tree().root();
    judge_origins(statements, report);
    if (!rebuild.epochs().empty() && render_verifier_key(rebuild.epochs().back().key) != head.key) {
        add_finding(report, Tampering::key_swapped, rebuild.epochs().back().record,
                    "the stored key is not the one that the last epoch's record names");
    }
    judge_signatures(statements, rebuild.epochs(), options, report);
    std::ranges::sort(report.findings, {},
                      [](const Finding& f) { return std::pair(f.record.value_or(no_reference), f.kind); });
    return report;
}

Result<Record> verify_proof(const InclusionProof& proof, const VerifierKey& key) {
    const auto checkpoint = TRY(parse_signed_checkpoint(proof.checkpoint));
    if (!is_signed_by(checkpoint.note, key)) {
        return fail(ErrorCode::permission, "the checkpoint is not signed by the trusted key");
    }
    if (!is_included(leaf_hash(proof.record), proof.index, checkpoint.checkpoint.size, proof.hashes,
                     checkpoint.checkpoint.root)) {
        return fail(ErrorCode::invalid, "the proof does not lead from this record to the signed root");
    }
    const auto record = TRY(decode_record(proof.record));
    if (record.sequence != proof.index) {
        return fail(ErrorCode::invalid, "the record carries another number than the proof");
    }
    return record;
}

Result<std::vector<VerifierKey>> verify_succession(std::span<const InclusionProof> proofs, const VerifierKey& first) {
    std::vector<VerifierKey> keys{first};
    for (const auto& proof : proofs) {
        const auto record = TRY(verify_proof(proof, keys.back()));
        if (record.kind != Kind::epoch) {
            return fail(ErrorCode::invalid, "record " + std::to_string(record.sequence) + " announces no key");
        }
        keys.push_back(TRY(parse_verifier_key(record.detail)));
    }
    return keys;
}

}  // namespace sshkeep::ledger
