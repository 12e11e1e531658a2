#include "host/account_files.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "support/temp_tree.h"

namespace sshkeep::host {
namespace {

using testing::HasSubstr;

constexpr uid_t somebody = 65534;

/// Where the tests run as root, the account is nobody: rights are really dropped.
class AccountFilesTest : public testing::Test {
protected:
    AccountFilesTest() {
        tree_.add_file(keys, "ssh-ed25519 AAAA one\n", 0600);
        std::filesystem::permissions(tree_.root(), std::filesystem::perms(0755));
        give("/home/a");
        give("/home/a/.ssh");
        give(keys);
        const std::array times{timespec{1, 2}, timespec{1'600'000'000, 7}};
        EXPECT_EQ(::utimensat(AT_FDCWD, at(keys).c_str(), times.data(), 0), 0);
    }
    void give(std::string_view path) const {
        if (::geteuid() == 0) {
            EXPECT_EQ(::lchown(tree_.at(path).c_str(), somebody, somebody), 0);
        }
    }
    [[nodiscard]] std::string at(std::string_view path) const { return tree_.at(path).string(); }
    [[nodiscard]] std::string text(std::string_view path) const {
        std::ifstream file(at(path), std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    [[nodiscard]] struct stat status(std::string_view path) const {
        struct stat found{};
        EXPECT_EQ(::lstat(at(path).c_str(), &found), 0);
        return found;
    }

    static constexpr const char* keys = "/home/a/.ssh/authorized_keys";
    support::TempTree tree_;
    ports::AccountIdentity account_{"a", ::geteuid() == 0 ? somebody : ::geteuid(),
                                    ::geteuid() == 0 ? somebody : ::getegid()};
    std::unique_ptr<ports::AccountFiles> files_ = make_account_files();
};

TEST_F(AccountFilesTest, ALineComesAndGoesWithoutATrace) {
    const auto before = status(keys);
    const auto line = files_->prepare(account_, at(keys), "LINE");
    ASSERT_TRUE(line) << line.error().message;
    ASSERT_TRUE(files_->append(*line));
    EXPECT_EQ(text(keys), "ssh-ed25519 AAAA one\nLINE\n");
    ASSERT_TRUE(files_->withdraw(*line));
    EXPECT_EQ(text(keys), "ssh-ed25519 AAAA one\n");
    const auto after = status(keys);
    EXPECT_EQ(after.st_ino, before.st_ino);
    EXPECT_EQ(after.st_mode, before.st_mode);
    EXPECT_EQ(after.st_mtim.tv_nsec, 7);
    EXPECT_TRUE(files_->withdraw(*line)) << "twice does no harm";
}

TEST_F(AccountFilesTest, AFileWithoutAFinalNewlineComesBackWithoutOne) {
    std::ofstream(at(keys)) << "no newline";
    const auto line = files_->prepare(account_, at(keys), "LINE").value();
    ASSERT_TRUE(files_->append(line));
    EXPECT_EQ(text(keys), "no newline\nLINE\n");
    ASSERT_TRUE(files_->withdraw(line));
    EXPECT_EQ(text(keys), "no newline");
}

TEST_F(AccountFilesTest, FileAndDirectoryAreMadeAndRemoved) {
    std::filesystem::remove_all(at("/home/a/.ssh"));
    const auto line = files_->prepare(account_, at(keys), "LINE").value();
    EXPECT_TRUE(line.file_made);
    EXPECT_TRUE(line.directory_made);
    ASSERT_TRUE(files_->append(line));
    EXPECT_EQ(status(keys).st_uid, account_.uid);
    EXPECT_EQ(status(keys).st_mode & 07777U, 0600U);
    ASSERT_TRUE(files_->withdraw(line));
    EXPECT_FALSE(std::filesystem::exists(at("/home/a/.ssh")));
}

TEST_F(AccountFilesTest, LinesThatOthersWroteMeanwhileStay) {
    const auto line = files_->prepare(account_, at(keys), "LINE").value();
    ASSERT_TRUE(files_->append(line));
    std::ofstream(at(keys), std::ios::app) << "new key\n";
    ASSERT_TRUE(files_->withdraw(line));
    EXPECT_EQ(text(keys), "ssh-ed25519 AAAA one\nnew key\n");
}

TEST_F(AccountFilesTest, AFileThatChangedSinceIsNotTouched) {
    const auto line = files_->prepare(account_, at(keys), "LINE").value();
    std::ofstream(at(keys), std::ios::app) << "new key\n";
    const auto appended = files_->append(line);
    ASSERT_FALSE(appended);
    EXPECT_THAT(appended.error().message, HasSubstr("changed meanwhile"));
}

TEST_F(AccountFilesTest, PlantedLinksLeadNowhere) {
    tree_.add_file("/etc/shadow", "root:secret\n", 0600);
    const auto line = files_->prepare(account_, at(keys), "LINE").value();
    // The account swaps its file for a link, a hard link and a linked directory.
    std::filesystem::remove(at(keys));
    tree_.add_link(keys, "../../../etc/shadow");
    EXPECT_FALSE(files_->append(line));
    EXPECT_FALSE(files_->prepare(account_, at(keys), "LINE"));
    std::filesystem::remove(at(keys));
    ASSERT_EQ(::link(at("/etc/shadow").c_str(), at(keys).c_str()), 0);
    EXPECT_FALSE(files_->append(line));
    EXPECT_FALSE(files_->withdraw(line));
    std::filesystem::remove_all(at("/home/a/.ssh"));
    tree_.add_file("/etc/authorized_keys", "of root\n", 0600);
    tree_.add_link("/home/a/.ssh", "../../etc");
    EXPECT_FALSE(files_->append(line));
    EXPECT_EQ(text("/etc/shadow"), "root:secret\n");
    EXPECT_EQ(text("/etc/authorized_keys"), "of root\n");
}

TEST_F(AccountFilesTest, AnotherOwnersFileIsLeftAlone) {
    if (::geteuid() != 0) {
        GTEST_SKIP() << "needs root";
    }
    ASSERT_EQ(::chown(at(keys).c_str(), 0, 0), 0);
    ASSERT_EQ(::chmod(at(keys).c_str(), 0666), 0);
    EXPECT_FALSE(files_->prepare(account_, at(keys), "LINE"));
}

}  // namespace
}  // namespace sshkeep::host
