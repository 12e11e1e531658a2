#include <algorithm>

#include "ledger/encoding.h"
#include "ledger/verify_parts.h"

namespace sshkeep::ledger {
namespace {

constexpr std::size_t max_open_intents = 10'000;
constexpr std::size_t max_lost_payloads = 100'000;
constexpr std::int64_t nanoseconds_a_millisecond = 1'000'000;

std::string numbered(std::uint64_t sequence) { return "record " + std::to_string(sequence); }

}  // namespace

void add_finding(VerifyReport& report, Tampering kind, std::optional<std::uint64_t> record, std::string text) {
    if (report.findings.size() < max_findings) {
        report.findings.push_back({kind, record, std::move(text)});
    }
}

Result<void> Rebuild::run(std::vector<Statement>& statements) {
    statements_ = &statements;
    std::optional<Error> error;
    const auto visit = [&](std::uint64_t sequence, std::string_view bytes) {
        if (sequence >= head_.size) {
            first_beyond_ = sequence;
            return false;
        }
        Result<void> done;
        while (done && next_ < sequence) {
            done = absent(next_);
        }
        if (done) {
            done = present(sequence, bytes);
        }
        if (!done) {
            error = std::move(done).error();
        }
        return !error;
    };
    TRY(log_.scan_records(0, visit));
    if (error) {
        return std::unexpected(*error);
    }
    while (next_ < head_.size) {
        TRY(absent(next_));
    }
    std::vector<std::pair<TileId, Tile>> rest = tree_.take_changes();
    TRY(compare_tiles(rest));
    for (const auto sequence : open_) {
        report_.open_intents.push_back(sequence);
    }
    return {};
}

Result<std::optional<Hash>> Rebuild::stored_leaf(std::uint64_t sequence) {
    const auto index = sequence / tile_width;
    if (leaf_tile_index_ != index) {
        leaf_tile_ = TRY(log_.read_tile({0, index}));
        leaf_tile_index_ = index;
    }
    const auto at = sequence % tile_width;
    return at < leaf_tile_.size() ? std::optional(leaf_tile_[at]) : std::nullopt;
}

void Rebuild::mismatch(std::uint64_t sequence) {
    if (!first_mismatch_) {
        first_mismatch_ = sequence;
    }
}

Result<void> Rebuild::absent(std::uint64_t sequence) {
    const auto stored = TRY(stored_leaf(sequence));
    if (sequence >= head_.archived_below || !stored) {
        ++missing_;
        if (!first_missing_) {
            first_missing_ = sequence;
        }
    }
    return append(sequence, stored.value_or(Hash{}));
}

Result<void> Rebuild::present(std::uint64_t sequence, std::string_view bytes) {
    const auto hash = leaf_hash(bytes);
    const auto stored = TRY(stored_leaf(sequence));
    const auto record = decode_record(bytes);
    if (stored != hash || !record || record->sequence != sequence) {
        mismatch(sequence);
    } else {
        judge_record(*record);
        TRY(judge_payload(*record));
        judge_clock(*record);
    }
    return append(sequence, hash);
}

Result<void> Rebuild::append(std::uint64_t sequence, const Hash& leaf) {
    tree_.append(leaf);
    next_ = sequence + 1;
    if (next_ % tile_width == 0) {
        TRY(compare_tiles(tree_.take_full()));
    }
    auto& statements = *statements_;
    while (next_statement_ < statements.size() &&
           statements[next_statement_].signed_checkpoint.checkpoint.size < next_) {
        ++next_statement_;
    }
    while (next_statement_ < statements.size() &&
           statements[next_statement_].signed_checkpoint.checkpoint.size == next_) {
        auto& statement = statements[next_statement_++];
        statement.agrees = statement.signed_checkpoint.checkpoint.root == tree_.root();
    }
    return {};
}

Result<void> Rebuild::compare_tiles(const std::vector<std::pair<TileId, Tile>>& tiles) {
    for (const auto& [id, tile] : tiles) {
        if (id.level > 0 && !first_bad_tile_ && TRY(log_.read_tile(id)) != tile) {
            first_bad_tile_ = id;
        }
    }
    return {};
}

void Rebuild::judge_record(const Record& record) {
    switch (record.kind) {
        case Kind::intent:
            if (open_.size() < max_open_intents) {
                open_.insert(record.sequence);
            }
            break;
        case Kind::outcome:
            open_.erase(record.refers_to);
            break;
        case Kind::epoch:
            if (auto key = parse_verifier_key(record.detail)) {
                epochs_.push_back({record.sequence, *std::move(key)});
            } else {
                add_finding(report_, Tampering::key_swapped, record.sequence,
                            numbered(record.sequence) + " begins an epoch with no key: " + key.error().message);
            }
            break;
        case Kind::erasure:
            report_.erased_payloads += lost_payloads_.erase(record.refers_to);
            break;
        case Kind::retention:
            retained_below_ = std::max(retained_below_, record.refers_to);
            break;
    }
}

Result<void> Rebuild::judge_payload(const Record& record) {
    if (!record.payload) {
        return {};
    }
    const auto payload = TRY(log_.read_payload(record.sequence));
    if (!payload && lost_payloads_.size() < max_lost_payloads) {
        lost_payloads_.insert(record.sequence);
    }
    if (payload && payload_hash(*payload) != *record.payload) {
        add_finding(report_, Tampering::payload_altered, record.sequence,
                    "the payload of " + numbered(record.sequence) + " is not the one that was recorded");
    }
    return {};
}

void Rebuild::judge_clock(const Record& record) {
    const bool same_boot = last_ && last_->boot == record.boot;
    const bool monotonic_back = same_boot && record.monotonic < last_->monotonic;
    if (last_ && (record.time < last_->time || monotonic_back) && report_.warnings.size() < max_findings) {
        const auto back = (last_->time - record.time) / nanoseconds_a_millisecond;
        report_.warnings.push_back(
            {Tampering::clock_stepped_back, record.sequence,
             monotonic_back
                 ? "the monotonic clock ran back at " + numbered(record.sequence) + " within one boot"
                 : "the clock stepped back by " + std::to_string(back) + " ms at " + numbered(record.sequence) + ": " +
                       render_time(last_->time) + ", then " + render_time(record.time)});
    }
    last_ = record;
}

Result<std::optional<Hash>> Rebuild::row_hash(std::uint64_t sequence) {
    const auto bytes = TRY(log_.read_record(sequence));
    return bytes ? std::optional(leaf_hash(*bytes)) : std::nullopt;
}

/// What happened at the first row that does not fit. Every record carries its own number, and the tree its hash: both
/// tell a moved record from a changed one.
Result<Finding> Rebuild::classify(std::uint64_t sequence) {
    const auto name = numbered(sequence);
    const auto bytes = TRY(log_.read_record(sequence));
    if (!bytes) {
        return Finding{Tampering::record_deleted, sequence, name + " was deleted"};
    }
    const auto hash = leaf_hash(*bytes);
    const auto expected = TRY(stored_leaf(sequence));
    const auto own = peek_sequence(*bytes);
    const auto own_hash = own ? TRY(stored_leaf(*own)) : std::nullopt;
    const bool genuine_elsewhere = own && *own != sequence && (own_hash == hash || expected == hash);
    if (genuine_elsewhere && *own < head_.size) {
        const auto there = TRY(log_.read_record(*own));
        if (there && *own > sequence && peek_sequence(*there) == sequence) {
            return Finding{Tampering::records_reordered, sequence,
                           "records " + std::to_string(sequence) + " and " + std::to_string(*own) + " changed places"};
        }
        if (*own > sequence) {
            return Finding{Tampering::record_deleted, sequence,
                           name + " was deleted and the records behind it were moved up"};
        }
        return Finding{Tampering::record_inserted, own,
                       "two rows claim to be " + numbered(*own) + ": one was inserted"};
    }
    const auto next = TRY(row_hash(sequence + 1));
    if (expected && next == expected) {
        return Finding{Tampering::record_inserted, sequence, "a row was inserted as " + name};
    }
    const auto decoded = decode_record(*bytes);
    return Finding{Tampering::record_altered, sequence,
                   name + " was altered" + (decoded ? "" : " (" + decoded.error().message + ")")};
}

Result<std::optional<Finding>> Rebuild::first_bad(bool root_is_signed) {
    if (first_mismatch_ && root_is_signed && missing_ == 0) {
        return Finding{Tampering::node_altered, first_mismatch_,
                       "the stored hash of " + numbered(*first_mismatch_) + " was altered; the records are as signed"};
    }
    if (first_mismatch_ && (!first_missing_ || *first_mismatch_ < *first_missing_)) {
        return TRY(classify(*first_mismatch_));
    }
    if (first_missing_ && *first_missing_ + missing_ == head_.size) {
        return Finding{Tampering::tail_cut, first_missing_,
                       "the tail was cut: the head promises " + std::to_string(head_.size) + " records, those from " +
                           std::to_string(*first_missing_) + " on are gone"};
    }
    if (first_missing_) {
        return TRY(classify(*first_missing_));
    }
    if (first_bad_tile_) {
        return Finding{Tampering::node_altered, std::nullopt,
                       "tile " + std::to_string(first_bad_tile_->level) + '/' + std::to_string(first_bad_tile_->index) +
                           " of the tree was altered" + (root_is_signed ? "; the records are as signed" : "")};
    }
    return std::nullopt;
}

/// Between the last signed size that agrees and the first that does not.
void Rebuild::explain_rewriting(const std::vector<Statement>& statements) {
    std::uint64_t good = 0;
    std::uint64_t bad = head_.size;
    for (const auto& statement : statements) {
        const auto size = statement.signed_checkpoint.checkpoint.size;
        statement.agrees ? good = std::max(good, size) : bad = std::min(bad, size);
    }
    add_finding(report_, Tampering::history_rewritten, good < bad ? std::optional(good) : std::nullopt,
                "records and tree agree with each other, but not with the signed head: something was rewritten, "
                "not before record " +
                    std::to_string(good));
}

Result<void> Rebuild::explain(bool root_is_signed, const std::vector<Statement>& statements) {
    if (auto finding = TRY(first_bad(root_is_signed))) {
        add_finding(report_, finding->kind, finding->record, std::move(finding->text));
    }
    if (!root_is_signed && !first_mismatch_ && !first_missing_) {
        explain_rewriting(statements);
    }
    if (first_beyond_) {
        add_finding(report_, Tampering::record_inserted, first_beyond_,
                    numbered(*first_beyond_) + " stands behind the end of the signed log");
    }
    if (head_.archived_below > retained_below_) {
        add_finding(report_, Tampering::record_deleted, retained_below_,
                    "records below " + std::to_string(head_.archived_below) +
                        " are said to be archived, but no record of it is in the log");
    }
    for (const auto sequence : lost_payloads_) {
        add_finding(report_, Tampering::payload_missing, sequence,
                    "the payload of " + numbered(sequence) + " is gone without a record of its erasure");
    }
    return {};
}

}  // namespace sshkeep::ledger
