// Appends until it is killed: ledger_writer DIRECTORY THREADS [STEP]. Each acknowledged record goes to standard output
// as its number and request, 24 bytes. With STEP the process kills itself in the middle of its STEP-th change of a
// file.
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include "ledger/fixture.h"
#include "storage/surroundings.h"

namespace sshkeep::test {
namespace {

std::atomic<long> steps_left{-1};

void step() {
    if (steps_left > 0 && --steps_left == 0) {
        std::raise(SIGKILL);
    }
}

sqlite3_vfs* plain = nullptr;
sqlite3_io_methods database_methods;
sqlite3_io_methods other_methods;  // journals: they have no shared memory
const sqlite3_io_methods* plain_methods = nullptr;

/// Dies before the write, or in its middle.
int torn_write(sqlite3_file* file, const void* bytes, int amount, sqlite3_int64 offset) {
    step();
    if (steps_left == 1) {
        static_cast<void>(plain_methods->xWrite(file, bytes, amount / 2, offset));
        step();
    }
    return plain_methods->xWrite(file, bytes, amount, offset);
}

int sync(sqlite3_file* file, int flags) {
    step();
    return plain_methods->xSync(file, flags);
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
    step();
    return plain_methods->xTruncate(file, size);
}

int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
    const int status = plain->xOpen(plain, name, file, flags, out_flags);
    if (file->pMethods != nullptr) {
        plain_methods = file->pMethods;
        auto& methods = (flags & SQLITE_OPEN_MAIN_DB) != 0 ? database_methods : other_methods;
        methods = *plain_methods;
        methods.xWrite = torn_write;
        methods.xSync = sync;
        methods.xTruncate = truncate;
        file->pMethods = &methods;
    }
    return status;
}

/// Under the checking VFS, which wraps what is the default at its first use.
void die_at(long count) {
    static sqlite3_vfs dying;
    plain = sqlite3_vfs_find(nullptr);
    dying = *plain;
    dying.zName = "dying";
    dying.xOpen = open;
    sqlite3_vfs_register(&dying, 1);
    steps_left = count;
}

void tell(const ports::Ticket& ticket) {
    std::array<char, 24> message;
    std::memcpy(message.data(), &ticket.sequence, 8);
    std::memcpy(message.data() + 8, ticket.request.data(), 16);
    if (::write(STDOUT_FILENO, message.data(), message.size()) < 0) {
        std::_Exit(1);
    }
}

void append_for_ever(app::Recorder& recorder) {
    for (;;) {
        tell(must(recorder.begin({.action = "test.act", .target = "x", .payload = "personal"})));
    }
}

/// One of everything that changes a file.
void every_kind_of_write(app::Recorder& recorder) {
    for (int i = 0; i < 3; ++i) {
        const auto ticket = must(recorder.begin({.action = "test.act", .target = "x", .payload = "personal"}));
        tell(ticket);
        must(recorder.finish(ticket, {}));
    }
    must(recorder.begin_epoch());
    must(recorder.keep_checkpoint());
    const auto ticket = must(recorder.begin({.action = "test.act", .target = "x", .payload = "personal"}));
    tell(ticket);
    must(recorder.erase_payload(ticket.sequence));
}

int run(const std::string& directory, int threads, long die) {
    if (die > 0) {
        die_at(die);
    }
    storage::SystemSurroundings surroundings;
    storage::KeyFiles keys(directory);
    const auto store = must(storage::SqliteLog::open_to_write(directory));
    const auto recorder = must(app::Recorder::open(*store, keys, surroundings, {.epoch_records = 500}));
    if (die > 0) {
        every_kind_of_write(*recorder);
        return 0;
    }
    std::vector<std::thread> all;
    for (int i = 0; i < threads; ++i) {
        all.emplace_back([&] { append_for_ever(*recorder); });
    }
    std::ranges::for_each(all, [](std::thread& thread) { thread.join(); });
    return 0;
}

}  // namespace
}  // namespace sshkeep::test

int main(int argc, char** argv) {
    return argc < 3 ? 2 : sshkeep::test::run(argv[1], std::atoi(argv[2]), argc > 3 ? std::atol(argv[3]) : 0);
}
