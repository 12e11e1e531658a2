#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "ledger/store.h"
#include "ports/ledger.h"

namespace sshkeep::app {

struct RecorderOptions {
    std::string origin;                       ///< name of the log and of its keys; empty: made from the host's name
    std::int64_t epoch_seconds = 86'400;      ///< a key signs no longer than this
    std::uint64_t epoch_records = 1'000'000;  ///< and no more than this
    std::string program = "sshkeep " SSHKEEP_VERSION;
};

/// Appends to a ledger. Threads that call at the same time share one commit: the first of them writes for all that
/// wait.
class Recorder final : public ports::Ledger {
public:
    /// Begins the ledger (record 0 names its first key) when it is empty. The three must outlive the recorder.
    [[nodiscard]] static Result<std::unique_ptr<Recorder>> open(ledger::LogStore& store, ledger::KeyStore& keys,
                                                                ledger::Surroundings& surroundings,
                                                                RecorderOptions options = {});

    [[nodiscard]] Result<ports::Ticket> begin(const ports::Intent& intent) override;
    [[nodiscard]] Result<void> finish(const ports::Ticket& ticket, const ports::Outcome& outcome) override;

    /// Signs the present state and keeps it for good; gives the note.
    [[nodiscard]] Result<std::string> keep_checkpoint();
    /// Ends the epoch: a new key is announced under the old one's signature, and the old private key is destroyed.
    [[nodiscard]] Result<void> begin_epoch();
    /// Erases a record's payload; that it was erased stays.
    [[nodiscard]] Result<void> erase_payload(std::uint64_t sequence);
    /// Deletes the records [first, end) but those of epochs, after `archive` has kept them. `first` is where the last
    /// retention ended, `end` a multiple of 256.
    using Archive = std::function<Result<void>(std::uint64_t sequence, std::string_view bytes)>;
    [[nodiscard]] Result<void> retain(std::uint64_t first, std::uint64_t end, const Archive& archive,
                                      const std::function<Result<void>()>& archive_is_safe);

private:
    /// One call that waits for its commit.
    struct Pending {
        ledger::Record record;
        std::optional<ledger::Payload> payload;
        std::optional<std::uint64_t> erased;
        Result<std::uint64_t> sequence = 0;  ///< the answer
        bool done = false;
    };

    Recorder(ledger::LogStore& store, ledger::KeyStore& keys, ledger::Surroundings& surroundings,
             RecorderOptions options);

    [[nodiscard]] ledger::Record new_record(ledger::Kind kind) const;
    [[nodiscard]] Result<std::uint64_t> submit(Pending& pending);
    [[nodiscard]] std::vector<Pending*> gather(std::unique_lock<std::mutex>& lock, Pending& own);
    void commit_together(const std::vector<Pending*>& group);
    [[nodiscard]] Result<void> commit_group(const std::vector<Pending*>& group);

    /// Runs `work` as the only writer of this process, with the committed state loaded.
    [[nodiscard]] Result<void> alone(const std::function<Result<void>()>& work);
    /// begin_write and, when another process wrote since, the state anew.
    [[nodiscard]] Result<void> begin_write();
    [[nodiscard]] Result<void> load(const ledger::Head& head);
    [[nodiscard]] Result<void> choose_key(const ledger::Head& head);
    [[nodiscard]] Result<void> begin_log();
    [[nodiscard]] Result<void> change_epoch();
    [[nodiscard]] bool epoch_is_over() const;
    /// Stamps, encodes and hashes a record into `batch`.
    [[nodiscard]] Result<std::uint64_t> append(ledger::Record& record, ledger::Batch& batch);
    [[nodiscard]] Result<void> commit(ledger::Batch& batch, const ledger::PrivateKey& key);

    ledger::LogStore& store_;
    ledger::KeyStore& keys_;
    ledger::Surroundings& surroundings_;
    RecorderOptions options_;

    std::mutex mutex_;
    std::condition_variable changed_;   ///< a commit ended
    std::condition_variable gathered_;  ///< as many wait as are expected
    std::vector<Pending*> waiting_;
    std::size_t expected_ = 1;  ///< writers at the last commit, in it or waiting
    std::chrono::steady_clock::duration last_commit_{};
    bool writing_ = false;  ///< some thread is the writer; what follows is its own

    bool loaded_ = false;
    ledger::Head head_;
    ledger::Frontier frontier_;
    std::optional<ledger::PrivateKey> key_;
    std::int64_t epoch_began_ = 0;
};

/// A host's name as part of a key name: what is not a letter, digit, dot or dash becomes an underscore.
[[nodiscard]] std::string origin_of(std::string_view host);

}  // namespace sshkeep::app
