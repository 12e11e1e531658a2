#pragma once

#include <string>
#include <vector>

/// Runs the built program and keeps what it says.
namespace sshkeep::cli_test {

struct Outcome {
    int status = -1;  ///< exit code; -1 when a signal ended it
    std::string out;
    std::string err;
};

struct Surroundings {
    std::vector<std::string> environment;  ///< NAME=value; nothing else is passed on
    std::string stdout_path;               ///< standard output goes there instead of into Outcome::out
    bool closed_reader = false;            ///< standard output is a pipe that nobody reads
};

/// Ends the program after 60 seconds.
[[nodiscard]] Outcome run(const std::vector<std::string>& arguments, const Surroundings& surroundings = {});

[[nodiscard]] std::string read_file(const std::string& path);

}  // namespace sshkeep::cli_test
