#include "ledger/fixture.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "storage/sqlite.h"

namespace sshkeep::test {

Result<void> HandClock::fill_random(std::span<std::uint8_t> bytes) {
    for (auto& byte : bytes) {
        random_ = random_ * 6364136223846793005U + 1442695040888963407U;
        byte = static_cast<std::uint8_t>(random_ >> 56);
    }
    return {};
}

/// In memory where the system has such a place: what these tests judge does not depend on the disk's speed.
TempDirectory::TempDirectory() {
    const std::filesystem::path memory = "/dev/shm";
    const auto parent = ::access(memory.c_str(), W_OK) == 0 ? memory : std::filesystem::temp_directory_path();
    auto path = (parent / "sshkeep-ledger-XXXXXX").string();
    if (::mkdtemp(path.data()) == nullptr) {
        std::abort();
    }
    path_ = path;
}

TempDirectory::~TempDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

TestLedger::TestLedger(app::RecorderOptions options) : TestLedger("", std::move(options)) {}

TestLedger::TestLedger(std::string directory, app::RecorderOptions options)
    : directory_(directory.empty() ? own_.path() + "/ledger" : std::move(directory)), options_(std::move(options)) {
    reopen();
}

void TestLedger::reopen() {
    close();
    keys_ = std::make_unique<storage::KeyFiles>(directory_);
    store_ = must(storage::SqliteLog::open_to_write(directory_));
    recorder_ = must(app::Recorder::open(*store_, *keys_, clock, options_));
}

void TestLedger::close() {
    recorder_.reset();
    store_.reset();
}

void TestLedger::act(const std::string& target) {
    const auto ticket = must(recorder_->begin({.action = "test.act", .target = target}));
    must(recorder_->finish(ticket, {}));
}

void TestLedger::act(int count) {
    for (int i = 0; i < count; ++i) {
        act("target " + std::to_string(i));
    }
}

ledger::VerifyReport TestLedger::verify(const ledger::VerifyOptions& options) const {
    const auto log = must(storage::SqliteLog::open_to_read(directory_));
    return must(ledger::verify_log(*log, options));
}

ledger::VerifierKey TestLedger::first_key() const {
    const auto log = must(storage::SqliteLog::open_to_read(directory_));
    const auto record = must(ledger::decode_record(must(log->read_record(0)).value_or("")));
    return must(ledger::parse_verifier_key(record.detail));
}

ledger::SavedCheckpoint TestLedger::checkpoint() {
    return {"saved", must(ledger::parse_signed_checkpoint(must(recorder_->keep_checkpoint())))};
}

void TestLedger::attack(const std::string& sql) const {
    auto handle = must(storage::Database::open(database(), storage::OpenMode::write, 1000));
    must(handle.execute(sql.c_str()));
}

std::vector<std::string> kinds(const ledger::VerifyReport& report) {
    std::vector<std::string> names;
    for (const auto& finding : report.findings) {
        names.emplace_back(ledger::name_of(finding.kind));
    }
    return names;
}

}  // namespace sshkeep::test
