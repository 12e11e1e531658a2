#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "ledger/store.h"
#include "storage/sqlite.h"

namespace sshkeep::storage {

struct LogOptions {
    int lock_timeout_ms = 5000;  ///< how long a writer waits for another one
};

/// A ledger in DIRECTORY/ledger.db. Not thread-safe: one object a thread; any number of objects and processes at a
/// time.
class SqliteLog final : public ledger::LogStore {
public:
    /// Makes directory (0700) and database when there are none.
    [[nodiscard]] static Result<std::unique_ptr<SqliteLog>> open_to_write(const std::string& directory,
                                                                          const LogOptions& options = {});
    /// A reader with a view of the state at this moment. Works on a read-only file system too.
    [[nodiscard]] static Result<std::unique_ptr<SqliteLog>> open_to_read(const std::string& directory,
                                                                         const LogOptions& options = {});
    [[nodiscard]] static std::string database_path(const std::string& directory);

    [[nodiscard]] Result<void> refresh() override;
    [[nodiscard]] Result<ledger::Head> read_head() override;
    [[nodiscard]] Result<void> scan_records(std::uint64_t first, const Visit& visit) override;
    [[nodiscard]] Result<std::optional<std::string>> read_record(std::uint64_t sequence) override;
    [[nodiscard]] Result<ledger::Tile> read_tile(ledger::TileId id) override;
    [[nodiscard]] Result<std::optional<ledger::Payload>> read_payload(std::uint64_t sequence) override;
    [[nodiscard]] Result<std::vector<std::pair<std::uint64_t, std::string>>> read_checkpoints() override;

    [[nodiscard]] Result<ledger::Head> begin_write() override;
    [[nodiscard]] Result<void> commit(const ledger::Batch& batch) override;
    void abandon() noexcept override;
    [[nodiscard]] Result<void> remove_records(std::uint64_t first, std::uint64_t end,
                                              const std::vector<std::uint64_t>& keep) override;
    [[nodiscard]] Result<void> scrub() override;

private:
    explicit SqliteLog(Database database) : database_(std::move(database)) {}
    [[nodiscard]] Result<void> prepare();
    [[nodiscard]] Result<void> write_batch(const ledger::Batch& batch);

    Database database_;
    bool reading_ = false;
    Statement get_head_, put_head_, scan_, get_record_, put_record_, remove_records_, get_tile_, put_tile_,
        get_payload_, put_payload_, remove_payload_, get_checkpoints_, put_checkpoint_;
};

}  // namespace sshkeep::storage
