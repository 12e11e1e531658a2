#include "cli/run_program.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "support/temp_tree.h"

namespace sshkeep::cli_test {
namespace {

std::vector<char*> pointers_to(const std::vector<std::string>& strings) {
    std::vector<char*> out;
    out.reserve(strings.size() + 1);
    for (const auto& string : strings) {
        out.push_back(const_cast<char*>(string.c_str()));
    }
    out.push_back(nullptr);
    return out;
}

/// The name of a pipe's writing end as the child may open it; the reading end is closed at once.
int pipe_without_reader() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        throw std::runtime_error("pipe2");
    }
    ::close(ends[0]);
    return ends[1];
}

int wait_for(pid_t child) {
    constexpr int steps = 6000;
    constexpr useconds_t step = 10'000;
    int status = 0;
    for (int i = 0; i < steps; ++i) {
        if (::waitpid(child, &status, WNOHANG) == child) {
            return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
        }
        ::usleep(step);
    }
    ::kill(child, SIGKILL);
    ::waitpid(child, &status, 0);
    throw std::runtime_error("the program did not end within 60 seconds");
}

}  // namespace

Outcome run(const std::vector<std::string>& arguments, const Surroundings& surroundings) {
    const support::TempTree files;
    const auto out = surroundings.stdout_path.empty() ? files.at("/out").string() : surroundings.stdout_path;
    const auto err = files.at("/err").string();
    constexpr int flags = O_WRONLY | O_CREAT | O_TRUNC;

    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    int pipe_end = -1;
    if (surroundings.closed_reader) {
        pipe_end = pipe_without_reader();
        ::posix_spawn_file_actions_adddup2(&actions, pipe_end, STDOUT_FILENO);
    } else {
        ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, out.c_str(), flags, 0600);
    }
    ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, err.c_str(), flags, 0600);

    std::vector<std::string> command{SSHKEEP_PROGRAM};
    command.insert(command.end(), arguments.begin(), arguments.end());
    pid_t child = 0;
    const int failure = ::posix_spawn(&child, SSHKEEP_PROGRAM, &actions, nullptr, pointers_to(command).data(),
                                      pointers_to(surroundings.environment).data());
    ::posix_spawn_file_actions_destroy(&actions);
    if (pipe_end >= 0) {
        ::close(pipe_end);
    }
    if (failure != 0) {
        throw std::runtime_error("cannot run " SSHKEEP_PROGRAM);
    }
    const int status = wait_for(child);
    const bool captured = surroundings.stdout_path.empty() && !surroundings.closed_reader;
    return {status, captured ? read_file(out) : std::string(), read_file(err)};
}

std::string read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace sshkeep::cli_test
