#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

/// The little of SQLite's C interface that this room uses, with owners and Results.
namespace sshkeep::storage {

class Database;

/// A prepared statement; reset when the Run of it goes.
class Statement {
public:
    Statement() = default;

private:
    friend class Database;
    friend class Run;
    struct Free {
        void operator()(sqlite3_stmt* statement) const;
    };
    std::unique_ptr<sqlite3_stmt, Free> handle_;
};

/// One execution: bind in order, step, read columns in order.
class Run {
public:
    explicit Run(Statement& statement);
    ~Run();
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;

    Run& bind(std::uint64_t number);
    /// The bytes must live as long as the Run.
    Run& bind_blob(std::string_view bytes);
    Run& bind_text(std::string_view text);
    /// True when there is a row.
    [[nodiscard]] Result<bool> step();
    /// Runs a statement that gives no rows.
    [[nodiscard]] Result<void> finish();

    [[nodiscard]] std::uint64_t number(int column) const;
    /// Until the next step.
    [[nodiscard]] std::string_view blob(int column) const;

private:
    sqlite3_stmt* handle_;
    int bound_ = 0;
};

enum class OpenMode : std::uint8_t {
    write,  ///< creates the file when there is none
    read,
    immutable,  ///< on a read-only file system: nobody can write, no lock is taken
};

class Database {
public:
    [[nodiscard]] static Result<Database> open(const std::string& path, OpenMode mode, int busy_timeout_ms);

    [[nodiscard]] Result<void> execute(const char* sql);
    [[nodiscard]] Result<std::uint64_t> query_number(const char* sql);
    [[nodiscard]] Result<Statement> prepare(std::string_view sql);
    /// For SQLITE_FCNTL_RESERVE_BYTES; before the first table.
    void reserve_bytes(int count);
    void keep_log_on_close();
    /// Ends a transaction that is open; what it wrote is gone.
    void roll_back() noexcept;
    [[nodiscard]] sqlite3* handle() const noexcept { return handle_.get(); }

private:
    struct Close {
        void operator()(sqlite3* handle) const;
    };
    std::unique_ptr<sqlite3, Close> handle_;
};

}  // namespace sshkeep::storage
