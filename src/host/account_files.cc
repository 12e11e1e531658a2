#include "host/account_files.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <functional>

#include "base/escape.h"
#include "host/directory.h"

namespace sshkeep::host {
namespace {

using ports::AccountIdentity;
using ports::AppendedLine;

constexpr std::size_t max_bytes = 8UZ << 20U;
constexpr std::size_t max_report = 4096;

std::unexpected<Error> failure(const std::string& path) { return std::unexpected(system_failure(path)); }

std::unexpected<Error> changed(const std::string& path) {
    return fail(ErrorCode::io, escape_for_terminal(path, 512) + ": changed meanwhile");
}

std::string directory_of(const std::string& path) { return path.substr(0, std::max<std::size_t>(path.rfind('/'), 1)); }

std::int64_t nanoseconds(const timespec& time) { return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec; }

timespec time_of(std::int64_t nanoseconds) {
    return {.tv_sec = nanoseconds / 1'000'000'000, .tv_nsec = nanoseconds % 1'000'000'000};
}

/// No link anywhere on the way: the path was resolved when it was chosen.
Result<UniqueFd> open_plain(const std::string& path, int flags) {
    open_how how{};
    how.flags = static_cast<__u64>(flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    how.mode = (flags & O_CREAT) != 0 ? S_IRUSR | S_IWUSR : 0;
    how.resolve = RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
    UniqueFd fd(static_cast<int>(::syscall(SYS_openat2, AT_FDCWD, path.c_str(), &how, sizeof how)));
    if (!fd) {
        return failure(path);
    }
    return fd;
}

/// A regular file of the account.
Result<struct stat> own_file(const UniqueFd& fd, const AccountIdentity& account, const std::string& path) {
    struct stat status{};
    if (::fstat(fd.get(), &status) != 0) {
        return failure(path);
    }
    if (!S_ISREG(status.st_mode) || status.st_uid != account.uid || status.st_nlink != 1) {
        return fail(ErrorCode::wrong_type, escape_for_terminal(path, 512) + ": not a plain file of this account");
    }
    return status;
}

Result<std::string> read_whole(const UniqueFd& fd, const std::string& path) {
    std::string bytes;
    std::array<char, 65536> buffer;
    for (;;) {
        const auto count = ::pread(fd.get(), buffer.data(), buffer.size(), static_cast<off_t>(bytes.size()));
        if (count < 0 && errno != EINTR) {
            return failure(path);
        }
        if (count == 0) {
            return bytes;
        }
        bytes.append(buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
        if (bytes.size() > max_bytes) {
            return fail(ErrorCode::too_large, escape_for_terminal(path, 512) + ": more than 8 MiB");
        }
    }
}

/// Runs in a child that has nothing but the account's rights; what it has to say comes back through a pipe.
Result<std::string> as_account(const AccountIdentity& account, const std::function<Result<std::string>()>& work) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        return failure("pipe");
    }
    const UniqueFd reader(ends[0]);
    UniqueFd writer(ends[1]);
    const pid_t child = ::fork();
    if (child < 0) {
        return failure("fork");
    }
    if (child == 0) {
        // Where this process is not root (tests), it is the account already.
        const bool is_account = ::geteuid() == account.uid && ::geteuid() != 0;
        const bool dropped =
            is_account || (::setgroups(0, nullptr) == 0 && ::setresgid(account.gid, account.gid, account.gid) == 0 &&
                           ::setresuid(account.uid, account.uid, account.uid) == 0);
        ::umask(077);
        auto result = dropped ? work() : Result<std::string>(failure("cannot become " + account.name));
        const auto text = result ? "+" + *result
                                 : "-" + std::to_string(static_cast<int>(result.error().code)) + result.error().message;
        const auto size = std::min(text.size(), max_report);
        ::_exit(::write(writer.get(), text.data(), size) == static_cast<ssize_t>(size) ? 0 : 1);
    }
    writer = UniqueFd();
    std::array<char, max_report> buffer;
    ssize_t count = 0;
    do {
        count = ::read(reader.get(), buffer.data(), buffer.size());
    } while (count < 0 && errno == EINTR);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    const std::string_view text(buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    if (text.starts_with('+')) {
        return std::string(text.substr(1));
    }
    if (text.size() > 1) {
        return fail(static_cast<ErrorCode>(text[1] - '0'), std::string(text.substr(2)));
    }
    return fail(ErrorCode::io, "the process that acts as " + escape_for_terminal(account.name) + " died");
}

/// "SIZE MTIME", "new" or "new directory".
Result<std::string> describe(const AccountIdentity& account, const std::string& path) {
    const auto file = open_plain(path, O_RDWR);
    if (file) {
        const auto status = TRY(own_file(*file, account, path));
        return std::to_string(status.st_size) + " " + std::to_string(nanoseconds(status.st_mtim));
    }
    if (file.error().code != ErrorCode::not_found) {
        return std::unexpected(file.error());
    }
    return std::string(open_plain(directory_of(path), O_PATH | O_DIRECTORY) ? "new" : "new directory");
}

/// What is put into the file: on a line of its own even when the last line has no newline.
std::string addition_to(std::string_view bytes, const AppendedLine& line) {
    return (bytes.empty() || bytes.ends_with('\n') ? "" : "\n") + line.line + "\n";
}

Result<std::string> append_line(const AppendedLine& line) {
    if (line.directory_made && ::mkdir(directory_of(line.path).c_str(), S_IRWXU) != 0 && errno != EEXIST) {
        return failure(line.path);
    }
    const auto file = TRY(open_plain(line.path, line.file_made ? O_RDWR | O_CREAT | O_EXCL : O_RDWR));
    const auto status = TRY(own_file(file, line.account, line.path));
    if (!line.file_made &&
        (static_cast<std::uint64_t>(status.st_size) != line.size || nanoseconds(status.st_mtim) != line.mtime)) {
        return changed(line.path);
    }
    const auto text = addition_to(TRY(read_whole(file, line.path)), line);
    // One write: a reader sees all of the line or none of it.
    const auto written = ::pwrite(file.get(), text.data(), text.size(), status.st_size);
    if (written != static_cast<ssize_t>(text.size())) {
        auto error = system_failure(line.path);
        if (::ftruncate(file.get(), status.st_size) != 0) {
            return failure(line.path);
        }
        return std::unexpected(std::move(error));
    }
    if (::fsync(file.get()) != 0) {
        return failure(line.path);
    }
    return std::string();
}

Result<void> restore_time(const UniqueFd& file, const AppendedLine& line) {
    const std::array times{timespec{.tv_sec = 0, .tv_nsec = UTIME_OMIT}, time_of(line.mtime)};
    if (::futimens(file.get(), times.data()) != 0 || ::fsync(file.get()) != 0) {
        return failure(line.path);
    }
    return {};
}

/// Somebody else wrote to the file, too: the line goes, what they wrote stays. Same inode, so a crash in between can
/// leave no file of another owner or mode.
Result<std::string> cut_out(const UniqueFd& file, const AppendedLine& line, std::string bytes) {
    const auto at = bytes.find(line.line + "\n");
    if (at == std::string::npos || (at != 0 && bytes[at - 1] != '\n')) {
        return std::string();
    }
    const auto tail = bytes.substr(at + line.line.size() + 1);
    if (::pwrite(file.get(), tail.data(), tail.size(), static_cast<off_t>(at)) != static_cast<ssize_t>(tail.size()) ||
        ::ftruncate(file.get(), static_cast<off_t>(at + tail.size())) != 0 || ::fsync(file.get()) != 0) {
        return failure(line.path);
    }
    return std::string();
}

Result<std::string> withdraw_line(const AppendedLine& line) {
    const auto file = open_plain(line.path, O_RDWR);
    if (!file) {
        return file.error().code == ErrorCode::not_found ? Result<std::string>("") : std::unexpected(file.error());
    }
    TRY(own_file(*file, line.account, line.path));
    auto bytes = TRY(read_whole(*file, line.path));
    if (line.file_made && bytes == line.line + "\n") {
        if (::unlink(line.path.c_str()) != 0 ||
            (line.directory_made && ::rmdir(directory_of(line.path).c_str()) != 0)) {
            return errno == ENOTEMPTY ? Result<std::string>("") : failure(line.path);
        }
        return std::string();
    }
    if (line.size <= bytes.size() &&
        std::string_view(bytes).substr(line.size) == addition_to(std::string_view(bytes).substr(0, line.size), line)) {
        if (::ftruncate(file->get(), static_cast<off_t>(line.size)) != 0) {
            return failure(line.path);
        }
        TRY(restore_time(*file, line));
        return std::string();
    }
    return cut_out(*file, line, std::move(bytes));
}

class LocalAccountFiles final : public ports::AccountFiles {
public:
    Result<AppendedLine> prepare(const AccountIdentity& account, const std::string& path,
                                 const std::string& line) override {
        const auto text = TRY(as_account(account, [&] { return describe(account, path); }));
        AppendedLine found{.account = account, .path = path, .line = line};
        found.directory_made = text == "new directory";
        found.file_made = text.starts_with("new");
        if (!found.file_made) {
            const auto space = text.find(' ');
            found.size = std::stoull(text);
            found.mtime = std::stoll(text.substr(space + 1));
        }
        return found;
    }
    Result<void> append(const AppendedLine& line) override {
        TRY(as_account(line.account, [&] { return append_line(line); }));
        return {};
    }
    Result<void> withdraw(const AppendedLine& line) override {
        TRY(as_account(line.account, [&] { return withdraw_line(line); }));
        return {};
    }
};

}  // namespace

std::unique_ptr<ports::AccountFiles> make_account_files() { return std::make_unique<LocalAccountFiles>(); }

}  // namespace sshkeep::host
