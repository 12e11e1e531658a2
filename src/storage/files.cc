#include "storage/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

namespace sshkeep::storage {
namespace {

class Descriptor {
public:
    explicit Descriptor(int fd) : fd_(fd) {}
    ~Descriptor() {
        if (fd_ >= 0) {
            ::close(fd_);
        }
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int get() const { return fd_; }

private:
    int fd_;
};

}  // namespace

Error system_error(const std::string& path) {
    const int number = errno;
    const auto code = number == ENOENT                                         ? ErrorCode::not_found
                      : number == EACCES || number == EPERM || number == EROFS ? ErrorCode::permission
                      : number == ELOOP                                        ? ErrorCode::wrong_type
                                                                               : ErrorCode::io;
    return {code, path + ": " + std::strerror(number)};
}

Result<std::string> read_small_file(const std::string& path, std::size_t limit) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    struct stat info{};
    if (file.get() < 0 || ::fstat(file.get(), &info) != 0) {
        return std::unexpected(system_error(path));
    }
    if (!S_ISREG(info.st_mode)) {
        return fail(ErrorCode::wrong_type, path + ": not a regular file");
    }
    std::string bytes(limit + 1, '\0');
    std::size_t filled = 0;
    while (filled < bytes.size()) {
        const auto got = ::read(file.get(), bytes.data() + filled, bytes.size() - filled);
        if (got < 0) {
            return std::unexpected(system_error(path));
        }
        if (got == 0) {
            break;
        }
        filled += static_cast<std::size_t>(got);
    }
    if (filled > limit) {
        return fail(ErrorCode::too_large, path + ": longer than " + std::to_string(limit) + " bytes");
    }
    bytes.resize(filled);
    return bytes;
}

Result<void> sync_directory(const std::string& path) {
    const Descriptor directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (directory.get() < 0 || ::fsync(directory.get()) != 0) {
        return std::unexpected(system_error(path));
    }
    return {};
}

Result<void> replace_file(const std::string& path, std::string_view bytes, unsigned mode) {
    const std::string beside = path + ".tmp";
    ::unlink(beside.c_str());
    {
        const Descriptor file(::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode));
        if (file.get() < 0 || ::fchmod(file.get(), mode) != 0) {
            return std::unexpected(system_error(beside));
        }
        for (auto rest = bytes; !rest.empty();) {
            const auto written = ::write(file.get(), rest.data(), rest.size());
            if (written < 0) {
                return std::unexpected(system_error(beside));
            }
            rest.remove_prefix(static_cast<std::size_t>(written));
        }
        if (::fsync(file.get()) != 0) {
            return std::unexpected(system_error(beside));
        }
    }
    if (::rename(beside.c_str(), path.c_str()) != 0) {
        return std::unexpected(system_error(path));
    }
    const auto parent = std::filesystem::path(path).parent_path().string();
    return sync_directory(parent.empty() ? "." : parent);
}

}  // namespace sshkeep::storage
