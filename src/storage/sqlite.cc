#include "storage/sqlite.h"

#include <sqlite3.h>

#include "storage/checked_vfs.h"

namespace sshkeep::storage {
namespace {

/// SQLite's answer in words that tell the caller what to do about it.
Error error_of(sqlite3* handle) {
    const int extended = sqlite3_extended_errcode(handle);
    if (extended == SQLITE_IOERR_DATA) {
        return {ErrorCode::invalid, "page " + std::to_string(last_damaged_page()) + " of the database file is damaged"};
    }
    switch (extended & 0xFF) {
        case SQLITE_FULL:
            return {ErrorCode::io, "the disk is full"};
        case SQLITE_READONLY:
            return {ErrorCode::permission, "the place of the ledger is read-only"};
        case SQLITE_PERM:
        case SQLITE_AUTH:
            return {ErrorCode::permission, "no permission for the database file"};
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return {ErrorCode::io, "another process holds the ledger's writer lock"};
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return {ErrorCode::invalid, std::string("the database file is damaged: ") + sqlite3_errmsg(handle)};
        default:
            return {ErrorCode::io, std::string(sqlite3_errmsg(handle)) + " (" + sqlite3_errstr(extended) + ')'};
    }
}

/// A path as SQLite's URI file names want it.
std::string uri_of(const std::string& path, bool immutable) {
    std::string uri = "file:";
    for (const char c : path) {
        switch (c) {
            case '%':
                uri += "%25";
                break;
            case '?':
                uri += "%3f";
                break;
            case '#':
                uri += "%23";
                break;
            default:
                uri += c;
        }
    }
    return uri + (immutable ? "?immutable=1" : "");
}

}  // namespace

void Statement::Free::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

void Database::Close::operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }

Run::Run(Statement& statement) : handle_(statement.handle_.get()) {}

Run::~Run() {
    sqlite3_reset(handle_);
    sqlite3_clear_bindings(handle_);
}

// A failed bind (out of memory, a bad index) shows as an error of the step that follows: the parameter stays NULL and
// every column is NOT NULL.
Run& Run::bind(std::uint64_t number) {
    sqlite3_bind_int64(handle_, ++bound_, static_cast<sqlite3_int64>(number));
    return *this;
}

Run& Run::bind_blob(std::string_view bytes) {
    sqlite3_bind_blob64(handle_, ++bound_, bytes.empty() ? "" : bytes.data(), bytes.size(), SQLITE_STATIC);
    return *this;
}

Run& Run::bind_text(std::string_view text) {
    sqlite3_bind_text64(handle_, ++bound_, text.empty() ? "" : text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
    return *this;
}

Result<bool> Run::step() {
    switch (sqlite3_step(handle_)) {
        case SQLITE_ROW:
            return true;
        case SQLITE_DONE:
            return false;
        default:
            return std::unexpected(error_of(sqlite3_db_handle(handle_)));
    }
}

Result<void> Run::finish() {
    TRY(step());
    return {};
}

std::uint64_t Run::number(int column) const {
    return static_cast<std::uint64_t>(sqlite3_column_int64(handle_, column));
}

std::string_view Run::blob(int column) const {
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(handle_, column));
    return {bytes, bytes == nullptr ? 0 : static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}

Result<Database> Database::open(const std::string& path, OpenMode mode, int busy_timeout_ms) {
    Database database;
    sqlite3* handle = nullptr;
    const int access = mode == OpenMode::write       ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
                       : mode == OpenMode::immutable ? SQLITE_OPEN_READONLY
                                                     : SQLITE_OPEN_READWRITE;
    const int status =
        sqlite3_open_v2(uri_of(path, mode == OpenMode::immutable).c_str(), &handle,
                        access | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, checked_vfs());
    database.handle_.reset(handle);
    if (status != SQLITE_OK) {
        return std::unexpected(handle == nullptr ? Error{ErrorCode::io, "no memory"} : error_of(handle));
    }
    sqlite3_busy_timeout(handle, busy_timeout_ms);
    return database;
}

Result<void> Database::execute(const char* sql) {
    if (sqlite3_exec(handle(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) {
        return std::unexpected(error_of(handle()));
    }
    return {};
}

Result<std::uint64_t> Database::query_number(const char* sql) {
    auto statement = TRY(prepare(sql));
    Run run(statement);
    if (!TRY(run.step())) {
        return fail(ErrorCode::not_found, "no row");
    }
    return run.number(0);
}

Result<Statement> Database::prepare(std::string_view sql) {
    Statement statement;
    sqlite3_stmt* prepared = nullptr;
    const int status = sqlite3_prepare_v3(handle(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                          &prepared, nullptr);
    if (status != SQLITE_OK) {
        return std::unexpected(error_of(handle()));
    }
    statement.handle_.reset(prepared);
    return statement;
}

void Database::reserve_bytes(int count) { sqlite3_file_control(handle(), "main", SQLITE_FCNTL_RESERVE_BYTES, &count); }

void Database::keep_log_on_close() { sqlite3_db_config(handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr); }

void Database::roll_back() noexcept {
    if (sqlite3_get_autocommit(handle()) == 0) {
        sqlite3_exec(handle(), "ROLLBACK", nullptr, nullptr, nullptr);
    }
}

}  // namespace sshkeep::storage
