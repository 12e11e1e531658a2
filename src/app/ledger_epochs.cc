#include <algorithm>

#include "app/ledger_recorder.h"
#include "ledger/checkpoint.h"

/// The recorder's rarer work: loading, the first record, epochs, checkpoints, retention.
namespace sshkeep::app {
namespace {

using ledger::Kind;

constexpr std::int64_t nanoseconds_a_second = 1'000'000'000;

bool is_key(const std::optional<ledger::PrivateKey>& key, const ledger::VerifierKey& wanted) {
    return key && key->public_key() == wanted.key;
}

}  // namespace

/// A crash between announcing a key and moving its file leaves the right key in the next file: it is moved now.
Result<void> Recorder::choose_key(const ledger::Head& head) {
    const auto wanted = TRY(ledger::parse_verifier_key(head.key));
    auto current = TRY(keys_.read_current());
    if (!is_key(current, wanted)) {
        auto next = TRY(keys_.read_next());
        if (!is_key(next, wanted)) {
            return fail(ErrorCode::permission, "the private key of the ledger's present epoch is not here");
        }
        TRY(keys_.promote_next());
        current = std::move(next);
    }
    key_ = std::move(current);
    options_.origin = wanted.name;
    return {};
}

/// Appending to a tree that is not the signed one would make its tampering ours.
Result<void> Recorder::load(const ledger::Head& head) {
    loaded_ = false;
    TRY(choose_key(head));
    const auto read_tile = [this](ledger::TileId id) { return store_.read_tile(id); };
    frontier_ = TRY(ledger::Frontier::read(head.size, read_tile));
    const auto signed_head = TRY(ledger::parse_signed_checkpoint(head.note));
    const bool just_begun = head.size == head.epoch + 1;  // signed by the key before
    if (signed_head.checkpoint != ledger::Checkpoint{options_.origin, head.size, frontier_.root()} ||
        (!just_begun && !ledger::is_signed_by(signed_head.note, TRY(ledger::parse_verifier_key(head.key))))) {
        return fail(ErrorCode::invalid,
                    "the ledger's tree is not the one its head was signed for; see: sshkeep log verify");
    }
    const auto bytes = TRY(store_.read_record(head.epoch));
    const auto epoch = ledger::decode_record(bytes.value_or(""));
    if (!epoch || epoch->kind != Kind::epoch) {
        return fail(ErrorCode::invalid, "the record of the present epoch is damaged; see: sshkeep log verify");
    }
    epoch_began_ = epoch->time;
    head_ = head;
    loaded_ = true;
    return {};
}

Result<void> Recorder::begin_log() {
    const auto key = TRY(keys_.create_next());
    frontier_ = {};
    head_ = {};
    ledger::Batch batch;
    auto record = new_record(Kind::epoch);
    record.action = "ledger.begin";
    record.target = options_.origin;
    record.detail = ledger::render_verifier_key({options_.origin, ledger::KeyKind::ed25519, key.public_key()});
    batch.head.key = record.detail;
    TRY(append(record, batch));
    TRY(commit(batch, key));
    return keys_.promote_next();
}

bool Recorder::epoch_is_over() const {
    const auto age = surroundings_.now().time - epoch_began_;
    return head_.size - head_.epoch > options_.epoch_records || age > options_.epoch_seconds * nanoseconds_a_second;
}

/// Called as the writer. The old key's last signature covers the record that names the new one; then it is destroyed.
Result<void> Recorder::change_epoch() {
    const auto next = TRY(keys_.create_next());
    ledger::Batch batch;
    auto record = new_record(Kind::epoch);
    record.action = "ledger.epoch";
    record.target = options_.origin;
    record.detail = ledger::render_verifier_key({options_.origin, ledger::KeyKind::ed25519, next.public_key()});
    record.refers_to = head_.epoch;
    const auto sequence = TRY(append(record, batch));
    batch.head.key = record.detail;
    batch.head.epoch = sequence;
    const ledger::Checkpoint closing{options_.origin, frontier_.size(), frontier_.root()};
    batch.checkpoints.emplace_back(closing.size, ledger::sign_checkpoint(closing, *key_));
    TRY(commit(batch, *key_));
    loaded_ = false;
    return keys_.promote_next();
}

Result<void> Recorder::begin_epoch() {
    return alone([&]() -> Result<void> {
        TRY(begin_write());
        return change_epoch();
    });
}

Result<std::string> Recorder::keep_checkpoint() {
    std::string note;
    const auto work = [&]() -> Result<void> {
        TRY(begin_write());
        if (epoch_is_over()) {
            TRY(change_epoch());
            TRY(begin_write());
        }
        ledger::Batch batch;
        note = ledger::sign_checkpoint({options_.origin, frontier_.size(), frontier_.root()}, *key_);
        batch.checkpoints.emplace_back(frontier_.size(), note);
        return commit(batch, *key_);
    };
    TRY(alone(work));
    return note;
}

Result<void> Recorder::retain(std::uint64_t first, std::uint64_t end, const Archive& archive,
                              const std::function<Result<void>()>& archive_is_safe) {
    return alone([&]() -> Result<void> {
        TRY(begin_write());
        if (end % ledger::tile_width != 0 || end > frontier_.size() || end <= first || first != head_.archived_below) {
            return fail(ErrorCode::invalid, "nothing to move: retention goes by whole tiles of 256 records");
        }
        std::vector<std::uint64_t> epochs;
        std::optional<Error> error;
        std::uint64_t expected = head_.archived_below;
        TRY(store_.scan_records(head_.archived_below, [&](std::uint64_t sequence, std::string_view bytes) {
            if (sequence >= end) {
                return false;
            }
            const auto record = ledger::decode_record(bytes);
            auto kept = record && sequence == expected++
                            ? archive(sequence, bytes)
                            : fail(ErrorCode::invalid,
                                   "record " + std::to_string(sequence) + " is damaged; see: sshkeep log verify");
            if (!kept) {
                error = std::move(kept).error();
            } else if (record->kind == Kind::epoch) {
                epochs.push_back(sequence);
            }
            return !error;
        }));
        if (error) {
            return std::unexpected(*error);
        }
        TRY(archive_is_safe());
        ledger::Batch batch;
        auto record = new_record(Kind::retention);
        record.action = "ledger.retain";
        record.target = "records " + std::to_string(head_.archived_below) + " to " + std::to_string(end - 1);
        record.refers_to = end;
        TRY(append(record, batch));
        TRY(store_.remove_records(head_.archived_below, end, epochs));
        batch.head.archived_below = end;
        TRY(commit(batch, *key_));
        return store_.scrub();
    });
}

}  // namespace sshkeep::app
