#include "storage/sqlite_log.h"

#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "storage/checked_vfs.h"

namespace sshkeep::storage {
namespace {

constexpr std::uint64_t application = 0x5353484B;  // "SSHK", in the database header
constexpr std::uint64_t format = 1;

constexpr const char* schema = R"sql(
CREATE TABLE head(id INTEGER PRIMARY KEY CHECK (id = 1), size INTEGER NOT NULL, note BLOB NOT NULL, key BLOB NOT NULL,
                  epoch INTEGER NOT NULL, archived_below INTEGER NOT NULL);
CREATE TABLE record(sequence INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
CREATE TABLE tile(id INTEGER PRIMARY KEY, hashes BLOB NOT NULL);
CREATE TABLE checkpoint(size INTEGER PRIMARY KEY, note BLOB NOT NULL);
CREATE TABLE payload(sequence INTEGER PRIMARY KEY, salt BLOB NOT NULL, bytes BLOB NOT NULL);
PRAGMA application_id = 0x5353484B;
PRAGMA user_version = 1;
)sql";

/// Level in the top byte: all tiles of a level stand together.
std::uint64_t tile_key(ledger::TileId id) { return static_cast<std::uint64_t>(id.level) << 56 | id.index; }

std::string flatten(const ledger::Tile& tile) {
    std::string bytes;
    bytes.reserve(tile.size() * sizeof(ledger::Hash));
    for (const auto& hash : tile) {
        bytes += ledger::as_text(hash);
    }
    return bytes;
}

Result<void> require_format(Database& database) {
    if (TRY(database.query_number("PRAGMA application_id")) != application) {
        return fail(ErrorCode::wrong_type, "the database is not a ledger");
    }
    if (TRY(database.query_number("PRAGMA user_version")) != format) {
        return fail(ErrorCode::unsupported, "the ledger is of a format that this program does not know");
    }
    return {};
}

/// Two processes may come here at once: the second finds the tables made.
Result<void> create_tables(Database& database) {
    TRY(database.execute("BEGIN IMMEDIATE"));
    const auto tables = database.query_number("SELECT count(*) FROM sqlite_schema");
    auto made = !tables       ? Result<void>(std::unexpected(tables.error()))
                : *tables > 0 ? Result<void>()
                              : database.execute(schema);
    if (made) {
        made = database.execute("COMMIT");
    }
    if (!made) {
        database.roll_back();
    }
    return made;
}

bool exists(const std::string& path) { return ::access(path.c_str(), F_OK) == 0; }

bool is_read_only(const std::string& directory) {
    struct statvfs info{};
    return ::statvfs(directory.c_str(), &info) == 0 && (info.f_flag & ST_RDONLY) != 0;
}

}  // namespace

std::string SqliteLog::database_path(const std::string& directory) { return directory + "/ledger.db"; }

Result<std::unique_ptr<SqliteLog>> SqliteLog::open_to_write(const std::string& directory, const LogOptions& options) {
    std::error_code ignored;
    std::filesystem::create_directories(std::filesystem::path(directory).parent_path(), ignored);
    if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) {
        return fail(errno == EROFS || errno == EACCES ? ErrorCode::permission : ErrorCode::io,
                    directory + ": " + std::strerror(errno));
    }
    const auto path = database_path(directory);
    if (is_read_only(directory)) {
        return fail(ErrorCode::permission, path + ": the file system is read-only");
    }
    const auto open = [&]() -> Result<std::unique_ptr<SqliteLog>> {
        auto database = TRY(Database::open(path, OpenMode::write, options.lock_timeout_ms));
        database.reserve_bytes(page_checksum_size);
        TRY(
            database.execute("PRAGMA page_size = 4096; PRAGMA secure_delete = ON; PRAGMA mmap_size = 0;"
                             "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA journal_mode = WAL;"
                             "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 2000;"));
        TRY(create_tables(database));
        TRY(require_format(database));
        std::unique_ptr<SqliteLog> log(new SqliteLog(std::move(database)));
        TRY(log->prepare());
        return log;
    };
    auto log = open();
    if (!log) {
        return std::unexpected(std::move(log).error().in(path));
    }
    ::chmod(path.c_str(), 0600);
    return log;
}

Result<std::unique_ptr<SqliteLog>> SqliteLog::open_to_read(const std::string& directory, const LogOptions& options) {
    const auto path = database_path(directory);
    if (!exists(path)) {
        return fail(errno == EACCES ? ErrorCode::permission : ErrorCode::not_found,
                    path + ": " + (errno == EACCES ? "no permission" : "there is no ledger"));
    }
    const bool immutable = is_read_only(directory);
    if (immutable && std::filesystem::exists(path + "-wal") && std::filesystem::file_size(path + "-wal") > 0) {
        return fail(ErrorCode::permission, path +
                                               ": its write-ahead log waits on a read-only file system; copy both "
                                               "files to a place that can be written");
    }
    const auto open = [&]() -> Result<std::unique_ptr<SqliteLog>> {
        auto database =
            TRY(Database::open(path, immutable ? OpenMode::immutable : OpenMode::read, options.lock_timeout_ms));
        TRY(
            database.execute("PRAGMA mmap_size = 0; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;"
                             "PRAGMA query_only = ON; PRAGMA cache_size = -8000;"));
        database.keep_log_on_close();
        TRY(require_format(database));
        std::unique_ptr<SqliteLog> log(new SqliteLog(std::move(database)));
        TRY(log->prepare());
        log->reading_ = true;
        TRY(log->database_.execute("BEGIN"));
        return log;
    };
    auto log = open();
    if (!log) {
        return std::unexpected(std::move(log).error().in(path));
    }
    return log;
}

Result<void> SqliteLog::prepare() {
    get_head_ = TRY(database_.prepare("SELECT size, note, key, epoch, archived_below FROM head"));
    put_head_ = TRY(database_.prepare(
        "INSERT OR REPLACE INTO head(id, size, note, key, epoch, archived_below) VALUES (1, ?, ?, ?, ?, ?)"));
    scan_ = TRY(database_.prepare("SELECT sequence, bytes FROM record WHERE sequence >= ? ORDER BY sequence"));
    get_record_ = TRY(database_.prepare("SELECT bytes FROM record WHERE sequence = ?"));
    put_record_ = TRY(database_.prepare("INSERT INTO record(sequence, bytes) VALUES (?, ?)"));
    remove_records_ = TRY(database_.prepare("DELETE FROM record WHERE sequence >= ? AND sequence < ?"));
    get_tile_ = TRY(database_.prepare("SELECT hashes FROM tile WHERE id = ?"));
    put_tile_ = TRY(database_.prepare("INSERT OR REPLACE INTO tile(id, hashes) VALUES (?, ?)"));
    get_payload_ = TRY(database_.prepare("SELECT salt, bytes FROM payload WHERE sequence = ?"));
    put_payload_ = TRY(database_.prepare("INSERT INTO payload(sequence, salt, bytes) VALUES (?, ?, ?)"));
    remove_payload_ = TRY(database_.prepare("DELETE FROM payload WHERE sequence = ?"));
    get_checkpoints_ = TRY(database_.prepare("SELECT size, note FROM checkpoint ORDER BY size"));
    put_checkpoint_ = TRY(database_.prepare("INSERT OR IGNORE INTO checkpoint(size, note) VALUES (?, ?)"));
    return {};
}

Result<void> SqliteLog::refresh() {
    if (reading_) {
        TRY(database_.execute("COMMIT; BEGIN"));
    }
    return {};
}

Result<ledger::Head> SqliteLog::read_head() {
    Run run(get_head_);
    if (!TRY(run.step())) {
        return ledger::Head{};
    }
    return ledger::Head{run.number(0), std::string(run.blob(1)), std::string(run.blob(2)), run.number(3),
                        run.number(4)};
}

Result<void> SqliteLog::scan_records(std::uint64_t first, const Visit& visit) {
    Run run(scan_);
    run.bind(first);
    while (TRY(run.step())) {
        if (!visit(run.number(0), run.blob(1))) {
            break;
        }
    }
    return {};
}

Result<std::optional<std::string>> SqliteLog::read_record(std::uint64_t sequence) {
    Run run(get_record_);
    run.bind(sequence);
    if (!TRY(run.step())) {
        return std::nullopt;
    }
    return std::string(run.blob(0));
}

Result<ledger::Tile> SqliteLog::read_tile(ledger::TileId id) {
    ledger::Tile tile;
    Run run(get_tile_);
    run.bind(tile_key(id));
    if (!TRY(run.step())) {
        return tile;
    }
    const auto bytes = run.blob(0);
    tile.resize(std::min<std::size_t>(bytes.size() / sizeof(ledger::Hash), ledger::tile_width));
    for (std::size_t i = 0; i < tile.size(); ++i) {
        std::ranges::copy(ledger::as_bytes(bytes.substr(i * sizeof(ledger::Hash), sizeof(ledger::Hash))),
                          tile[i].begin());
    }
    return tile;
}

Result<std::optional<ledger::Payload>> SqliteLog::read_payload(std::uint64_t sequence) {
    Run run(get_payload_);
    run.bind(sequence);
    if (!TRY(run.step())) {
        return std::nullopt;
    }
    ledger::Payload payload{.bytes = std::string(run.blob(1))};
    const auto salt = run.blob(0).substr(0, payload.salt.size());
    std::ranges::copy(ledger::as_bytes(salt), payload.salt.begin());
    return payload;
}

Result<std::vector<std::pair<std::uint64_t, std::string>>> SqliteLog::read_checkpoints() {
    std::vector<std::pair<std::uint64_t, std::string>> checkpoints;
    Run run(get_checkpoints_);
    while (TRY(run.step())) {
        checkpoints.emplace_back(run.number(0), std::string(run.blob(1)));
    }
    return checkpoints;
}

Result<ledger::Head> SqliteLog::begin_write() {
    TRY(database_.execute("BEGIN IMMEDIATE"));
    auto head = read_head();
    if (!head) {
        abandon();
    }
    return head;
}

Result<void> SqliteLog::write_batch(const ledger::Batch& batch) {
    for (const auto& [sequence, bytes] : batch.records) {
        TRY(Run(put_record_).bind(sequence).bind_blob(bytes).finish());
    }
    for (const auto& [id, tile] : batch.tiles) {
        const auto hashes = flatten(tile);
        TRY(Run(put_tile_).bind(tile_key(id)).bind_blob(hashes).finish());
    }
    for (const auto& [sequence, payload] : batch.payloads) {
        TRY(Run(put_payload_)
                .bind(sequence)
                .bind_blob(ledger::as_text(payload.salt))
                .bind_blob(payload.bytes)
                .finish());
    }
    for (const auto& [size, note] : batch.checkpoints) {
        TRY(Run(put_checkpoint_).bind(size).bind_blob(note).finish());
    }
    for (const auto sequence : batch.erased_payloads) {
        TRY(Run(remove_payload_).bind(sequence).finish());
    }
    const auto& head = batch.head;
    TRY(Run(put_head_)
            .bind(head.size)
            .bind_blob(head.note)
            .bind_blob(head.key)
            .bind(head.epoch)
            .bind(head.archived_below)
            .finish());
    return database_.execute("COMMIT");
}

Result<void> SqliteLog::commit(const ledger::Batch& batch) {
    auto done = write_batch(batch);
    if (!done) {
        abandon();
    }
    return done;
}

void SqliteLog::abandon() noexcept { database_.roll_back(); }

Result<void> SqliteLog::remove_records(std::uint64_t first, std::uint64_t end, const std::vector<std::uint64_t>& keep) {
    auto from = first;
    for (const auto kept : keep) {
        TRY(Run(remove_records_).bind(from).bind(kept).finish());
        from = kept + 1;
    }
    return Run(remove_records_).bind(from).bind(end).finish();
}

Result<void> SqliteLog::scrub() {
    if (TRY(database_.query_number("PRAGMA wal_checkpoint(TRUNCATE)")) != 0) {
        return fail(ErrorCode::io, "a reader keeps the write-ahead log open: what was erased is still in that file");
    }
    return {};
}

}  // namespace sshkeep::storage
