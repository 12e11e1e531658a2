#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <random>

#include "ledger/encoding.h"
#include "ledger/fixture.h"
#include "storage/checked_vfs.h"
#include "storage/sqlite.h"

namespace sshkeep::test {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;

std::string first_kind(const ledger::VerifyReport& report) {
    return report.findings.empty() ? "" : std::string(ledger::name_of(report.findings[0].kind));
}

/// 1 + 2 * 300 records: two full tiles and a partial one.
class Tamper : public ::testing::Test {
protected:
    Tamper() {
        log.act(100);
        saved = log.checkpoint();
        log.act(200);
        log.close();
    }

    void expect_first(const std::string& kind, std::optional<std::uint64_t> record,
                      const ledger::VerifyOptions& options = {}) {
        const auto report = log.verify(options);
        EXPECT_EQ(first_kind(report), kind) << ::testing::PrintToString(kinds(report));
        if (!report.findings.empty()) {
            EXPECT_EQ(report.findings[0].record, record) << report.findings[0].text;
        }
    }

    /// Changes a table's blob by one bit, in place.
    void flip(const std::string& table, const std::string& column, const std::string& key, std::uint64_t row,
              std::size_t byte, int bit) {
        auto database = must(storage::Database::open(log.database(), storage::OpenMode::write, 1000));
        auto get = must(database.prepare("SELECT " + column + " FROM " + table + " WHERE " + key + " = ?"));
        std::string bytes;
        {
            storage::Run run(get);
            run.bind(row);
            ASSERT_TRUE(must(run.step()));
            bytes = run.blob(0);
        }
        bytes[byte % bytes.size()] = static_cast<char>(bytes[byte % bytes.size()] ^ (1 << bit));
        auto put = must(database.prepare("UPDATE " + table + " SET " + column + " = ? WHERE " + key + " = ?"));
        must(storage::Run(put).bind_blob(bytes).bind(row).finish());
    }

    TestLedger log;
    ledger::SavedCheckpoint saved;
};

TEST_F(Tamper, AnUntouchedLogIsGood) {
    const auto report = log.verify({log.first_key(), {saved}});
    EXPECT_THAT(kinds(report), IsEmpty());
    EXPECT_THAT(report.warnings, IsEmpty());
    EXPECT_EQ(report.head.size, 601U);
    EXPECT_THAT(report.open_intents, IsEmpty());
}

TEST_F(Tamper, OneBitInARecord) {
    flip("record", "bytes", "sequence", 17, 60, 3);
    expect_first("record-altered", 17);
}

TEST_F(Tamper, OneBitInARecordOfThePartialTile) {
    flip("record", "bytes", "sequence", 600, 60, 3);
    expect_first("record-altered", 600);
}

TEST_F(Tamper, OneBitInALeafHash) {
    flip("tile", "hashes", "id", 1, 32 * 7 + 3, 0);  // tile 0/1: leaves 256 to 511
    expect_first("node-altered", 263);
}

TEST_F(Tamper, OneBitInANode) {
    flip("tile", "hashes", "id", 1ULL << 56, 5, 0);  // tile 1/0
    expect_first("node-altered", std::nullopt);
}

TEST_F(Tamper, ATileTakenAway) {
    log.attack("DELETE FROM tile WHERE id = 0");
    expect_first("node-altered", 0);
}

TEST_F(Tamper, ARecordDeleted) {
    log.attack("DELETE FROM record WHERE sequence = 300");
    expect_first("record-deleted", 300);
}

TEST_F(Tamper, ARecordDeletedAndTheRestMovedUp) {
    log.attack(
        "DELETE FROM record WHERE sequence = 300;"
        "UPDATE record SET sequence = -sequence WHERE sequence > 300;"
        "UPDATE record SET sequence = -sequence - 1 WHERE sequence < 0;");
    expect_first("record-deleted", 300);
}

TEST_F(Tamper, ARecordInserted) {
    log.attack(
        "UPDATE record SET sequence = -sequence WHERE sequence >= 300;"
        "UPDATE record SET sequence = -sequence + 1 WHERE sequence < 0;"
        "INSERT INTO record SELECT 300, bytes FROM record WHERE sequence = 20;");
    expect_first("record-inserted", 20);
}

TEST_F(Tamper, AForgedRecordInserted) {
    log.attack(
        "UPDATE record SET sequence = -sequence WHERE sequence >= 300;"
        "UPDATE record SET sequence = -sequence + 1 WHERE sequence < 0;"
        "INSERT INTO record VALUES(300, x'00010100000000000000012c');");
    expect_first("record-inserted", 300);
}

TEST_F(Tamper, ARecordBehindTheEnd) {
    log.attack("INSERT INTO record SELECT 601, bytes FROM record WHERE sequence = 20");
    expect_first("record-inserted", 601);
}

TEST_F(Tamper, TwoRecordsChangePlaces) {
    log.attack(
        "UPDATE record SET sequence = -1 WHERE sequence = 40;"
        "UPDATE record SET sequence = 40 WHERE sequence = 50;"
        "UPDATE record SET sequence = 50 WHERE sequence = -1;");
    expect_first("records-reordered", 40);
}

TEST_F(Tamper, TheTailCut) {
    log.attack("DELETE FROM record WHERE sequence >= 590");
    expect_first("tail-cut", 590);
}

TEST_F(Tamper, TheTailCutAndTheKeptCheckpointMadeTheHead) {
    log.reopen();
    log.act(1);
    const auto later = log.checkpoint();
    log.close();
    log.attack(
        "DELETE FROM record WHERE sequence >= 201; DELETE FROM tile WHERE id = 1 OR id = 2 OR id > 1000;"
        "UPDATE tile SET hashes = substr(hashes, 1, 201 * 32) WHERE id = 0;"
        "UPDATE head SET size = 201, note = (SELECT note FROM checkpoint WHERE size = 201);"
        "DELETE FROM checkpoint WHERE size > 201;");
    EXPECT_THAT(kinds(log.verify()), IsEmpty());  // nothing inside tells: that is what saved checkpoints are for
    expect_first("rolled-back", 201, {std::nullopt, {later}});
}

TEST_F(Tamper, AnOlderCopyOfTheWholeDatabase) {
    const auto copy = log.database() + ".copy";
    std::filesystem::copy_file(log.database(), copy);
    log.reopen();
    log.act(10);
    const auto later = log.checkpoint();
    log.close();
    std::filesystem::rename(copy, log.database());
    EXPECT_THAT(kinds(log.verify()), IsEmpty());
    expect_first("rolled-back", 601, {std::nullopt, {later}});
}

TEST_F(Tamper, TwoHistoriesOfOneSize) {
    const auto copy = log.database() + ".copy";
    std::filesystem::copy_file(log.database(), copy);
    log.reopen();
    log.act("what really happened");
    const auto real = log.checkpoint();
    log.close();
    std::filesystem::rename(copy, log.database());
    log.reopen();  // with the true key: only a witness can tell
    log.act("what should have happened");
    EXPECT_THAT(kinds(log.verify()), IsEmpty());
    expect_first("history-forked", std::nullopt, {std::nullopt, {real}});
}

TEST_F(Tamper, TheClockSteppedBackIsAWarning) {
    log.reopen();
    log.clock.time -= 3'600'000'000'000;
    log.act(1);
    const auto report = log.verify();
    EXPECT_THAT(kinds(report), IsEmpty());
    ASSERT_EQ(report.warnings.size(), 1U);
    EXPECT_EQ(report.warnings[0].kind, ledger::Tampering::clock_stepped_back);
    EXPECT_EQ(report.warnings[0].record, 601U);
}

TEST_F(Tamper, ANewLogUnderANewKey) {
    const auto trusted = log.first_key();
    std::filesystem::remove_all(log.directory());
    log.reopen();
    log.act(300);
    EXPECT_THAT(kinds(log.verify()), IsEmpty());
    EXPECT_THAT(kinds(log.verify({trusted, {}})), Contains("key-swapped"));
    EXPECT_THAT(kinds(log.verify({std::nullopt, {saved}})), Contains("key-swapped"));
}

TEST_F(Tamper, TheHeadsSignature) {
    flip("head", "note", "id", 1, 100, 0);
    const auto report = log.verify();
    EXPECT_FALSE(report.good());
}

TEST_F(Tamper, ThePayload) {
    log.reopen();
    const auto ticket =
        must(log.recorder().begin({.action = "key.add", .target = "alice", .payload = "alice@example.org"}));
    EXPECT_THAT(kinds(log.verify()), IsEmpty());
    log.attack("UPDATE payload SET bytes = 'bob@example.org'");
    expect_first("payload-altered", ticket.sequence);
    log.attack("DELETE FROM payload");
    expect_first("payload-missing", ticket.sequence);
}

TEST_F(Tamper, AnErasedPayloadIsFineAndGone) {
    log.reopen();
    const std::string secret = "a-very-personal-comment@example.org";
    const auto ticket = must(log.recorder().begin({.action = "key.add", .target = "alice", .payload = secret}));
    must(log.recorder().erase_payload(ticket.sequence));
    const auto report = log.verify();
    EXPECT_THAT(kinds(report), IsEmpty());
    EXPECT_EQ(report.erased_payloads, 1U);
    EXPECT_THAT(report.open_intents, ::testing::ElementsAre(ticket.sequence));
    log.close();
    for (const auto& entry : std::filesystem::directory_iterator(log.directory())) {
        std::ifstream file(entry.path(), std::ios::binary);
        const std::string bytes((std::istreambuf_iterator<char>(file)), {});
        EXPECT_EQ(bytes.find(secret), std::string::npos) << entry.path();
    }
}

TEST_F(Tamper, WritersRefuseAForeignTree) {
    flip("tile", "hashes", "id", 2, 40, 0);
    storage::KeyFiles keys(log.directory());
    auto store = must(storage::SqliteLog::open_to_write(log.directory()));
    const auto recorder = app::Recorder::open(*store, keys, log.clock);
    ASSERT_FALSE(recorder);
    EXPECT_THAT(recorder.error().message, ::testing::HasSubstr("log verify"));
}

/// One bit of the file, anywhere: found, and named as damage of a page.
TEST_F(Tamper, AThousandFlippedBitsOfTheFile) {
    std::fstream file(log.database(), std::ios::in | std::ios::out | std::ios::binary);
    const auto size = std::filesystem::file_size(log.database());
    std::mt19937_64 random(20261122);
    const int tries = std::getenv("SSHKEEP_LONG") != nullptr ? 10'000 : 1'000;
    for (int i = 0; i < tries; ++i) {
        const auto at = static_cast<std::streamoff>(random() % size);
        const auto mask = static_cast<char>(1 << random() % 8);
        char byte = 0;
        file.seekg(at).get(byte);
        file.seekp(at).put(static_cast<char>(byte ^ mask)).flush();
        const auto damaged = must(storage::read_damaged_pages(log.database()));
        ASSERT_THAT(damaged, ::testing::ElementsAre(static_cast<std::uint64_t>(at) / 4096 + 1)) << at;
        file.seekp(at).put(byte).flush();
    }
    EXPECT_THAT(must(storage::read_damaged_pages(log.database())), IsEmpty());
}

/// One bit of a record or of a node, with every page checksum made right again: the tree finds it.
TEST_F(Tamper, AThousandFlippedBitsOfRecordsAndNodes) {
    std::mt19937_64 random(62);
    const int tries = std::getenv("SSHKEEP_LONG") != nullptr ? 10'000 : 1'000;
    for (int i = 0; i < tries; ++i) {
        const bool record = random() % 2 == 0;
        const auto row = record ? random() % 601 : std::array<std::uint64_t, 4>{0, 1, 2, 1ULL << 56}[random() % 4];
        const auto byte = random() % 100'000;
        const auto bit = static_cast<int>(random() % 8);
        const auto change = [&] {
            record ? flip("record", "bytes", "sequence", row, byte, bit) : flip("tile", "hashes", "id", row, byte, bit);
        };
        change();
        const auto report = log.verify();
        ASSERT_EQ(first_kind(report), record ? "record-altered" : "node-altered") << row << ' ' << byte << ' ' << bit;
        if (record) {
            ASSERT_EQ(report.findings[0].record, row);
        }
        change();
    }
    EXPECT_TRUE(log.verify().good());
}

class Epochs : public ::testing::Test {
protected:
    Epochs() {
        for (int i = 0; i < 3; ++i) {
            log.act(20);
            must(log.recorder().begin_epoch());
        }
        log.act(20);
    }
    TestLedger log;
};

TEST_F(Epochs, EachKeyFollowsFromTheOneBefore) {
    const auto report = log.verify({log.first_key(), {}});
    EXPECT_THAT(kinds(report), IsEmpty());
    EXPECT_EQ(report.epochs, 4U);
    EXPECT_NE(report.first_key, report.current_key);
    log.reopen();
    log.act(1);
    EXPECT_TRUE(log.verify({log.first_key(), {}}).good());
}

TEST_F(Epochs, TheOldPrivateKeyIsGone) {
    storage::KeyFiles keys(log.directory());
    EXPECT_NE(must(keys.read_current())->public_key(), log.first_key().key);
    EXPECT_FALSE(must(keys.read_next()));
}

/// Root of today has today's key and may rewrite every file. A record of an earlier epoch stays out of reach.
TEST_F(Epochs, TodaysKeyCannotRewriteYesterday) {
    log.close();
    auto store = must(storage::SqliteLog::open_to_write(log.directory()));
    storage::KeyFiles keys(log.directory());
    const auto key = *must(keys.read_current());
    auto head = must(store->begin_write());
    ledger::Frontier tree;
    ledger::Batch batch;
    must(store->scan_records(0, [&](std::uint64_t sequence, std::string_view bytes) {
        auto record = must(ledger::decode_record(bytes));
        if (sequence == 5) {
            record.target = "nothing happened here";
        }
        batch.records.emplace_back(sequence, must(ledger::encode_record(record)));
        tree.append(ledger::leaf_hash(batch.records.back().second));
        return true;
    }));
    must(store->remove_records(0, head.size, {}));
    batch.tiles = tree.take_changes();
    batch.head = head;
    batch.head.note = ledger::sign_checkpoint({log.first_key().name, head.size, tree.root()}, key);
    must(store->commit(batch));
    const auto report = log.verify({log.first_key(), {}});
    EXPECT_THAT(kinds(report), Contains("history-rewritten"));
    EXPECT_THAT(kinds(report), Contains("key-swapped"));
}

TEST_F(Epochs, ACrashBeforeTheKeyFileMovesIsMended) {
    log.close();
    const auto current = log.directory() + "/signing.key";
    std::filesystem::rename(current, current + ".next");
    std::ofstream(current, std::ios::binary) << std::string(32, '\0');
    log.reopen();
    log.act(1);
    EXPECT_TRUE(log.verify().good());
    EXPECT_FALSE(std::filesystem::exists(current + ".next"));
}

TEST_F(Epochs, WithoutTheKeyNothingIsRecorded) {
    log.close();
    std::filesystem::remove(log.directory() + "/signing.key");
    storage::KeyFiles keys(log.directory());
    auto store = must(storage::SqliteLog::open_to_write(log.directory()));
    EXPECT_FALSE(app::Recorder::open(*store, keys, log.clock));
}

TEST(EpochPolicy, KeysAreChangedByCountAndByAge) {
    TestLedger log({.epoch_records = 100});
    log.act(300);
    EXPECT_EQ(log.verify().epochs, 6U);
    TestLedger daily;
    daily.act(1);
    daily.clock.time += 25LL * 3600 * 1'000'000'000;
    daily.act(1);
    EXPECT_EQ(daily.verify().epochs, 2U);
    EXPECT_TRUE(daily.verify().good());
}

TEST(Retention, MovesWholeTilesAndProofsStayValid) {
    TestLedger log;
    log.act(100);
    must(log.recorder().begin_epoch());
    log.act(300);
    std::vector<std::string> archive;
    const auto keep = [&](std::uint64_t, std::string_view bytes) -> Result<void> {
        archive.emplace_back(bytes);
        return {};
    };
    EXPECT_FALSE(log.recorder().retain(0, 300, keep, [] { return Result<void>(); }));
    EXPECT_FALSE(log.recorder().retain(0, 512, keep, [] { return Result<void>(fail(ErrorCode::io, "no")); }));
    EXPECT_EQ(log.verify().archived_below, 0U);
    archive.clear();
    must(log.recorder().retain(0, 512, keep, [] { return Result<void>(); }));
    EXPECT_EQ(archive.size(), 512U);
    log.act(10);
    const auto report = log.verify({log.first_key(), {}});
    EXPECT_THAT(kinds(report), IsEmpty());
    EXPECT_EQ(report.archived_below, 512U);
    const auto reader = must(storage::SqliteLog::open_to_read(log.directory()));
    const auto node = ledger::nodes_from([&](ledger::TileId id) { return reader->read_tile(id); });
    const auto proof = must(ledger::prove_inclusion(77, report.head.size, node));
    EXPECT_TRUE(ledger::is_included(ledger::leaf_hash(archive[77]), 77, report.head.size, proof, report.head.root));
    EXPECT_FALSE(must(reader->read_record(77)));
    EXPECT_TRUE(must(reader->read_record(201)));  // the epoch's record stays
    log.close();
    log.attack("UPDATE head SET archived_below = 768; DELETE FROM record WHERE sequence BETWEEN 512 AND 767");
    EXPECT_FALSE(log.verify().good());
}

}  // namespace
}  // namespace sshkeep::test
