#include "app/glob.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/fake_host.h"

namespace sshkeep::app {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct MatchCase {
    const char* pattern;
    const char* name;
    bool matches;
};

class GlobMatch : public testing::TestWithParam<MatchCase> {};

TEST_P(GlobMatch, IsDecided) {
    const auto& given = GetParam();
    EXPECT_EQ(glob_matches(given.pattern, given.name), given.matches) << given.pattern << " on " << given.name;
}

INSTANTIATE_TEST_SUITE_P(
    Fnmatch, GlobMatch,
    testing::Values(MatchCase{"*.conf", "50-cloud.conf", true}, MatchCase{"*.conf", "x.conf.bak", false},
                    MatchCase{"*.conf", ".hidden.conf", false}, MatchCase{".*.conf", ".hidden.conf", true},
                    MatchCase{"?", "a", true}, MatchCase{"?", "", false}, MatchCase{"?", "ab", false},
                    MatchCase{"*", "", true}, MatchCase{"", "", true}, MatchCase{"", "a", false},
                    MatchCase{"a*b*c", "a-b-b-c", true}, MatchCase{"a*b*c", "a-c-b", false},
                    MatchCase{"[a-c]x", "bx", true}, MatchCase{"[a-c]x", "dx", false}, MatchCase{"[!a-c]x", "dx", true},
                    MatchCase{"[^a-c]x", "ax", false}, MatchCase{"[]]x", "]x", true}, MatchCase{"[a-]x", "-x", true},
                    MatchCase{"[a", "[a", true}, MatchCase{"[a", "a", false}, MatchCase{"[[:digit:]]x", "7x", true},
                    MatchCase{"[[:digit:]]x", "ax", false}, MatchCase{"[\\]]x", "]x", true},
                    MatchCase{"\\*", "*", true}, MatchCase{"\\*", "a", false}, MatchCase{"a\\", "a\\", true},
                    MatchCase{"[z-a]", "m", false}));

TEST(GlobMatching, ManyStarsTakeNoTime) {
    std::string pattern;
    for (int i = 0; i < 1000; ++i) {
        pattern += "*a";
    }
    EXPECT_FALSE(glob_matches(pattern + "b", std::string(2000, 'a')));
}

class ReadGlob : public testing::Test {
protected:
    std::vector<std::string> glob(const std::string& pattern) {
        const auto paths = read_glob(host_, pattern);
        EXPECT_TRUE(paths) << paths.error().message;
        return paths.value_or(std::vector<std::string>{});
    }
    support::FakeHost host_;
};

TEST_F(ReadGlob, GivesSortedPaths) {
    host_.add_file("/etc/ssh/sshd_config.d/50-b.conf", "");
    host_.add_file("/etc/ssh/sshd_config.d/10-a.conf", "");
    host_.add_file("/etc/ssh/sshd_config.d/.off.conf", "");
    host_.add_file("/etc/ssh/sshd_config.d/README", "");
    EXPECT_THAT(glob("/etc/ssh/sshd_config.d/*.conf"),
                ElementsAre("/etc/ssh/sshd_config.d/10-a.conf", "/etc/ssh/sshd_config.d/50-b.conf"));
    EXPECT_THAT(glob("/etc/*/sshd_config.d/50*"), ElementsAre("/etc/ssh/sshd_config.d/50-b.conf"));
}

TEST_F(ReadGlob, APlainPathIsGivenWhenItExists) {
    host_.add_file("/etc/extra", "");
    host_.add_link("/etc/dangling", "nowhere");
    EXPECT_THAT(glob("/etc//extra"), ElementsAre("/etc/extra"));
    EXPECT_THAT(glob("/etc/\\extra"), ElementsAre("/etc/extra"));
    EXPECT_THAT(glob("/etc/dangling"), ElementsAre("/etc/dangling"));
    EXPECT_THAT(glob("/etc/none"), IsEmpty());
    EXPECT_THAT(glob("/none/*"), IsEmpty());
    EXPECT_THAT(glob("/etc/extra/*"), IsEmpty());
}

TEST_F(ReadGlob, AnUnreadableDirectoryIsAnError) {
    host_.add_directory("/etc/closed");
    host_.deny("/etc/closed");
    EXPECT_EQ(read_glob(host_, "/etc/closed/*.conf").error().code, ErrorCode::permission);
}

TEST_F(ReadGlob, TooManyPathsAreAnError) {
    for (int i = 0; i < 4097; ++i) {
        host_.add_file("/many/" + std::to_string(i), "");
    }
    EXPECT_EQ(read_glob(host_, "/many/*").error().code, ErrorCode::too_large);
}

}  // namespace
}  // namespace sshkeep::app
