#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "app/ledger_recorder.h"
#include "ledger/verify.h"
#include "storage/key_files.h"
#include "storage/sqlite_log.h"

namespace sshkeep::test {

/// A clock that a test turns by hand; every look moves it by a millisecond.
class HandClock final : public ledger::Surroundings {
public:
    std::int64_t time = 1'795'341'544'000'000'000;

    ledger::Moment now() override {
        time += 1'000'000;
        monotonic_ += 1'000'000;
        return {time, {1}, monotonic_};
    }
    ledger::Actor actor() override { return {.login_uid = 1000, .user = "alice", .pid = 1, .process = "test"}; }
    std::string host() override { return "web1.example"; }
    Result<void> fill_random(std::span<std::uint8_t> bytes) override;

private:
    std::uint64_t monotonic_ = 0;
    std::uint64_t random_ = 1;
};

/// A directory that goes with the test.
class TempDirectory {
public:
    TempDirectory();
    ~TempDirectory();
    TempDirectory(const TempDirectory&) = delete;
    TempDirectory& operator=(const TempDirectory&) = delete;
    [[nodiscard]] const std::string& path() const { return path_; }

private:
    std::string path_;
};

/// A ledger in a directory of its own, with everything that writes to it.
class TestLedger {
public:
    explicit TestLedger(app::RecorderOptions options = {});
    explicit TestLedger(std::string directory, app::RecorderOptions options = {});

    /// Intent and outcome.
    void act(const std::string& target);
    void act(int count);
    /// Lets go of the files, so that a test can bend them.
    void close();
    void reopen();

    [[nodiscard]] ledger::VerifyReport verify(const ledger::VerifyOptions& options = {}) const;
    [[nodiscard]] ledger::VerifierKey first_key() const;
    [[nodiscard]] ledger::SavedCheckpoint checkpoint();
    /// SQL as an attacker would give it to a copy of SQLite that keeps the page checksums right.
    void attack(const std::string& sql) const;

    [[nodiscard]] const std::string& directory() const { return directory_; }
    [[nodiscard]] std::string database() const { return storage::SqliteLog::database_path(directory_); }
    app::Recorder& recorder() { return *recorder_; }
    storage::SqliteLog& store() { return *store_; }
    HandClock clock;

private:
    TempDirectory own_;
    std::string directory_;
    app::RecorderOptions options_;
    std::unique_ptr<storage::KeyFiles> keys_;
    std::unique_ptr<storage::SqliteLog> store_;
    std::unique_ptr<app::Recorder> recorder_;
};

/// The kinds of the findings, by name.
[[nodiscard]] std::vector<std::string> kinds(const ledger::VerifyReport& report);

/// The value, or a test failure and the program's end.
template <class T>
T must(Result<T> result) {
    if (!result) {
        std::fprintf(stderr, "unexpected error: %s\n", result.error().message.c_str());
        std::abort();
    }
    if constexpr (!std::is_void_v<T>) {
        return *std::move(result);
    }
}

}  // namespace sshkeep::test
