#include "app/ledger_recorder.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "ledger/checkpoint.h"

namespace sshkeep::app {
namespace {

using ledger::Kind;

constexpr std::size_t max_group = 4096;  ///< records of one commit
constexpr std::chrono::milliseconds max_patience{5};

ledger::Status status_of(ports::Ending ending) {
    switch (ending) {
        case ports::Ending::succeeded:
            return ledger::Status::succeeded;
        case ports::Ending::failed:
            return ledger::Status::failed;
        case ports::Ending::refused:
            return ledger::Status::refused;
        case ports::Ending::rolled_back:
            return ledger::Status::rolled_back;
    }
    return ledger::Status::none;
}

}  // namespace

std::string origin_of(std::string_view host) {
    std::string name(host.empty() ? "localhost" : host);
    const auto odd = [](char c) {
        return !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') && c != '.' && c != '-';
    };
    std::ranges::replace_if(name, odd, '_');
    return name + "/sshkeep";
}

Recorder::Recorder(ledger::LogStore& store, ledger::KeyStore& keys, ledger::Surroundings& surroundings,
                   RecorderOptions options)
    : store_(store), keys_(keys), surroundings_(surroundings), options_(std::move(options)) {
    if (options_.origin.empty()) {
        options_.origin = origin_of(surroundings_.host());
    }
}

Result<std::unique_ptr<Recorder>> Recorder::open(ledger::LogStore& store, ledger::KeyStore& keys,
                                                 ledger::Surroundings& surroundings, RecorderOptions options) {
    std::unique_ptr<Recorder> recorder(new Recorder(store, keys, surroundings, std::move(options)));
    TRY(recorder->begin_write());
    recorder->store_.abandon();
    return recorder;
}

ledger::Record Recorder::new_record(Kind kind) const {
    ledger::Record record;
    record.kind = kind;
    record.actor = surroundings_.actor();
    record.host = surroundings_.host();
    record.program = options_.program;
    return record;
}

Result<ports::Ticket> Recorder::begin(const ports::Intent& intent) {
    ports::Ticket ticket{.action = intent.action, .target = intent.target};
    TRY(surroundings_.fill_random(ticket.request));
    Pending pending{.record = new_record(Kind::intent)};
    pending.record.request = ticket.request;
    pending.record.action = intent.action;
    pending.record.target = intent.target;
    pending.record.before = intent.before;
    pending.record.detail = intent.detail;
    if (intent.payload) {
        if (intent.payload->size() > ledger::max_payload) {
            return fail(ErrorCode::too_large, "the payload is longer than 64 KiB");
        }
        pending.payload = ledger::Payload{.bytes = *intent.payload};
        TRY(surroundings_.fill_random(pending.payload->salt));
        pending.record.payload = ledger::payload_hash(*pending.payload);
    }
    ticket.sequence = TRY(submit(pending));
    return ticket;
}

Result<void> Recorder::finish(const ports::Ticket& ticket, const ports::Outcome& outcome) {
    Pending pending{.record = new_record(Kind::outcome)};
    pending.record.request = ticket.request;
    pending.record.refers_to = ticket.sequence;
    pending.record.action = ticket.action;
    pending.record.target = ticket.target;
    pending.record.after = outcome.after;
    pending.record.detail = outcome.detail;
    pending.record.status = status_of(outcome.ending);
    TRY(submit(pending));
    return {};
}

Result<void> Recorder::erase_payload(std::uint64_t sequence) {
    Pending pending{.record = new_record(Kind::erasure), .erased = sequence};
    pending.record.refers_to = sequence;
    pending.record.action = "ledger.erase";
    pending.record.target = "record " + std::to_string(sequence);
    TRY(submit(pending));
    return alone([&] { return store_.scrub(); });
}

/// Whoever finds no writer becomes it and commits for all that wait; the others sleep until their record is on the
/// disk.
Result<std::uint64_t> Recorder::submit(Pending& pending) {
    std::unique_lock lock(mutex_);
    waiting_.push_back(&pending);
    if (waiting_.size() >= expected_) {
        gathered_.notify_one();
    }
    changed_.wait(lock, [&] { return pending.done || !writing_; });
    if (!pending.done) {
        writing_ = true;
        const auto group = gather(lock, pending);
        lock.unlock();
        const auto start = std::chrono::steady_clock::now();
        commit_together(group);
        lock.lock();
        last_commit_ = std::chrono::steady_clock::now() - start;
        std::ranges::for_each(group, [](Pending* each) { each->done = true; });
        expected_ = group.size() + waiting_.size();
        writing_ = false;
        changed_.notify_all();
    }
    return pending.sequence;
}

/// Those whose commit has just ended come back soon: waiting a little for them makes one commit of two.
std::vector<Recorder::Pending*> Recorder::gather(std::unique_lock<std::mutex>& lock, Pending& own) {
    const auto patience = std::min<std::chrono::steady_clock::duration>(last_commit_ / 2, max_patience);
    gathered_.wait_for(lock, patience, [&] { return waiting_.size() >= expected_; });
    // Its own record is always in the group, else it would have to wait again.
    std::iter_swap(std::ranges::find(waiting_, &own), waiting_.begin());
    const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(std::min(waiting_.size(), max_group));
    std::vector<Pending*> group(waiting_.begin(), end);
    waiting_.erase(waiting_.begin(), end);
    return group;
}

void Recorder::commit_together(const std::vector<Pending*>& group) {
    auto done = commit_group(group);
    if (!done) {
        store_.abandon();
        loaded_ = false;
        for (auto* pending : group) {
            if (pending->sequence) {
                pending->sequence = std::unexpected(Error(done.error()).in("not recorded"));
            }
        }
    }
}

Result<void> Recorder::commit_group(const std::vector<Pending*>& group) {
    TRY(begin_write());
    if (epoch_is_over()) {
        TRY(change_epoch());
        TRY(begin_write());
    }
    ledger::Batch batch;
    for (auto* pending : group) {
        pending->sequence = append(pending->record, batch);
        if (!pending->sequence) {
            continue;
        }
        if (pending->payload) {
            batch.payloads.emplace_back(*pending->sequence, *pending->payload);
        }
        if (pending->erased) {
            batch.erased_payloads.push_back(*pending->erased);
        }
    }
    return commit(batch, *key_);
}

Result<void> Recorder::alone(const std::function<Result<void>()>& work) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !writing_; });
    writing_ = true;
    lock.unlock();
    auto done = work();
    if (!done) {
        store_.abandon();
        loaded_ = false;
    }
    lock.lock();
    writing_ = false;
    changed_.notify_all();
    return done;
}

Result<void> Recorder::begin_write() {
    auto head = TRY(store_.begin_write());
    if (loaded_ && head == head_) {
        return {};
    }
    auto done = head.size == 0 ? begin_log() : load(head);
    if (done && head.size == 0) {
        head = TRY(store_.begin_write());
        done = load(head);
    }
    if (!done) {
        store_.abandon();
    }
    return done;
}

Result<std::uint64_t> Recorder::append(ledger::Record& record, ledger::Batch& batch) {
    const auto moment = surroundings_.now();
    record.sequence = frontier_.size();
    record.time = moment.time;
    record.boot = moment.boot;
    record.monotonic = moment.monotonic;
    auto bytes = TRY(ledger::encode_record(record));
    frontier_.append(ledger::leaf_hash(bytes));
    batch.records.emplace_back(record.sequence, std::move(bytes));
    return record.sequence;
}

Result<void> Recorder::commit(ledger::Batch& batch, const ledger::PrivateKey& key) {
    batch.tiles = frontier_.take_changes();
    auto head = head_;
    head.size = frontier_.size();
    head.note = ledger::sign_checkpoint({options_.origin, head.size, frontier_.root()}, key);
    if (!batch.head.key.empty()) {
        head.key = batch.head.key;
        head.epoch = batch.head.epoch;
    }
    head.archived_below = std::max(head.archived_below, batch.head.archived_below);
    batch.head = head;
    loaded_ = false;
    TRY(store_.commit(batch));
    head_ = std::move(head);
    loaded_ = true;
    return {};
}

}  // namespace sshkeep::app
