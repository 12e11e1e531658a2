#include "storage/anchors.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <syslog.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <iterator>
#include <memory>
#include <utility>

#include "storage/files.h"
#include "storage/libcurl.h"

namespace sshkeep::storage {
namespace {

constexpr std::size_t max_answer = 256UZ * 1024;
constexpr std::chrono::seconds patience{60};

/// What is left to upload; libcurl takes it in pieces.
std::size_t give_bytes(char* buffer, std::size_t size, std::size_t count, void* rest) {
    auto* bytes = static_cast<std::string_view*>(rest);
    const auto length = std::min(size * count, bytes->size());
    bytes->copy(buffer, length);
    bytes->remove_prefix(length);
    return length;
}

std::size_t drop_bytes(char*, std::size_t size, std::size_t count, void*) { return size * count; }

/// Feeds and reads a child until it closes its output. False after too long or too much.
bool exchange(int to_child, int from_child, std::string_view input, std::string& output) {
    const auto end = std::chrono::steady_clock::now() + patience;
    std::array<char, 4096> buffer;
    if (input.empty()) {
        ::close(std::exchange(to_child, -1));
    }
    while (std::chrono::steady_clock::now() < end && output.size() <= max_answer) {
        std::array<struct pollfd, 2> watched{{{from_child, POLLIN, 0}, {to_child, POLLOUT, 0}}};
        if (::poll(watched.data(), watched.size(), 1000) < 0) {
            break;
        }
        if (to_child >= 0 && watched[1].revents != 0) {
            const auto written = ::write(to_child, input.data(), input.size());
            input.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(written, 0)));
            if (written <= 0 || input.empty()) {
                ::close(std::exchange(to_child, -1));
            }
        }
        if (watched[0].revents != 0) {
            const auto got = ::read(from_child, buffer.data(), buffer.size());
            if (got <= 0) {
                if (to_child >= 0) {
                    ::close(to_child);
                }
                return got == 0;
            }
            output.append(buffer.data(), static_cast<std::size_t>(got));
        }
    }
    if (to_child >= 0) {
        ::close(to_child);
    }
    return false;
}

}  // namespace

Result<void> anchor_to_file(const std::string& path, std::string_view note) {
    const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        return std::unexpected(system_error(path));
    }
    const bool done = ::write(fd, note.data(), note.size()) == static_cast<ssize_t>(note.size()) && ::fsync(fd) == 0;
    auto result = done ? Result<void>() : std::unexpected(system_error(path));
    ::close(fd);
    return result;
}

void anchor_to_syslog(std::string_view note) {
    std::string line;
    for (const char c : note) {
        c == '\n' ? line += " | " : line += c;
    }
    ::openlog("sshkeep", LOG_PID, LOG_AUTHPRIV);
    ::syslog(LOG_NOTICE, "ledger checkpoint: %s", line.c_str());
    ::closelog();
}

Result<void> anchor_to_url(const std::string& url, std::string_view note, const std::string& ca_file) {
    const auto libcurl = TRY(Libcurl::load());
    const std::unique_ptr<CURL, void (*)(CURL*)> curl(libcurl.easy_init(), libcurl.easy_cleanup);
    if (!curl) {
        return fail(ErrorCode::io, "libcurl does not start");
    }
    std::array<char, CURL_ERROR_SIZE> message{};
    std::string_view rest = note;
    auto* handle = curl.get();
    libcurl.easy_setopt(handle, CURLOPT_URL, url.c_str());
    libcurl.easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "https");
    libcurl.easy_setopt(handle, CURLOPT_UPLOAD, 1L);
    libcurl.easy_setopt(handle, CURLOPT_READFUNCTION, give_bytes);
    libcurl.easy_setopt(handle, CURLOPT_READDATA, &rest);
    libcurl.easy_setopt(handle, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(note.size()));
    libcurl.easy_setopt(handle, CURLOPT_WRITEFUNCTION, drop_bytes);
    libcurl.easy_setopt(handle, CURLOPT_ERRORBUFFER, message.data());
    libcurl.easy_setopt(handle, CURLOPT_TIMEOUT, static_cast<long>(patience.count()));
    libcurl.easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    if (!ca_file.empty()) {
        libcurl.easy_setopt(handle, CURLOPT_CAINFO, ca_file.c_str());
    }
    const auto status = libcurl.easy_perform(handle);
    if (status != CURLE_OK) {
        return fail(ErrorCode::io, url + ": " + (message[0] != '\0' ? message.data() : libcurl.easy_strerror(status)));
    }
    long code = 0;
    libcurl.easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &code);
    if (code != 200 && code != 201 && code != 204) {
        return fail(ErrorCode::io, url + ": the server answered " + std::to_string(code));
    }
    return {};
}

Result<std::string> run_filter(const std::vector<std::string>& command, std::string_view input) {
    std::array<int, 2> in{};
    std::array<int, 2> out{};
    if (command.empty() || ::pipe2(in.data(), O_CLOEXEC) != 0) {
        return std::unexpected(system_error("pipe"));
    }
    if (::pipe2(out.data(), O_CLOEXEC) != 0) {
        ::close(in[0]);
        ::close(in[1]);
        return std::unexpected(system_error("pipe"));
    }
    std::vector<char*> arguments;
    std::ranges::transform(command, std::back_inserter(arguments),
                           [](const std::string& s) { return const_cast<char*>(s.c_str()); });
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    pid_t child = 0;
    const int failed = ::posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    ::close(in[0]);
    ::close(out[1]);
    if (failed != 0) {
        ::close(in[1]);
        ::close(out[0]);
        errno = failed;
        return std::unexpected(system_error(command[0]));
    }
    std::string output;
    const bool whole = exchange(in[1], out[0], input, output);
    ::close(out[0]);
    if (!whole) {
        ::kill(child, SIGKILL);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    if (!whole || !WIFEXITED(status) || WEXITSTATUS(status) > 1) {
        return fail(ErrorCode::io, command[0] + (whole ? ": failed" : ": gave no answer in time"));
    }
    return output;
}

}  // namespace sshkeep::storage
