#include "host/local_commands.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include "support/temp_tree.h"

namespace sshkeep::host {
namespace {

using testing::HasSubstr;

TEST(LocalCommandsTest, GivesStatusOutputAndErrors) {
    const auto commands = make_local_commands();
    const auto result = commands->run({.argv = {"sh", "-c", "cat; echo wrong >&2; exit 7"}, .input = "hello"});
    ASSERT_TRUE(result);
    EXPECT_EQ(result->status, 7);
    EXPECT_EQ(result->output, "hello");
    EXPECT_EQ(result->errors, "wrong\n");
}

TEST(LocalCommandsTest, NoShellReadsTheArguments) {
    const auto result = make_local_commands()->run({.argv = {"echo", "$(id) ; `id` > x | y"}});
    ASSERT_TRUE(result);
    EXPECT_EQ(result->output, "$(id) ; `id` > x | y\n");
}

TEST(LocalCommandsTest, TheEnvironmentIsItsOwn) {
    ASSERT_EQ(::setenv("LD_PRELOAD_OF_TEST", "evil", 1), 0);
    const auto result = make_local_commands()->run({.argv = {"env"}, .environment = {"MINE=yes"}});
    ASSERT_TRUE(result);
    EXPECT_THAT(result->output, HasSubstr("MINE=yes"));
    EXPECT_THAT(result->output, testing::Not(HasSubstr("evil")));
}

TEST(LocalCommandsTest, EndsAfterItsTimeWithEverythingItStarted) {
    const auto begin = std::chrono::steady_clock::now();
    const auto result = make_local_commands()->run(
        {.argv = {"sh", "-c", "sleep 60 & sleep 60"}, .timeout = std::chrono::milliseconds(200)});
    ASSERT_TRUE(result);
    EXPECT_EQ(result->status, 124);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
}

TEST(LocalCommandsTest, KeepsNoMoreThanItPromises) {
    const auto result = make_local_commands()->run({.argv = {"head", "-c", "1000000", "/dev/zero"}});
    ASSERT_TRUE(result);
    EXPECT_EQ(result->output.size(), 65536U);
}

TEST(LocalCommandsTest, AMissingProgramIsAnError) {
    const auto commands = make_local_commands();
    EXPECT_EQ(commands->run({.argv = {"no-such-program-anywhere"}}).error().code, ErrorCode::not_found);
    EXPECT_FALSE(commands->installed("no-such-program-anywhere"));
    EXPECT_TRUE(commands->installed("sh"));
}

TEST(LocalCommandsTest, ABackgroundProcessEndsWithItsHandle) {
    const support::TempTree tree;
    const auto log = tree.root() + "/log";
    auto process = make_local_commands()->start({.argv = {"sh", "-c", "echo begun; exec sleep 60"}}, log);
    ASSERT_TRUE(process);
    for (int i = 0; i < 500 && std::filesystem::file_size(log) == 0; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    EXPECT_TRUE((*process)->running());
    EXPECT_GT(std::filesystem::file_size(log), 0U);
    process->reset();
    EXPECT_FALSE(make_local_commands()->start({.argv = {"true"}}, log)) << "the log must be a new file";
}

}  // namespace
}  // namespace sshkeep::host
