#include "host/file_system.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <filesystem>

#include "support/temp_tree.h"

namespace sshkeep::host {
namespace {

using ports::FileType;
using ports::Links;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::uint64_t kib = 1024;

/// Root may read everything: as long as it lives, the process is nobody in particular.
class AsNobody {
public:
    AsNobody() { EXPECT_TRUE(user_ != 0 || ::seteuid(65534) == 0); }
    ~AsNobody() { EXPECT_TRUE(user_ != 0 || ::seteuid(user_) == 0); }
    AsNobody(const AsNobody&) = delete;
    AsNobody& operator=(const AsNobody&) = delete;

private:
    uid_t user_ = ::geteuid();
};

/// Every promise holds with either way of resolving paths.
class FileSystemTest : public testing::TestWithParam<FileSystem::Resolver> {
protected:
    [[nodiscard]] FileSystem files() const { return FileSystem::open(tree_.root(), GetParam()).value(); }

    [[nodiscard]] ErrorCode read_error(const std::string& path, Links links = Links::follow) const {
        const auto file = files().read_file(path, links, kib);
        EXPECT_FALSE(file.has_value()) << path;
        return file ? ErrorCode::io : file.error().code;
    }

    [[nodiscard]] std::string read(const std::string& path) const {
        const auto file = files().read_file(path, Links::follow, kib);
        return file ? file->bytes : "error: " + file.error().message;
    }

    support::TempTree tree_;
};

INSTANTIATE_TEST_SUITE_P(Resolvers, FileSystemTest,
                         testing::Values(FileSystem::Resolver::kernel, FileSystem::Resolver::walk),
                         [](const auto& name_of) {
                             return name_of.param == FileSystem::Resolver::walk ? "walk" : "kernel";
                         });

TEST_P(FileSystemTest, ReadsARegularFileWithItsOwnerAndMode) {
    tree_.add_file("/etc/passwd", "root:x:0:0::/root:/bin/sh\n", 0640);
    const auto file = files().read_file("/etc/passwd", Links::refuse, kib);
    ASSERT_TRUE(file) << file.error().message;
    EXPECT_EQ(file->bytes, "root:x:0:0::/root:/bin/sh\n");
    EXPECT_EQ(file->info.mode, 0640U);
    EXPECT_EQ(file->info.uid, ::geteuid());
    EXPECT_EQ(file->info.size, file->bytes.size());
}

TEST_P(FileSystemTest, KeepsEveryByte) {
    const std::string bytes("a\0b\xFF\r\n", 6);
    tree_.add_file("/binary", bytes);
    EXPECT_EQ(read("/binary"), bytes);
    tree_.add_file("/empty", "");
    EXPECT_EQ(read("/empty"), "");
}

TEST_P(FileSystemTest, AbsentFilesAreNotFound) {
    tree_.add_file("/file", "x");
    EXPECT_EQ(read_error("/none"), ErrorCode::not_found);
    EXPECT_EQ(read_error("/none/deeper"), ErrorCode::not_found);
    EXPECT_EQ(read_error("/file/below"), ErrorCode::not_found);
    EXPECT_EQ(files().read_info("/none", Links::follow).error().code, ErrorCode::not_found);
}

TEST_P(FileSystemTest, RefusesMoreBytesThanTheLimit) {
    tree_.add_file("/exact", std::string(kib, 'x'));
    tree_.add_file("/more", std::string(kib + 1, 'x'));
    EXPECT_EQ(read("/exact").size(), kib);
    EXPECT_EQ(read_error("/more"), ErrorCode::too_large);
}

TEST_P(FileSystemTest, RefusesAHugeSparseFileWithoutReadingIt) {
    tree_.add_file("/huge", "");
    std::filesystem::resize_file(tree_.at("/huge"), 1ULL << 40);
    EXPECT_EQ(read_error("/huge"), ErrorCode::too_large);
}

TEST_P(FileSystemTest, NeverBlocksOnAFifo) {
    tree_.add_fifo("/fifo");
    EXPECT_EQ(read_error("/fifo"), ErrorCode::wrong_type);
    EXPECT_EQ(files().read_info("/fifo", Links::refuse)->type, FileType::fifo);
}

TEST_P(FileSystemTest, NeverReadsADevice) {
    const auto path = tree_.at("/zero");
    if (::mknod(path.c_str(), S_IFCHR | 0666, ::makedev(1, 5)) != 0) {
        GTEST_SKIP() << "making a device node needs root";
    }
    EXPECT_EQ(read_error("/zero"), ErrorCode::wrong_type);
    EXPECT_EQ(files().read_info("/zero", Links::refuse)->type, FileType::device);
}

TEST_P(FileSystemTest, RefusesADirectoryAsAFile) {
    tree_.add_directory("/directory");
    EXPECT_EQ(read_error("/directory"), ErrorCode::wrong_type);
    EXPECT_EQ(read_error("/"), ErrorCode::wrong_type);
}

TEST_P(FileSystemTest, AnAbsoluteLinkCountsFromTheRootOfTheTree) {
    tree_.add_file("/etc/real", "inside");
    tree_.add_link("/etc/link", "/etc/real");
    EXPECT_EQ(read("/etc/link"), "inside");
    EXPECT_EQ(files().read_real_path("/etc/link"), "/etc/real");
}

TEST_P(FileSystemTest, NoLinkLeadsOutOfTheTree) {
    const support::TempTree outside;
    outside.add_file("/secret", "outside");
    tree_.add_link("/absolute", outside.at("/secret").string());
    tree_.add_link("/relative", "../../../../../../.." + outside.at("/secret").string());
    tree_.add_link("/directory", outside.root());
    EXPECT_EQ(read_error("/absolute"), ErrorCode::not_found);
    EXPECT_EQ(read_error("/relative"), ErrorCode::not_found);
    EXPECT_EQ(read_error("/directory/secret"), ErrorCode::not_found);
    EXPECT_EQ(read_error("/.." + outside.at("/secret").string()), ErrorCode::not_found);
    EXPECT_EQ(read_error(outside.at("/secret").string()), ErrorCode::not_found);
}

TEST_P(FileSystemTest, DotDotStopsAtTheRoot) {
    tree_.add_file("/file", "here");
    tree_.add_directory("/a/b");
    EXPECT_EQ(read("/../../file"), "here");
    EXPECT_EQ(read("/a/b/../../../../file"), "here");
    EXPECT_EQ(files().read_real_path("/a/./b//.."), "/a");
    EXPECT_EQ(files().read_real_path("/.."), "/");
}

TEST_P(FileSystemTest, ALinkLoopIsAClearError) {
    tree_.add_link("/one", "two");
    tree_.add_link("/two", "/one");
    const auto file = files().read_file("/one", Links::follow, kib);
    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().code, ErrorCode::wrong_type);
    EXPECT_THAT(file.error().message, HasSubstr("symbolic links"));
    EXPECT_FALSE(files().read_real_path("/one"));
    EXPECT_EQ(files().read_info("/one", Links::refuse)->type, FileType::symlink);
}

TEST_P(FileSystemTest, RefusesALinkOnlyInTheLastPlace) {
    tree_.add_file("/real/file", "x");
    tree_.add_link("/link", "real");
    tree_.add_link("/real/alias", "file");
    EXPECT_TRUE(files().read_file("/link/file", Links::refuse, kib));
    EXPECT_EQ(read_error("/real/alias", Links::refuse), ErrorCode::wrong_type);
    EXPECT_EQ(files().read_link("/real/alias"), "file");
    EXPECT_EQ(files().read_link("/real/file").error().code, ErrorCode::wrong_type);
}

TEST_P(FileSystemTest, ListsADirectorySorted) {
    tree_.add_file("/d/b", "");
    tree_.add_file("/d/a", "");
    tree_.add_directory("/d/.c");
    EXPECT_THAT(files().read_directory("/d").value(), ElementsAre(".c", "a", "b"));
    EXPECT_EQ(files().read_directory("/none").error().code, ErrorCode::not_found);
    EXPECT_EQ(files().read_directory("/d/a").error().code, ErrorCode::not_found);
}

TEST_P(FileSystemTest, SaysWhenAccessIsRefused) {
    std::filesystem::permissions(tree_.root(), std::filesystem::perms::all);
    tree_.add_file("/closed/file", "x");
    tree_.add_file("/unreadable", "x", 0);
    tree_.add_directory("/closed", 0);
    const AsNobody nobody;
    EXPECT_EQ(read_error("/closed/file"), ErrorCode::permission);
    EXPECT_EQ(read_error("/unreadable"), ErrorCode::permission);
    EXPECT_EQ(files().read_directory("/closed").error().code, ErrorCode::permission);
}

TEST_P(FileSystemTest, HostilePathsAreErrors) {
    EXPECT_EQ(read_error(""), ErrorCode::invalid);
    EXPECT_EQ(read_error(std::string("/etc\0/passwd", 12)), ErrorCode::invalid);
    EXPECT_EQ(read_error("/" + std::string(300, 'n')), ErrorCode::invalid);
    std::string deep;
    for (int i = 0; i < 5000; ++i) {
        deep += "/d";
    }
    EXPECT_EQ(read_error(deep), ErrorCode::invalid);
    const auto file = files().read_file("/\x1B[2J", Links::follow, kib);
    ASSERT_FALSE(file);
    EXPECT_THAT(file.error().message, testing::Not(HasSubstr("\x1B")));
}

TEST_P(FileSystemTest, MagicLinksOfProcAreNotFollowed) {
    const auto machine = FileSystem::open("/", GetParam()).value();
    EXPECT_TRUE(machine.read_file("/proc/self/comm", Links::follow, kib));
    if (GetParam() == FileSystem::Resolver::kernel) {
        EXPECT_FALSE(machine.read_info("/proc/self/root/etc", Links::follow));
    }
}

TEST_P(FileSystemTest, LeavesNoDescriptorOpen) {
    tree_.add_file("/a/b/file", "x");
    const auto open_now = [] {
        const std::filesystem::directory_iterator fds("/proc/self/fd");
        return std::distance(begin(fds), end(fds));
    };
    const auto fixture = files();
    const auto before = open_now();
    EXPECT_TRUE(fixture.read_file("/a/b/file", Links::follow, kib));
    EXPECT_TRUE(fixture.read_directory("/a"));
    EXPECT_TRUE(fixture.read_real_path("/a/b"));
    EXPECT_FALSE(fixture.read_file("/a/none", Links::follow, kib));
    EXPECT_EQ(open_now(), before);
}

TEST(FileSystem, AMissingRootIsAnError) {
    EXPECT_EQ(FileSystem::open("/no/such/tree").error().code, ErrorCode::not_found);
    EXPECT_EQ(FileSystem::open("/etc/passwd").error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace sshkeep::host
