#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>
#include <set>
#include <thread>

#include "ledger/fixture.h"
#include "storage/sqlite.h"
#include "storage/surroundings.h"

namespace sshkeep::test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(Recorder, ThreadsShareCommitsAndEachGetsItsOwnRecord) {
    TestLedger log;
    constexpr int threads = 16;
    constexpr int each = 100;
    std::vector<std::vector<ports::Ticket>> tickets(threads);
    std::vector<std::thread> all;
    for (auto& own : tickets) {
        all.emplace_back([&] {
            for (int i = 0; i < each; ++i) {
                own.push_back(must(log.recorder().begin({.action = "test.act", .target = "x"})));
            }
        });
    }
    std::ranges::for_each(all, [](std::thread& thread) { thread.join(); });
    std::set<std::uint64_t> sequences;
    for (const auto& own : tickets) {
        for (const auto& ticket : own) {
            EXPECT_TRUE(sequences.insert(ticket.sequence).second);
            const auto record =
                must(ledger::decode_record(must(log.store().read_record(ticket.sequence)).value_or("")));
            EXPECT_EQ(record.request, ticket.request);
        }
    }
    EXPECT_EQ(sequences.size(), static_cast<std::size_t>(threads * each));
    EXPECT_THAT(kinds(log.verify()), IsEmpty());
}

TEST(Recorder, ProcessesTakeTurns) {
    TestLedger one;
    TestLedger two(one.directory());
    for (int i = 0; i < 20; ++i) {
        one.act("one");
        two.act("two");
        if (i % 7 == 0) {
            must((i % 2 == 0 ? one : two).recorder().begin_epoch());
        }
    }
    const auto report = one.verify({one.first_key(), {}});
    EXPECT_THAT(kinds(report), IsEmpty());
    EXPECT_EQ(report.head.size, 1U + 80U + 3U);
}

TEST(Recorder, OneRecordThatDoesNotFitSpoilsNoOther) {
    TestLedger log;
    const auto bad = log.recorder().begin({.action = std::string(ledger::max_text + 1, 'x')});
    ASSERT_FALSE(bad);
    EXPECT_EQ(bad.error().code, ErrorCode::too_large);
    EXPECT_FALSE(log.recorder().begin({.action = "a", .payload = std::string(ledger::max_payload + 1, 'x')}));
    log.act(1);
    const auto report = log.verify();
    EXPECT_THAT(kinds(report), IsEmpty());
    EXPECT_EQ(report.head.size, 3U);
}

TEST(Recorder, WithoutTheLockNothingIsRecordedAndTheCallerIsTold) {
    TestLedger log;
    auto other = must(storage::Database::open(log.database(), storage::OpenMode::write, 0));
    must(other.execute("BEGIN IMMEDIATE"));
    const auto store = must(storage::SqliteLog::open_to_read(log.directory()));
    auto quick = storage::SqliteLog::open_to_write(log.directory(), {.lock_timeout_ms = 20});
    ASSERT_FALSE(quick);
    EXPECT_THAT(quick.error().message, HasSubstr("another process holds the ledger's writer lock"));
    EXPECT_EQ(must(store->read_head()).size, 1U);  // readers do not wait
    must(other.execute("ROLLBACK"));
    log.act(1);
    EXPECT_THAT(kinds(log.verify()), IsEmpty());
}

TEST(Recorder, AnErasureThatAReaderDelaysIsAnError) {
    TestLedger log;
    const auto ticket = must(log.recorder().begin({.action = "a", .payload = "personal"}));
    const auto reader = must(storage::SqliteLog::open_to_read(log.directory()));
    static_cast<void>(must(reader->read_head()));
    const auto erased = log.recorder().erase_payload(ticket.sequence);
    ASSERT_FALSE(erased);
    EXPECT_THAT(erased.error().message, HasSubstr("a reader"));
    must(reader->refresh());
    EXPECT_THAT(kinds(log.verify()), IsEmpty());
}

/// The fingerprint is ssh-keygen -l's of that key.
TEST(Surroundings, TheSessionsKeyIsItsFingerprint) {
    EXPECT_EQ(
        storage::fingerprint_of_auth_info("publickey ssh-ed25519 "
                                          "AAAAC3NzaC1lZDI1NTE5AAAAIJTXNUxfuPSRNvz2Tzk6sATkTnnZtHISR5/jTFu5taOu\n"),
        "SHA256:j3CwpAlvRGp0nNa1FfhW2bswLpLno3tPqZxMx2MKls8");
    for (const auto* none : {"", "\n", "password\n", "publickey ssh-ed25519\n", "publickey ssh-ed25519 !\n"}) {
        EXPECT_EQ(storage::fingerprint_of_auth_info(none), "");
    }
}

TEST(Surroundings, AreThisSystems) {
    storage::SystemSurroundings surroundings;
    const auto before = surroundings.now();
    const auto after = surroundings.now();
    EXPECT_GE(after.monotonic, before.monotonic);
    EXPECT_NE(before.boot, ledger::Id{});
    EXPECT_EQ(surroundings.actor().pid, static_cast<std::uint32_t>(::getpid()));
    EXPECT_EQ(surroundings.actor().process, "ledger_recorder");
    EXPECT_FALSE(surroundings.host().empty());
}

}  // namespace
}  // namespace sshkeep::test
