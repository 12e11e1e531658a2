#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstring>
#include <random>
#include <thread>

#include "ledger/fixture.h"

namespace sshkeep::test {
namespace {

using ::testing::IsEmpty;

struct Acknowledged {
    std::uint64_t sequence = 0;
    ledger::Id request{};
};

/// A ledger_writer with its acknowledgements on a pipe.
class Writer {
public:
    Writer(const std::string& directory, const std::string& threads, const std::string& step) {
        std::array<int, 2> pipe{};
        EXPECT_EQ(::pipe2(pipe.data(), O_CLOEXEC), 0);
        out_ = pipe[0];
        std::array<std::string, 4> words{LEDGER_WRITER, directory, threads, step};
        std::array<char*, 5> arguments{words[0].data(), words[1].data(), words[2].data(), words[3].data(), nullptr};
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
        EXPECT_EQ(::posix_spawn(&child_, LEDGER_WRITER, &actions, nullptr, arguments.data(), environ), 0);
        posix_spawn_file_actions_destroy(&actions);
        ::close(pipe[1]);
    }
    ~Writer() { ::close(out_); }
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    /// False when the writer has ended.
    bool read_one() {
        std::array<char, 24> message;
        if (::read(out_, message.data(), message.size()) != static_cast<ssize_t>(message.size())) {
            return false;
        }
        Acknowledged one;
        std::memcpy(&one.sequence, message.data(), 8);
        std::memcpy(one.request.data(), message.data() + 8, 16);
        acknowledged.push_back(one);
        return true;
    }
    void read_rest() {
        while (read_one()) {
        }
    }
    void kill() const { ::kill(child_, SIGKILL); }
    int wait() const {
        int status = 0;
        ::waitpid(child_, &status, 0);
        return status;
    }

    std::vector<Acknowledged> acknowledged;

private:
    pid_t child_ = 0;
    int out_ = -1;
};

void expect_all_there(const std::string& directory, const std::vector<Acknowledged>& acknowledged) {
    const auto log = must(storage::SqliteLog::open_to_read(directory));
    for (const auto& one : acknowledged) {
        const auto bytes = must(log->read_record(one.sequence));
        ASSERT_TRUE(bytes) << "record " << one.sequence << " was acknowledged and is gone";
        ASSERT_EQ(must(ledger::decode_record(*bytes)).request, one.request);
    }
}

void expect_good(const std::string& directory) {
    const auto log = must(storage::SqliteLog::open_to_read(directory));
    const auto report = must(ledger::verify_log(*log, {}));
    ASSERT_THAT(kinds(report), IsEmpty()) << report.findings[0].text;
}

TEST(Crash, KilledAtEveryStepOfEveryWrite) {
    int steps = 0;
    for (bool killed = true; killed; ++steps) {
        TempDirectory place;
        const auto directory = place.path() + "/ledger";
        Writer writer(directory, "1", std::to_string(steps + 1));
        writer.read_rest();
        const int status = writer.wait();
        killed = WIFSIGNALED(status);
        ASSERT_EQ(status, killed ? SIGKILL : 0);
        // Whoever comes next finds the last committed state, or makes the first.
        storage::KeyFiles keys(directory);
        HandClock clock;
        const auto store = must(storage::SqliteLog::open_to_write(directory));
        const auto recorder = must(app::Recorder::open(*store, keys, clock));
        must(recorder->begin({.action = "test.after"}));
        expect_all_there(directory, writer.acknowledged);
        expect_good(directory);
        ASSERT_LT(steps, 2000);
    }
    EXPECT_GT(steps, 50);
}

TEST(Crash, KilledAtRandomFiveHundredTimes) {
    std::mt19937 random(500);
    std::vector<Acknowledged> all;
    std::unique_ptr<TempDirectory> place;
    for (int round = 0; round < 500; ++round) {
        if (round % 25 == 0) {
            place = std::make_unique<TempDirectory>();
            all.clear();
        }
        const auto directory = place->path() + "/ledger";
        Writer writer(directory, "16", "0");
        writer.read_one();
        std::this_thread::sleep_for(std::chrono::microseconds(random() % 20'000));
        writer.kill();
        writer.read_rest();
        ASSERT_TRUE(WIFSIGNALED(writer.wait()));
        ASSERT_THAT(writer.acknowledged, ::testing::Not(IsEmpty()));
        all.insert(all.end(), writer.acknowledged.begin(), writer.acknowledged.end());
        expect_all_there(directory, writer.acknowledged);
        if (round % 5 == 4) {
            expect_all_there(directory, all);
            expect_good(directory);
        }
    }
}

}  // namespace
}  // namespace sshkeep::test
