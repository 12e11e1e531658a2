#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"

namespace sshkeep::ports {

/// A program with its arguments; no shell comes in between. The environment is PATH, LC_ALL=C and what is given here.
struct Command {
    std::vector<std::string> argv;         ///< argv[0]: an absolute path, or a name found in the system's directories
    std::vector<std::string> environment;  ///< "NAME=value"
    std::string input;
    std::chrono::milliseconds timeout = std::chrono::seconds(30);
};

struct CommandResult {
    int status = 0;  ///< exit status; 128 and the signal; 124 after the time-out
    std::string output;
    std::string errors;  ///< each no more than its first 64 KiB
};

/// A program that runs in the background. It is killed when this is destroyed or this process ends, however that
/// happens.
class Process {
public:
    virtual ~Process() = default;
    Process() = default;
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;
    [[nodiscard]] virtual bool running() = 0;
};

class Commands {
public:
    virtual ~Commands() = default;
    Commands() = default;
    Commands(const Commands&) = delete;
    Commands& operator=(const Commands&) = delete;

    /// Error not_found: there is no such program.
    [[nodiscard]] virtual Result<CommandResult> run(const Command& command) = 0;
    /// Its output goes to `log`, a new file.
    [[nodiscard]] virtual Result<std::unique_ptr<Process>> start(const Command& command, const std::string& log) = 0;
    /// Runs in a session of its own and outlives this process and its terminal.
    [[nodiscard]] virtual Result<void> detach(const Command& command) = 0;
    [[nodiscard]] virtual bool installed(const std::string& program) = 0;
};

}  // namespace sshkeep::ports
