// Figures of the ledger against what the disk gives in the same run: ledger_bench [DIRECTORY] [RECORDS]
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "app/ledger_recorder.h"
#include "ledger/verify.h"
#include "storage/key_files.h"
#include "storage/sqlite_log.h"
#include "storage/surroundings.h"

namespace sshkeep {
namespace {

using Clock = std::chrono::steady_clock;
constexpr int writers = 16;
constexpr double seconds = 4;

double since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

template <class T>
T must(Result<T> result) {
    if (!result) {
        fmt::print(stderr, "{}\n", result.error().message);
        std::exit(1);
    }
    if constexpr (!std::is_void_v<T>) {
        return *std::move(result);
    }
}

/// Overwrites of 16 KiB in a file that has its size, each with fdatasync: what one group commit costs the disk at
/// least.
double raw_syncs(const std::string& directory) {
    const auto path = directory + "/raw";
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    const std::string block(16384, 'x');
    constexpr int blocks = 512;
    for (int i = 0; i < blocks; ++i) {
        if (::pwrite(fd, block.data(), block.size(), static_cast<off_t>(i) * 16384) < 0) {
            std::exit(1);
        }
    }
    ::fsync(fd);
    const auto start = Clock::now();
    int count = 0;
    while (since(start) < seconds / 2) {
        const auto at = static_cast<off_t>(count % blocks) * 16384;
        if (::pwrite(fd, block.data(), block.size(), at) < 0 || ::fdatasync(fd) != 0) {
            std::exit(1);
        }
        ++count;
    }
    ::close(fd);
    ::unlink(path.c_str());
    return count / since(start);
}

ports::Intent intent_of(std::uint64_t number) {
    return {.action = "firewall.ban", .target = fmt::format("192.0.2.{}", number % 256), .detail = "too many failures"};
}

double appends(app::Recorder& recorder) {
    std::atomic<std::uint64_t> count{0};
    std::atomic<bool> stop{false};
    std::vector<std::thread> threads;
    const auto start = Clock::now();
    for (int i = 0; i < writers; ++i) {
        threads.emplace_back([&] {
            while (!stop) {
                must(recorder.begin(intent_of(++count)));
            }
        });
    }
    while (since(start) < seconds) {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    stop = true;
    std::ranges::for_each(threads, [](std::thread& thread) { thread.join(); });
    return static_cast<double>(count) / since(start);
}

/// Without threads and with large commits: only to have a big log soon.
void fill(const std::string& directory, std::uint64_t records, storage::SystemSurroundings& surroundings) {
    auto store = must(storage::SqliteLog::open_to_write(directory));
    storage::KeyFiles keys(directory);
    auto key = *must(keys.read_current());
    auto head = must(store->begin_write());
    auto frontier = must(ledger::Frontier::read(head.size, [&](ledger::TileId id) { return store->read_tile(id); }));
    const auto origin = must(ledger::parse_verifier_key(head.key)).name;
    while (frontier.size() < records) {
        ledger::Batch batch;
        for (int i = 0; i < 10'000 && frontier.size() < records; ++i) {
            const auto moment = surroundings.now();
            ledger::Record record{.sequence = frontier.size(),
                                  .time = moment.time,
                                  .boot = moment.boot,
                                  .monotonic = moment.monotonic,
                                  .actor = surroundings.actor(),
                                  .host = surroundings.host(),
                                  .action = "firewall.ban",
                                  .target = "192.0.2.1",
                                  .detail = "too many failures",
                                  .program = "sshkeep"};
            record.kind = ledger::Kind::outcome;
            auto bytes = must(ledger::encode_record(record));
            frontier.append(ledger::leaf_hash(bytes));
            batch.records.emplace_back(record.sequence, std::move(bytes));
        }
        batch.tiles = frontier.take_changes();
        head.size = frontier.size();
        head.note = ledger::sign_checkpoint({origin, head.size, frontier.root()}, key);
        batch.head = head;
        must(store->commit(batch));
        must(store->begin_write());
    }
    store->abandon();
}

long peak_kib() {
    struct rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

void judge(const std::string& name, double value, const std::string& unit, const std::string& target, bool reached) {
    fmt::print("{:<44} {:>12.2f} {:<10} {:<14} {}\n", name, value, unit, target, reached ? "reached" : "MISSED");
}

int run(const std::string& directory, std::uint64_t records) {
    std::filesystem::remove_all(directory);
    storage::SystemSurroundings surroundings;
    storage::KeyFiles keys(directory);
    double raw = 0;
    double rate = 0;
    {
        auto store = must(storage::SqliteLog::open_to_write(directory));
        auto recorder = must(app::Recorder::open(*store, keys, surroundings));
        raw = raw_syncs(directory);
        rate = appends(*recorder);
    }
    judge("raw fdatasync of 16 KiB", raw, "/s", "", true);
    judge("acknowledged appends, 16 writers", rate, "/s", ">= 20000", rate >= 20'000);
    judge("ratio to the raw rate", rate / raw, "", "", true);
    fill(directory, records, surroundings);
    const auto before = peak_kib();
    auto log = must(storage::SqliteLog::open_to_read(directory));
    auto start = Clock::now();
    const auto report = must(ledger::verify_log(*log, {}));
    const auto took = since(start);
    const bool good = report.good() && report.head.size == records;
    judge(fmt::format("verification of {} records", report.head.size), took, "s", "< 5", good && took < 5);
    judge("memory that it added", static_cast<double>(peak_kib() - before) / 1024, "MiB", "< 32",
          peak_kib() - before < 32768);
    std::vector<double> times;
    for (std::uint64_t i = 0; i < 200; ++i) {
        start = Clock::now();
        const auto node = ledger::nodes_from([&](ledger::TileId id) { return log->read_tile(id); });
        const auto proof = must(ledger::prove_inclusion(i * 7919 % records, records, node));
        times.push_back(since(start) * 1000);
        if (proof.size() < 15) {
            return 1;
        }
    }
    std::ranges::sort(times);
    judge("inclusion proof, median of 200", times[100], "ms", "< 5", times[100] < 5);
    judge("inclusion proof, slowest of 200", times.back(), "ms", "", true);
    std::filesystem::remove_all(directory);
    return 0;
}

}  // namespace
}  // namespace sshkeep

int main(int argc, char** argv) {
    return sshkeep::run(argc > 1 ? argv[1] : "ledger-bench",
                        argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1'000'000);
}
