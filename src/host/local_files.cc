#include "host/local_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>

#include "base/escape.h"
#include "base/text.h"
#include "host/directory.h"

namespace sshkeep::host {
namespace {

constexpr std::size_t max_bytes = 16UZ << 20U;

std::unexpected<Error> failure(const std::string& path) { return std::unexpected(system_failure(path)); }

Result<struct stat> status_of(const UniqueFd& fd, const std::string& path) {
    struct stat status{};
    if (::fstat(fd.get(), &status) != 0) {
        return failure(path);
    }
    return status;
}

/// A regular file for reading; never blocks on a FIFO, never opens a device twice.
Result<UniqueFd> open_regular(const Place& place) {
    UniqueFd fd(::openat(place.directory.get(), place.name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (!fd) {
        return failure(place.path);
    }
    if (!S_ISREG(TRY(status_of(fd, place.path)).st_mode)) {
        return fail(ErrorCode::wrong_type, escape_for_terminal(place.path, 512) + ": not a regular file");
    }
    return fd;
}

Result<std::string> read_all(const UniqueFd& fd, const std::string& path) {
    std::string bytes;
    std::array<char, 65536> buffer;
    for (;;) {
        const auto count = ::read(fd.get(), buffer.data(), buffer.size());
        if (count < 0 && errno != EINTR) {
            return failure(path);
        }
        if (count == 0) {
            return bytes;
        }
        bytes.append(buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
        if (bytes.size() > max_bytes) {
            return fail(ErrorCode::too_large, escape_for_terminal(path, 512) + ": more than 16 MiB");
        }
    }
}

Result<void> write_all(const UniqueFd& fd, std::string_view bytes, const std::string& path) {
    while (!bytes.empty()) {
        const auto count = ::write(fd.get(), bytes.data(), bytes.size());
        if (count < 0 && errno != EINTR) {
            return failure(path);
        }
        bytes.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    }
    return {};
}

/// Access lists, security labels and whatever else is kept there. A file system without them has none to lose.
Result<void> copy_extended_attributes(const UniqueFd& from, const UniqueFd& to, const std::string& path) {
    std::array<char, 65536> names;
    std::array<char, 65536> value;
    const auto length = ::flistxattr(from.get(), names.data(), names.size());
    if (length < 0) {
        return errno == ENOTSUP ? Result<void>() : failure(path);
    }
    for (const auto name : split(std::string_view(names.data(), static_cast<std::size_t>(length)), '\0')) {
        const std::string text(name);
        const auto size = text.empty() ? 0 : ::fgetxattr(from.get(), text.c_str(), value.data(), value.size());
        if (text.empty() || (size < 0 && errno == ENODATA)) {
            continue;
        }
        if (size < 0 || ::fsetxattr(to.get(), text.c_str(), value.data(), static_cast<std::size_t>(size), 0) != 0) {
            return failure(path);
        }
    }
    return {};
}

Result<void> set_attributes(const UniqueFd& fd, const ports::Attributes& attributes, const std::string& path) {
    if (::fchown(fd.get(), attributes.uid, attributes.gid) != 0 || ::fchmod(fd.get(), attributes.mode) != 0) {
        return failure(path);
    }
    return {};
}

/// A file under a name that nobody knows yet; unlinked unless it is kept.
class Draft {
public:
    static Result<Draft> create(const Place& place) {
        std::uint64_t number = 0;
        if (::getrandom(&number, sizeof number, 0) != static_cast<ssize_t>(sizeof number)) {
            return failure("getrandom");
        }
        Draft draft(place, ".sshkeep-" + std::to_string(number));
        draft.fd_ = UniqueFd(::openat(place.directory.get(), draft.name_.c_str(),
                                      O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR));
        if (!draft.fd_) {
            return failure(place.path);
        }
        return draft;
    }
    Draft(Draft&& other) noexcept : place_(other.place_), name_(std::move(other.name_)), fd_(std::move(other.fd_)) {
        other.name_.clear();
    }
    Draft(const Draft&) = delete;
    Draft& operator=(const Draft&) = delete;
    Draft& operator=(Draft&&) = delete;
    ~Draft() {
        if (!name_.empty() && fd_) {
            ::unlinkat(place_.directory.get(), name_.c_str(), 0);
        }
    }
    [[nodiscard]] const UniqueFd& fd() const noexcept { return fd_; }
    /// Gives it the place's own name, replacing what is there.
    Result<void> keep() {
        if (::fsync(fd_.get()) != 0 ||
            ::renameat(place_.directory.get(), name_.c_str(), place_.directory.get(), place_.name.c_str()) != 0) {
            return failure(place_.path);
        }
        name_.clear();
        return sync(place_);
    }

private:
    Draft(const Place& place, std::string name) : place_(place), name_(std::move(name)) {}
    const Place& place_;
    std::string name_;
    UniqueFd fd_;
};

class HeldLock final : public ports::Files::Lock {
public:
    explicit HeldLock(UniqueFd fd) : fd_(std::move(fd)) {}

private:
    UniqueFd fd_;
};

class LocalFiles final : public ports::Files {
public:
    explicit LocalFiles(UniqueFd root) : root_(std::move(root)) {}

    Result<std::string> read(const std::string& path) override {
        const auto place = TRY(open_place(root_.get(), path));
        return read_all(TRY(open_regular(place)), path);
    }

    Result<bool> exists(const std::string& path) override {
        const auto place = open_place(root_.get(), path);
        if (!place) {
            return place.error().code == ErrorCode::not_found ? Result<bool>(false) : std::unexpected(place.error());
        }
        struct stat status{};
        if (::fstatat(place->directory.get(), place->name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0) {
            return true;
        }
        return errno == ENOENT ? Result<bool>(false) : failure(path);
    }

    Result<std::vector<std::string>> list(const std::string& directory) override {
        auto opened = open_trusted_directory(root_.get(), directory);
        if (!opened) {
            return opened.error().code == ErrorCode::not_found ? Result<std::vector<std::string>>()
                                                               : std::unexpected(opened.error());
        }
        std::unique_ptr<DIR, decltype([](DIR* stream) { ::closedir(stream); })> stream(::fdopendir(opened->get()));
        if (!stream) {
            return failure(directory);
        }
        static_cast<void>(opened->release());  // the stream owns it now
        std::vector<std::string> names;
        while (const auto* entry = ::readdir(stream.get())) {
            const std::string_view name = entry->d_name;
            if (name != "." && name != "..") {
                names.emplace_back(name);
            }
        }
        std::ranges::sort(names);
        return names;
    }

    Result<void> make_directory(const std::string& path, std::uint32_t mode) override {
        const auto opened = open_trusted_directory(root_.get(), path);
        if (opened || opened.error().code != ErrorCode::not_found) {
            return opened ? Result<void>() : std::unexpected(opened.error());
        }
        if (const auto slash = path.rfind('/'); slash != 0) {
            TRY(make_directory(path.substr(0, slash), 0755));
        }
        const auto place = TRY(open_place(root_.get(), path));
        if (::mkdirat(place.directory.get(), place.name.c_str(), mode) != 0) {
            return failure(path);
        }
        return sync(place);
    }

    Result<void> write(const std::string& path, std::string_view bytes,
                       std::optional<ports::Attributes> attributes) override {
        const auto place = TRY(open_place(root_.get(), path));
        auto draft = TRY(Draft::create(place));
        TRY(write_all(draft.fd(), bytes, path));
        if (attributes) {
            TRY(set_attributes(draft.fd(), *attributes, path));
        } else {
            TRY(take_attributes(TRY(open_regular(place)), draft.fd(), path));
        }
        return draft.keep();
    }

    Result<void> copy(const std::string& from, const std::string& to) override {
        const auto source = TRY(open_place(root_.get(), from));
        const auto place = TRY(open_place(root_.get(), to));
        const auto file = TRY(open_regular(source));
        const auto status = TRY(status_of(file, from));
        auto draft = TRY(Draft::create(place));
        TRY(write_all(draft.fd(), TRY(read_all(file, from)), to));
        TRY(take_attributes(file, draft.fd(), to));
        const std::array times{status.st_atim, status.st_mtim};
        if (::futimens(draft.fd().get(), times.data()) != 0) {
            return failure(to);
        }
        return draft.keep();
    }

    Result<void> stamp(const std::string& of, const std::string& to) override {
        const auto source = TRY(open_place(root_.get(), of));
        const auto place = TRY(open_place(root_.get(), to));
        struct stat status{};
        if (::fstatat(source.directory.get(), source.name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
            return failure(of);
        }
        auto draft = TRY(Draft::create(place));
        const std::array times{status.st_atim, status.st_mtim};
        if (::futimens(draft.fd().get(), times.data()) != 0) {
            return failure(to);
        }
        return draft.keep();
    }

    Result<void> link(const std::string& existing, const std::string& path) override {
        const auto source = TRY(open_place(root_.get(), existing));
        const auto place = TRY(open_place(root_.get(), path));
        if (::linkat(source.directory.get(), source.name.c_str(), place.directory.get(), place.name.c_str(), 0) != 0) {
            return failure(path);
        }
        return sync(place);
    }

    Result<void> make_symlink(const std::string& target, const std::string& path) override {
        const auto place = TRY(open_place(root_.get(), path));
        if (::symlinkat(target.c_str(), place.directory.get(), place.name.c_str()) != 0) {
            return failure(path);
        }
        return sync(place);
    }

    Result<void> rename(const std::string& from, const std::string& to) override {
        const auto source = TRY(open_place(root_.get(), from));
        const auto place = TRY(open_place(root_.get(), to));
        if (::renameat(source.directory.get(), source.name.c_str(), place.directory.get(), place.name.c_str()) != 0) {
            return failure(from);
        }
        TRY(sync(source));
        return sync(place);
    }

    Result<void> remove(const std::string& path) override {
        const auto place = open_place(root_.get(), path);
        if (!place) {
            return place.error().code == ErrorCode::not_found ? Result<void>() : std::unexpected(place.error());
        }
        if (::unlinkat(place->directory.get(), place->name.c_str(), 0) != 0) {
            return errno == ENOENT ? Result<void>() : failure(path);
        }
        return sync(*place);
    }

    Result<std::unique_ptr<Lock>> lock(const std::string& path) override {
        const auto place = TRY(open_place(root_.get(), path));
        UniqueFd fd(::openat(place.directory.get(), place.name.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC,
                             S_IRUSR | S_IWUSR));
        if (!fd) {
            return failure(path);
        }
        if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
            return errno == EWOULDBLOCK ? Result<std::unique_ptr<Lock>>(nullptr) : failure(path);
        }
        return std::make_unique<HeldLock>(std::move(fd));
    }

private:
    static Result<void> take_attributes(const UniqueFd& from, const UniqueFd& to, const std::string& path) {
        const auto status = TRY(status_of(from, path));
        TRY(set_attributes(to, {status.st_mode & 07777U, status.st_uid, status.st_gid}, path));
        return copy_extended_attributes(from, to, path);
    }

    UniqueFd root_;
};

}  // namespace

Result<std::unique_ptr<ports::Files>> make_local_files(const std::string& root) {
    UniqueFd fd(::open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd) {
        return failure(root);
    }
    return std::make_unique<LocalFiles>(std::move(fd));
}

}  // namespace sshkeep::host
