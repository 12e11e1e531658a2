#include "app/paths.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/fake_host.h"

namespace sshkeep::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class PathReaderTest : public testing::Test {
protected:
    std::vector<std::string> steps(const std::string& path) {
        std::vector<std::string> paths;
        const auto walk = reader_.walk(path);
        EXPECT_TRUE(walk) << walk.error().message;
        for (const auto& step : walk ? walk->steps : std::vector<facts::PathInfo>{}) {
            paths.push_back(step.exists ? step.path : step.path + " (absent)");
        }
        return paths;
    }

    support::FakeHost host_;
    PathReader reader_{host_};
};

TEST_F(PathReaderTest, WalksUpToTheRoot) {
    host_.add_file("/home/bob/.ssh/authorized_keys", "", {.uid = 1000, .gid = 100, .mode = 0600});
    EXPECT_THAT(steps("/home/bob/.ssh/authorized_keys"),
                ElementsAre("/home/bob/.ssh/authorized_keys", "/home/bob/.ssh", "/home/bob", "/home", "/"));
    const auto walk = reader_.walk("/home/bob/.ssh/authorized_keys").value();
    EXPECT_EQ(walk.steps[0].uid, 1000U);
    EXPECT_EQ(walk.steps[0].mode, 0600U);
    EXPECT_EQ(walk.steps[1].type, facts::FileType::directory);
}

TEST_F(PathReaderTest, FollowsLinksWhereTheyLead) {
    host_.add_file("/data/keys/bob", "");
    host_.add_link("/home/bob/keys", "../../data/keys");
    host_.add_link("/home/bob/absolute", "/data/keys/bob");
    EXPECT_THAT(steps("/home/bob/keys/bob"), ElementsAre("/data/keys/bob", "/data/keys", "/data", "/"));
    EXPECT_THAT(steps("/home/bob/absolute"), ElementsAre("/data/keys/bob", "/data/keys", "/data", "/"));
    EXPECT_EQ(reader_.walk("/home/bob/absolute")->named, "/home/bob/absolute");
    EXPECT_EQ(reader_.link_info("/home/bob/absolute")->type, facts::FileType::symlink);
}

TEST_F(PathReaderTest, SaysWhatIsMissing) {
    host_.add_directory("/home");
    host_.add_file("/file", "");
    host_.add_link("/dangling", "/home/none");
    EXPECT_THAT(steps("/home/bob/.ssh/keys"), ElementsAre("/home/bob/.ssh/keys (absent)", "/home", "/"));
    EXPECT_THAT(steps("/dangling"), ElementsAre("/home/none (absent)", "/home", "/"));
    EXPECT_THAT(steps("/file/below"), ElementsAre("/file/below (absent)", "/file", "/"));
    EXPECT_FALSE(reader_.walk("/home/bob/.ssh/keys")->exists());
}

TEST_F(PathReaderTest, DotsAreResolved) {
    host_.add_file("/a/b/c", "");
    EXPECT_THAT(steps("//a/./b/../b//c"), ElementsAre("/a/b/c", "/a/b", "/a", "/"));
    EXPECT_THAT(steps("/../../a"), ElementsAre("/a", "/"));
    EXPECT_THAT(steps("/"), ElementsAre("/"));
}

TEST_F(PathReaderTest, RefusalsAndLoopsAreErrors) {
    host_.add_file("/closed/file", "");
    host_.deny("/closed");
    EXPECT_EQ(reader_.walk("/closed/file").error().code, ErrorCode::permission);
    host_.add_link("/loop", "loop");
    const auto loop = reader_.walk("/loop");
    ASSERT_FALSE(loop);
    EXPECT_THAT(loop.error().message, HasSubstr("symbolic links"));
    std::string deep;
    for (int i = 0; i < 200; ++i) {
        deep += "/d";
    }
    host_.add_directory(deep);
    EXPECT_EQ(reader_.walk(deep).error().code, ErrorCode::too_large);
}

TEST_F(PathReaderTest, LooksAtEachDirectoryOnce) {
    host_.add_file("/home/bob/a", "");
    host_.add_file("/home/bob/b", "");
    EXPECT_TRUE(reader_.walk("/home/bob/a"));
    const auto before = host_.calls;
    EXPECT_TRUE(reader_.walk("/home/bob/b"));
    EXPECT_EQ(host_.calls, before + 1);
}

TEST_F(PathReaderTest, AListingTellsWhatIsAbsent) {
    host_.add_file("/home/bob/.ssh/a", "");
    EXPECT_THAT(*reader_.list("/home/bob/.ssh").value(), ElementsAre("a"));
    EXPECT_TRUE(reader_.info("/home/bob/.ssh/a")->exists);
    const auto before = host_.calls;
    EXPECT_FALSE(reader_.info("/home/bob/.ssh/rc")->exists);
    EXPECT_EQ(host_.calls, before);
}

}  // namespace
}  // namespace sshkeep::app
