#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "ledger/ed25519.h"
#include "ledger/record.h"
#include "ledger/tiles.h"

/// What this room asks of the place where a ledger is kept. src/storage implements it.
namespace sshkeep::ledger {

/// The committed state.
struct Head {
    std::uint64_t size = 0;
    std::string note;                  ///< signed checkpoint of that size; empty for a ledger without records
    std::string key;                   ///< verifier key of the epoch in force, as its record tells it
    std::uint64_t epoch = 0;           ///< that record
    std::uint64_t archived_below = 0;  ///< records below were moved to an archive (epoch records stay)

    friend bool operator==(const Head&, const Head&) = default;
};

/// Everything that one commit adds.
struct Batch {
    Head head;
    std::vector<std::pair<std::uint64_t, std::string>> records;
    std::vector<std::pair<TileId, Tile>> tiles;
    std::vector<std::pair<std::uint64_t, Payload>> payloads;
    std::vector<std::pair<std::uint64_t, std::string>> checkpoints;  ///< kept for good, by size
    std::vector<std::uint64_t> erased_payloads;
};

/// One consistent view of a ledger; a writer beside it changes nothing here until refresh().
class LogReader {
public:
    virtual ~LogReader() = default;
    LogReader() = default;
    LogReader(const LogReader&) = delete;
    LogReader& operator=(const LogReader&) = delete;

    [[nodiscard]] virtual Result<void> refresh() = 0;
    [[nodiscard]] virtual Result<Head> read_head() = 0;
    /// Records from `first` on in order, as stored. `visit` returns false to stop; the bytes live until it returns.
    using Visit = std::function<bool(std::uint64_t sequence, std::string_view bytes)>;
    [[nodiscard]] virtual Result<void> scan_records(std::uint64_t first, const Visit& visit) = 0;
    [[nodiscard]] virtual Result<std::optional<std::string>> read_record(std::uint64_t sequence) = 0;
    /// Empty when there is none.
    [[nodiscard]] virtual Result<Tile> read_tile(TileId id) = 0;
    [[nodiscard]] virtual Result<std::optional<Payload>> read_payload(std::uint64_t sequence) = 0;
    /// Kept checkpoints by size.
    [[nodiscard]] virtual Result<std::vector<std::pair<std::uint64_t, std::string>>> read_checkpoints() = 0;
};

/// A ledger that can grow. One writer at a time, of whatever process.
class LogStore : public LogReader {
public:
    /// Waits for the writer's lock (bounded) and gives the head as it is now. Ends with commit() or abandon().
    [[nodiscard]] virtual Result<Head> begin_write() = 0;
    /// All of the batch or nothing; on success it is on the disk.
    [[nodiscard]] virtual Result<void> commit(const Batch& batch) = 0;
    virtual void abandon() noexcept = 0;
    /// Deletes the records [first, end) but those listed; within begin_write(), before commit().
    [[nodiscard]] virtual Result<void> remove_records(std::uint64_t first, std::uint64_t end,
                                                      const std::vector<std::uint64_t>& keep) = 0;
    /// Makes what was erased unrecoverable from the files: nothing of it stays in a log or a free page.
    [[nodiscard]] virtual Result<void> scrub() = 0;
};

/// Where the private keys of the epochs live: the one that signs, and for a moment the one that will.
class KeyStore {
public:
    virtual ~KeyStore() = default;
    KeyStore() = default;
    KeyStore(const KeyStore&) = delete;
    KeyStore& operator=(const KeyStore&) = delete;

    [[nodiscard]] virtual Result<std::optional<PrivateKey>> read_current() = 0;
    [[nodiscard]] virtual Result<std::optional<PrivateKey>> read_next() = 0;
    /// Makes a new key and keeps it beside the current one; replaces a next key that was never used.
    [[nodiscard]] virtual Result<PrivateKey> create_next() = 0;
    /// The next key becomes the current one; the bytes of the old one are overwritten first.
    [[nodiscard]] virtual Result<void> promote_next() = 0;
};

/// When, where and who: what a record tells of the moment it is written.
struct Moment {
    std::int64_t time = 0;
    Id boot{};
    std::uint64_t monotonic = 0;
};

class Surroundings {
public:
    virtual ~Surroundings() = default;
    Surroundings() = default;
    Surroundings(const Surroundings&) = delete;
    Surroundings& operator=(const Surroundings&) = delete;

    /// Thread-safe, all of them.
    [[nodiscard]] virtual Moment now() = 0;
    [[nodiscard]] virtual Actor actor() = 0;
    [[nodiscard]] virtual std::string host() = 0;
    [[nodiscard]] virtual Result<void> fill_random(std::span<std::uint8_t> bytes) = 0;
};

}  // namespace sshkeep::ledger
