#include "host/file_system.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <memory>
#include <ranges>
#include <string_view>
#include <system_error>

#include "base/escape.h"

namespace sshkeep::host {
namespace {

using ports::FileInfo;
using ports::FileType;
using ports::Links;

constexpr int max_links = 40;                   ///< as Linux itself allows in one look-up
constexpr std::size_t max_names = 1U << 18;     ///< in one directory
constexpr std::size_t read_step = 64UL * 1024;  ///< for files whose size says 0, as in /proc

std::unexpected<Error> failed(int error, const std::string& path) {
    const auto code = [error] {
        switch (error) {
            case ENOENT:
            case ENOTDIR:
                return ErrorCode::not_found;
            case EACCES:
            case EPERM:
                return ErrorCode::permission;
            case ELOOP:
                return ErrorCode::wrong_type;
            case ENAMETOOLONG:
            case EINVAL:
                return ErrorCode::invalid;
            default:
                return ErrorCode::io;
        }
    }();
    return fail(code, escape_for_terminal(path, 512) + ": " + std::generic_category().message(error));
}

std::unexpected<Error> wrong_type(const std::string& path, std::string_view what) {
    return fail(ErrorCode::wrong_type, escape_for_terminal(path, 512) + ": " + std::string(what));
}

std::string_view describe(FileType type) {
    switch (type) {
        case FileType::regular:
            return "a regular file";
        case FileType::directory:
            return "a directory, not a regular file";
        case FileType::symlink:
            return "a symbolic link, which is not followed here";
        case FileType::fifo:
            return "a FIFO, not a regular file";
        case FileType::socket:
            return "a socket, not a regular file";
        case FileType::device:
            return "a device, not a regular file";
        case FileType::other:
            break;
    }
    return "not a regular file";
}

FileType type_of(mode_t mode) {
    switch (mode & S_IFMT) {
        case S_IFREG:
            return FileType::regular;
        case S_IFDIR:
            return FileType::directory;
        case S_IFLNK:
            return FileType::symlink;
        case S_IFIFO:
            return FileType::fifo;
        case S_IFSOCK:
            return FileType::socket;
        case S_IFCHR:
        case S_IFBLK:
            return FileType::device;
        default:
            return FileType::other;
    }
}

Result<FileInfo> info_of(const UniqueFd& fd, const std::string& path) {
    struct stat status{};
    if (::fstat(fd.get(), &status) != 0) {
        return failed(errno, path);
    }
    return FileInfo{.type = type_of(status.st_mode),
                    .uid = status.st_uid,
                    .gid = status.st_gid,
                    .mode = status.st_mode & 07777U,
                    .size = static_cast<std::uint64_t>(std::max<off_t>(status.st_size, 0)),
                    .mtime = status.st_mtim.tv_sec,
                    .device = status.st_dev,
                    .inode = status.st_ino};
}

/// openat2 with links and ".." held below `root`. EAGAIN means that something was renamed meanwhile: try again.
int open_in_root(int root, const char* path, std::uint64_t flags) {
    open_how how{};
    how.flags = flags | O_CLOEXEC;
    how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
    long fd = -1;
    for (int attempt = 0; attempt < 8; ++attempt) {
        fd = ::syscall(SYS_openat2, root, path, &how, sizeof how);
        if (fd >= 0 || (errno != EAGAIN && errno != EINTR)) {
            break;
        }
    }
    return static_cast<int>(fd);
}

Result<std::string> link_target(const UniqueFd& handle, const std::string& path) {
    std::string target(PATH_MAX, '\0');
    const auto length = ::readlinkat(handle.get(), "", target.data(), target.size());
    if (length < 0) {
        // An O_PATH handle of something that is no link gives ENOENT.
        return errno == ENOENT ? wrong_type(path, "not a symbolic link") : failed(errno, path);
    }
    target.resize(static_cast<std::size_t>(length));
    return target;
}

/// Opens for reading the very file that the handle holds. Without /proc there is no way to do that: an Error.
Result<UniqueFd> reopen(const UniqueFd& handle, const std::string& path) {
    const auto name = "/proc/self/fd/" + std::to_string(handle.get());
    UniqueFd file(::open(name.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (!file) {
        return failed(errno, path);
    }
    return file;
}

Result<std::string> read_all(const UniqueFd& file, const std::string& path, const FileInfo& info, std::uint64_t limit) {
    const auto too_large = [&] {
        return fail(ErrorCode::too_large,
                    escape_for_terminal(path, 512) + ": larger than " + std::to_string(limit) + " bytes");
    };
    if (info.size > limit) {
        return too_large();
    }
    std::string bytes;
    std::size_t used = 0;
    for (;;) {
        if (used == bytes.size()) {
            // One byte more than promised, so that an honest file needs no second growth to see its end.
            bytes.resize(used == 0 && info.size > 0 ? info.size + 1 : used + std::max(used, read_step));
        }
        const auto got = ::read(file.get(), bytes.data() + used, bytes.size() - used);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return failed(errno, path);
        }
        if (got == 0) {
            bytes.resize(used);
            return bytes;
        }
        used += static_cast<std::size_t>(got);
        if (used > limit) {
            return too_large();
        }
    }
}

/// Adds the components of a path so that the first is popped first.
void push_components(std::vector<std::string>& pending, std::string_view path) {
    std::vector<std::string> parts;
    for (const auto part : std::views::split(path, '/')) {
        if (!part.empty()) {
            parts.emplace_back(part.begin(), part.end());
        }
    }
    std::ranges::move(parts | std::views::reverse, std::back_inserter(pending));
}

}  // namespace

Result<FileSystem> FileSystem::open(const std::string& directory) {
    auto files = TRY(open(directory, Resolver::kernel));
    // Kernels before 5.6 lack openat2; old container sandboxes refuse what they do not know with EPERM.
    const UniqueFd probe(open_in_root(files.root_.get(), ".", O_PATH));
    if (!probe && (errno == ENOSYS || errno == EPERM)) {
        files.resolver_ = Resolver::walk;
    }
    return files;
}

Result<FileSystem> FileSystem::open(const std::string& directory, Resolver resolver) {
    UniqueFd root(::open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!root) {
        return failed(errno, directory);
    }
    return FileSystem(std::move(root), resolver);
}

Result<UniqueFd> FileSystem::open_handle(const std::string& path, Links links) const {
    if (path.empty() || path.contains('\0')) {
        return failed(EINVAL, path);
    }
    if (resolver_ == Resolver::walk) {
        return TRY(walk(path, links)).handle;
    }
    UniqueFd handle(open_in_root(root_.get(), path.c_str(), O_PATH | (links == Links::refuse ? O_NOFOLLOW : 0)));
    if (!handle) {
        return failed(errno, path);
    }
    return handle;
}

Result<FileSystem::Resolved> FileSystem::walk(const std::string& path, Links links) const {
    if (path.empty() || path.contains('\0')) {
        return failed(EINVAL, path);
    }
    if (path.size() >= PATH_MAX) {
        return failed(ENAMETOOLONG, path);
    }
    std::vector<UniqueFd> handles;   // below the root, one for each name
    std::vector<std::string> names;  // the resolved path so far
    std::vector<std::string> pending;
    push_components(pending, path);
    for (int links_seen = 0; !pending.empty();) {
        const auto name = std::move(pending.back());
        pending.pop_back();
        if (name == ".") {
            continue;
        }
        if (name == "..") {
            if (!names.empty()) {
                names.pop_back();
                handles.pop_back();
            }
            continue;
        }
        const int parent = handles.empty() ? root_.get() : handles.back().get();
        UniqueFd handle(::openat(parent, name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
        if (!handle) {
            return failed(errno, path);
        }
        if (TRY(info_of(handle, path)).type == FileType::symlink && (links == Links::follow || !pending.empty())) {
            if (++links_seen > max_links) {
                return failed(ELOOP, path);
            }
            const auto target = TRY(link_target(handle, path));
            if (target.starts_with('/')) {
                names.clear();
                handles.clear();
            }
            push_components(pending, target);
            continue;
        }
        names.push_back(name);
        handles.push_back(std::move(handle));
    }
    Resolved resolved;
    for (const auto& name : names) {
        resolved.real_path.append("/").append(name);
    }
    if (names.empty()) {
        resolved.real_path = "/";
        resolved.handle = UniqueFd(::fcntl(root_.get(), F_DUPFD_CLOEXEC, 0));
    } else {
        resolved.handle = std::move(handles.back());
    }
    return resolved;
}

Result<FileInfo> FileSystem::read_info(const std::string& path, Links links) const {
    return info_of(TRY(open_handle(path, links)), path);
}

Result<ports::ReadFile> FileSystem::read_file(const std::string& path, Links links, std::uint64_t limit) const {
    const auto handle = TRY(open_handle(path, links));
    const auto info = TRY(info_of(handle, path));
    if (info.type != FileType::regular) {
        return wrong_type(path, describe(info.type));
    }
    const auto file = TRY(reopen(handle, path));
    return ports::ReadFile{info, TRY(read_all(file, path, info, limit))};
}

/// O_DIRECTORY refuses anything else before it is opened.
Result<UniqueFd> FileSystem::open_directory(const std::string& path) const {
    constexpr int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
    UniqueFd directory;
    if (resolver_ == Resolver::walk) {
        directory = UniqueFd(::openat(TRY(open_handle(path, Links::follow)).get(), ".", flags));
    } else if (path.contains('\0')) {
        return failed(EINVAL, path);
    } else {
        directory = UniqueFd(open_in_root(root_.get(), path.c_str(), flags));
    }
    if (!directory) {
        return failed(errno, path);
    }
    return directory;
}

Result<std::vector<std::string>> FileSystem::read_directory(const std::string& path) const {
    auto readable = TRY(open_directory(path));
    const std::unique_ptr<DIR, int (*)(DIR*)> stream(::fdopendir(readable.get()), ::closedir);
    if (!stream) {
        return failed(errno, path);
    }
    static_cast<void>(readable.release());  // the stream owns it now
    std::vector<std::string> names;
    for (;;) {
        errno = 0;
        const auto* entry = ::readdir(stream.get());  // NOLINT(concurrency-mt-unsafe): a stream of our own
        if (entry == nullptr) {
            break;
        }
        const std::string_view name = entry->d_name;
        if (name == "." || name == "..") {
            continue;
        }
        if (names.size() == max_names) {
            return fail(ErrorCode::too_large, escape_for_terminal(path, 512) + ": too many files in one directory");
        }
        names.emplace_back(name);
    }
    if (errno != 0) {
        return failed(errno, path);
    }
    std::ranges::sort(names);
    return names;
}

Result<std::string> FileSystem::read_real_path(const std::string& path) const {
    return TRY(walk(path, Links::follow)).real_path;
}

Result<std::string> FileSystem::read_link(const std::string& path) const {
    return link_target(TRY(open_handle(path, Links::refuse)), path);
}

}  // namespace sshkeep::host
