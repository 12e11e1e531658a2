#include <gmock/gmock.h>

#include <set>
#include <sstream>

#include "cli/run_program.h"

namespace sshkeep::cli_test {
namespace {

using Options = std::set<std::string>;

/// "-o,--output FILE   Write to ..." gives -o and --output.
Options options_of_help(const std::vector<std::string>& command) {
    auto arguments = command;
    arguments.emplace_back("--help");
    std::istringstream help(run(arguments).out);
    Options options;
    for (std::string line; std::getline(help, line);) {
        std::istringstream words(line);
        std::string first;
        if (!line.starts_with("  -") || !(words >> first)) {
            continue;
        }
        std::istringstream names(first);
        for (std::string name; std::getline(names, name, ',');) {
            options.insert(name);
        }
    }
    return options;
}

/// ".It Fl o , Fl -output Ar file" gives -o and --output.
Options options_of_page(const std::string& page) {
    std::istringstream lines(read_file(SSHKEEP_SOURCE_DIR "/docs/man/" + page));
    Options options;
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with(".It Fl")) {
            continue;
        }
        std::istringstream words(line);
        for (std::string word, before; words >> word; before = word) {
            if (before == "Fl") {
                options.insert("-" + word);
            }
        }
    }
    return options;
}

void expect_same(const std::string& page, const std::vector<std::vector<std::string>>& commands) {
    Options in_help;
    for (const auto& command : commands) {
        in_help.merge(options_of_help(command));
    }
    EXPECT_THAT(in_help, testing::Contains("--help"));
    EXPECT_EQ(options_of_page(page), in_help) << page;
}

TEST(Manual, EveryOptionOfTheHelpIsInItsPageAndBack) {
    expect_same("sshkeep.1", {{}});
    expect_same("sshkeep-audit.1", {{"audit"}});
    expect_same("sshkeep-config.1", {{"config", "effective"}, {"config", "explain"}});
    expect_same("sshkeep-access.1", {{"access", "list"}, {"access", "check"}, {"access", "diff"}});
    expect_same("sshkeep-harden.1", {{"harden", "plan"},
                                     {"harden", "apply"},
                                     {"harden", "confirm"},
                                     {"harden", "rollback"},
                                     {"harden", "status"},
                                     {"harden", "admin"}});
    expect_same("sshkeep-rule.1", {{"rule"}, {"profile"}});
}

TEST(Manual, NamesEveryCommand) {
    const auto page = read_file(SSHKEEP_SOURCE_DIR "/docs/man/sshkeep.1");
    std::istringstream help(run({"--help"}).out);
    bool listed = false;
    int commands = 0;
    for (std::string line; std::getline(help, line);) {
        std::istringstream words(line);
        std::string name;
        if (line == "Subcommands:") {
            listed = true;
        } else if (listed && line.starts_with("  ") && words >> name) {
            EXPECT_THAT(page, testing::HasSubstr(".It Cm " + name + "\n"));
            ++commands;
        } else {
            listed = false;
        }
    }
    EXPECT_GE(commands, 4);
}

}  // namespace
}  // namespace sshkeep::cli_test
