#include "host/local_files.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <filesystem>

#include "host/host_factory.h"
#include "support/temp_tree.h"

namespace sshkeep::host {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class LocalFilesTest : public testing::Test {
protected:
    [[nodiscard]] struct stat status(std::string_view path) const {
        struct stat status{};
        EXPECT_EQ(::lstat(tree_.at(path).c_str(), &status), 0) << path;
        return status;
    }
    [[nodiscard]] ports::Attributes mine(std::uint32_t mode) const {
        return {.mode = mode, .uid = ::geteuid(), .gid = ::getegid()};
    }

    support::TempTree tree_;
    std::unique_ptr<ports::Files> files_ = make_local_files(tree_.root()).value();
};

TEST_F(LocalFilesTest, WritesANewFileWithItsMode) {
    tree_.add_directory("/etc");
    ASSERT_TRUE(files_->write("/etc/new", "text", mine(0640)));
    EXPECT_EQ(files_->read("/etc/new").value(), "text");
    EXPECT_EQ(status("/etc/new").st_mode & 07777U, 0640U);
    EXPECT_THAT(files_->list("/etc").value(), ElementsAre("new")) << "no draft is left";
}

TEST_F(LocalFilesTest, AnOldFileKeepsModeAndExtendedAttributes) {
    tree_.add_file("/etc/old", "before", 0604);
    const bool labelled = ::setxattr(tree_.at("/etc/old").c_str(), "user.label", "x", 1, 0) == 0;
    ASSERT_TRUE(files_->write("/etc/old", "after", std::nullopt));
    EXPECT_EQ(files_->read("/etc/old").value(), "after");
    EXPECT_EQ(status("/etc/old").st_mode & 07777U, 0604U);
    if (labelled) {
        char value = 0;
        EXPECT_EQ(::getxattr(tree_.at("/etc/old").c_str(), "user.label", &value, 1), 1);
    }
    EXPECT_FALSE(files_->write("/etc/absent", "x", std::nullopt));
}

TEST_F(LocalFilesTest, CopiesTimesToTheNanosecond) {
    tree_.add_file("/etc/a", "x", 0600);
    const std::array times{timespec{5, 6}, timespec{1'600'000'000, 123'456'789}};
    ASSERT_EQ(::utimensat(AT_FDCWD, tree_.at("/etc/a").c_str(), times.data(), 0), 0);
    ASSERT_TRUE(files_->copy("/etc/a", "/etc/b"));
    EXPECT_EQ(status("/etc/b").st_mtim.tv_nsec, 123'456'789);
    ASSERT_TRUE(files_->stamp("/etc/a", "/etc/c"));
    EXPECT_EQ(status("/etc/c").st_mtim.tv_sec, 1'600'000'000);
    EXPECT_EQ(status("/etc/c").st_size, 0);
}

TEST_F(LocalFilesTest, FollowsNoLinkAnywhere) {
    tree_.add_file("/outside/secret", "secret", 0600);
    tree_.add_directory("/etc");
    tree_.add_link("/etc/link", "../outside/secret");
    tree_.add_link("/way", "outside");
    EXPECT_EQ(files_->read("/etc/link").error().code, ErrorCode::wrong_type);
    EXPECT_FALSE(files_->read("/way/secret"));
    EXPECT_FALSE(files_->write("/way/new", "x", mine(0600)));
    EXPECT_FALSE(files_->write("/etc/link", "x", std::nullopt)) << "its attributes would be the target's";
    EXPECT_FALSE(files_->copy("/etc/link", "/etc/copy"));
    EXPECT_FALSE(files_->read("/etc/../outside/secret"));
    ASSERT_TRUE(files_->write("/etc/link", "mine", mine(0600))) << "the link itself gives way";
    EXPECT_EQ(files_->read("/outside/secret").value(), "secret");
    EXPECT_EQ(files_->read("/etc/link").value(), "mine");
}

TEST_F(LocalFilesTest, RefusesDirectoriesThatOthersCanWrite) {
    tree_.add_directory("/open", 0777);
    std::filesystem::permissions(tree_.at("/open"), std::filesystem::perms::all);
    const auto refused = files_->write("/open/file", "x", mine(0600));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::wrong_type);
    EXPECT_THAT(refused.error().message, HasSubstr("others than root"));
    EXPECT_FALSE(files_->make_directory("/open/below", 0700));
    if (::geteuid() == 0) {
        tree_.add_directory("/theirs");
        ASSERT_EQ(::chown(tree_.at("/theirs").c_str(), 65534, 65534), 0);
        EXPECT_FALSE(files_->write("/theirs/file", "x", mine(0600)));
    }
}

TEST_F(LocalFilesTest, NeverOpensAFifoOrADirectoryAsAFile) {
    tree_.add_fifo("/etc/fifo");
    tree_.add_directory("/etc/directory");
    EXPECT_EQ(files_->read("/etc/fifo").error().code, ErrorCode::wrong_type);
    EXPECT_FALSE(files_->read("/etc/directory"));
}

TEST_F(LocalFilesTest, WhatIsNotThereIsTold) {
    EXPECT_FALSE(files_->exists("/none").value());
    EXPECT_FALSE(files_->exists("/none/deeper").value());
    EXPECT_THAT(files_->list("/none").value(), IsEmpty());
    EXPECT_TRUE(files_->remove("/none"));
    EXPECT_TRUE(files_->remove("/none/deeper"));
    EXPECT_EQ(files_->rename("/none", "/other").error().code, ErrorCode::not_found);
    EXPECT_EQ(files_->read("/none").error().code, ErrorCode::not_found);
}

TEST_F(LocalFilesTest, MakesDirectoriesOnce) {
    ASSERT_TRUE(files_->make_directory("/a/b/c", 0700));
    ASSERT_TRUE(files_->make_directory("/a/b/c", 0755));
    EXPECT_EQ(status("/a/b/c").st_mode & 07777U, 0700U);
    tree_.add_file("/file", "x");
    EXPECT_FALSE(files_->make_directory("/file", 0700));
}

TEST_F(LocalFilesTest, OneHoldsALock) {
    tree_.add_directory("/run");
    auto first = files_->lock("/run/lock");
    ASSERT_TRUE(first);
    ASSERT_NE(*first, nullptr);
    const auto other = make_local_files(tree_.root()).value();
    EXPECT_EQ(other->lock("/run/lock").value(), nullptr);
    first->reset();
    EXPECT_NE(other->lock("/run/lock").value(), nullptr);
}

}  // namespace
}  // namespace sshkeep::host
