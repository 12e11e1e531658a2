#include "host/local_commands.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "base/escape.h"
#include "host/directory.h"

namespace sshkeep::host {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::array<const char*, 6> directories{"/usr/local/sbin", "/usr/local/bin", "/usr/sbin",
                                                 "/usr/bin",        "/sbin",          "/bin"};
constexpr const char* path_variable = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
constexpr std::size_t max_output = 64UZ * 1024;
constexpr int timed_out = 124;  // as timeout(1) has it
constexpr int not_started = 127;

/// The program's file; empty when there is none.
std::string find_program(const std::string& name) {
    if (name.contains('/')) {
        return ::access(name.c_str(), X_OK) == 0 ? name : "";
    }
    for (const char* directory : directories) {
        auto candidate = std::string(directory) + "/" + name;
        if (::access(candidate.c_str(), X_OK) == 0) {
            return candidate;
        }
    }
    return {};
}

/// Everything that exec needs, made before the fork: the child of a process with threads may not allocate.
struct Image {
    explicit Image(const ports::Command& command) : program(find_program(command.argv.at(0))) {
        for (const auto& word : command.argv) {
            arguments.push_back(const_cast<char*>(word.c_str()));
        }
        arguments.push_back(nullptr);
        environment = {const_cast<char*>(path_variable), const_cast<char*>("LC_ALL=C"),
                       const_cast<char*>("HOME=/root")};
        for (const auto& variable : command.environment) {
            environment.push_back(const_cast<char*>(variable.c_str()));
        }
        environment.push_back(nullptr);
    }
    std::string program;
    std::vector<char*> arguments;
    std::vector<char*> environment;
};

Result<Image> image_of(const ports::Command& command) {
    Image image(command);
    if (image.program.empty()) {
        return fail(ErrorCode::not_found, escape_for_terminal(command.argv[0]) + ": there is no such program");
    }
    return image;
}

struct Streams {
    int input = -1;
    int output = -1;
    int errors = -1;
};

/// In the child. Signals are as a program expects them, and nothing but the three streams is open.
[[noreturn]] void become(const Image& image, const Streams& streams) {
    ::dup2(streams.input, STDIN_FILENO);
    ::dup2(streams.output, STDOUT_FILENO);
    ::dup2(streams.errors, STDERR_FILENO);
    ::close_range(STDERR_FILENO + 1, ~0U, 0);
    static_cast<void>(::signal(SIGPIPE, SIG_DFL));
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::umask(022);
    if (::chdir("/") == 0) {
        ::execve(image.program.c_str(), image.arguments.data(), image.environment.data());
    }
    ::_exit(not_started);
}

int status_of(int status) noexcept { return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status); }

struct Pipe {
    UniqueFd read;
    UniqueFd write;
    static Result<Pipe> create() {
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
            return std::unexpected(system_failure("pipe"));
        }
        return Pipe{UniqueFd(ends[0]), UniqueFd(ends[1])};
    }
};

Result<UniqueFd> open_null() {
    UniqueFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
    if (!null) {
        return std::unexpected(system_failure("/dev/null"));
    }
    return null;
}

/// Feeds the child and reads what it says until both its outputs are closed. false: not in time.
bool converse(UniqueFd input, std::string_view text, const UniqueFd& output, const UniqueFd& errors,
              ports::CommandResult& result, Clock::time_point deadline) {
    std::array<pollfd, 3> watched{{{output.get(), POLLIN, 0}, {errors.get(), POLLIN, 0}, {input.get(), POLLOUT, 0}}};
    const std::array<std::string*, 2> kept{&result.output, &result.errors};
    std::array<char, 16384> buffer;
    while (watched[0].fd >= 0 || watched[1].fd >= 0) {
        if (watched[2].fd >= 0 && text.empty()) {
            input = UniqueFd();
            watched[2].fd = -1;
        }
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
        if (left <= 0 || (::poll(watched.data(), watched.size(), static_cast<int>(left)) < 0 && errno != EINTR)) {
            return false;
        }
        for (std::size_t i = 0; i < kept.size(); ++i) {
            if (watched[i].fd < 0 || watched[i].revents == 0) {
                continue;
            }
            const auto count = ::read(watched[i].fd, buffer.data(), buffer.size());
            if (count <= 0) {
                watched[i].fd = -1;
                continue;
            }
            const auto room = max_output - std::min(max_output, kept[i]->size());
            kept[i]->append(buffer.data(), std::min(room, static_cast<std::size_t>(count)));
        }
        if (watched[2].fd >= 0 && watched[2].revents != 0) {
            const auto count = ::write(watched[2].fd, text.data(), text.size());
            text.remove_prefix(count > 0 ? static_cast<std::size_t>(count) : text.size());
        }
    }
    return true;
}

/// Waits for a child until the deadline, then kills its whole group.
int await(pid_t child, bool in_time, Clock::time_point deadline) {
    int status = 0;
    while (in_time) {
        const auto done = ::waitpid(child, &status, WNOHANG);
        if (done == child) {
            return status_of(status);
        }
        in_time = Clock::now() < deadline;
        const timespec pause{0, 1'000'000};
        ::nanosleep(&pause, nullptr);
    }
    ::kill(-child, SIGKILL);
    ::waitpid(child, &status, 0);
    return timed_out;
}

class Running final : public ports::Process {
public:
    explicit Running(pid_t child) : child_(child) {}
    ~Running() override {
        if (running()) {
            ::kill(-child_, SIGKILL);
            ::waitpid(child_, nullptr, 0);
        }
    }
    bool running() override {
        if (child_ > 0 && ::waitpid(child_, nullptr, WNOHANG) == child_) {
            child_ = 0;
        }
        return child_ > 0;
    }

private:
    pid_t child_;
};

class LocalCommands final : public ports::Commands {
public:
    Result<ports::CommandResult> run(const ports::Command& command) override {
        const auto image = TRY(image_of(command));
        auto input = TRY(Pipe::create());
        auto output = TRY(Pipe::create());
        auto errors = TRY(Pipe::create());
        const pid_t child = ::fork();
        if (child < 0) {
            return std::unexpected(system_failure("fork"));
        }
        if (child == 0) {
            ::setpgid(0, 0);
            become(image, {input.read.get(), output.write.get(), errors.write.get()});
        }
        ::setpgid(child, child);
        output.write = UniqueFd();
        errors.write = UniqueFd();
        input.read = UniqueFd();
        ports::CommandResult result;
        const auto deadline = Clock::now() + command.timeout;
        const bool in_time =
            converse(std::move(input.write), command.input, output.read, errors.read, result, deadline);
        result.status = await(child, in_time, deadline);
        return result;
    }

    Result<std::unique_ptr<ports::Process>> start(const ports::Command& command, const std::string& log) override {
        const auto image = TRY(image_of(command));
        const auto null = TRY(open_null());
        const UniqueFd file(
            ::open(log.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC | O_APPEND, S_IRUSR | S_IWUSR));
        if (!file) {
            return std::unexpected(system_failure(log));
        }
        const pid_t parent = ::getpid();
        const pid_t child = ::fork();
        if (child < 0) {
            return std::unexpected(system_failure("fork"));
        }
        if (child == 0) {
            ::setpgid(0, 0);
            // The parent may have died before this was asked for.
            if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || ::getppid() != parent) {
                ::_exit(not_started);
            }
            become(image, {null.get(), file.get(), file.get()});
        }
        ::setpgid(child, child);
        return std::make_unique<Running>(child);
    }

    Result<void> detach(const ports::Command& command) override {
        const auto image = TRY(image_of(command));
        const auto null = TRY(open_null());
        const pid_t child = ::fork();
        if (child < 0) {
            return std::unexpected(system_failure("fork"));
        }
        if (child == 0) {
            // A session without a terminal, and no child of anybody who waits.
            if (::setsid() < 0 || ::fork() != 0) {
                ::_exit(0);
            }
            become(image, {null.get(), null.get(), null.get()});
        }
        ::waitpid(child, nullptr, 0);
        return {};
    }

    bool installed(const std::string& program) override { return !find_program(program).empty(); }
};

}  // namespace

std::unique_ptr<ports::Commands> make_local_commands() { return std::make_unique<LocalCommands>(); }

}  // namespace sshkeep::host
