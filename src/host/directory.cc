#include "host/directory.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdint>
#include <system_error>

#include "base/escape.h"
#include "base/text.h"

namespace sshkeep::host {
namespace {

constexpr std::size_t shown_path = 512;

ErrorCode code_of(int error) noexcept {
    switch (error) {
        case ENOENT:
            return ErrorCode::not_found;
        case EACCES:
        case EPERM:
        case EROFS:
            return ErrorCode::permission;
        case ELOOP:
        case ENOTDIR:
            return ErrorCode::wrong_type;
        default:
            return ErrorCode::io;
    }
}

/// On the way, a directory like /tmp will do: its sticky bit keeps others from renaming what belongs to root, and the
/// next component is looked at in turn.
enum class Part : std::uint8_t { on_the_way, last };

Result<void> trust(const UniqueFd& directory, const std::string& path, Part part) {
    struct stat status{};
    if (::fstat(directory.get(), &status) != 0) {
        return std::unexpected(system_failure(path));
    }
    if (status.st_uid != 0 && status.st_uid != ::geteuid()) {
        return fail(ErrorCode::wrong_type, escape_for_terminal(path, shown_path) + ": does not belong to root");
    }
    constexpr mode_t others = S_IWGRP | S_IWOTH;
    const bool sticky = part == Part::on_the_way && (status.st_mode & S_ISVTX) != 0;
    if ((status.st_mode & others) != 0 && !sticky) {
        return fail(ErrorCode::wrong_type,
                    escape_for_terminal(path, shown_path) + ": others than root can write to it");
    }
    return {};
}

}  // namespace

Error system_failure(const std::string& path) {
    const int error = errno;
    return Error{code_of(error), escape_for_terminal(path, shown_path) + ": " + std::generic_category().message(error)};
}

Result<UniqueFd> open_trusted_directory(int root, const std::string& path) {
    if (!path.starts_with('/')) {
        return fail(ErrorCode::invalid, escape_for_terminal(path, shown_path) + ": not an absolute path");
    }
    constexpr int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    UniqueFd here(::openat(root, ".", flags));
    if (!here) {
        return std::unexpected(system_failure("/"));
    }
    std::string walked;
    for (const auto component : split(path, '/')) {
        if (component.empty()) {
            continue;
        }
        if (component == "." || component == "..") {
            return fail(ErrorCode::invalid, escape_for_terminal(path, shown_path) + ": not a plain path");
        }
        TRY(trust(here, walked.empty() ? "/" : walked, Part::on_the_way));
        walked.append("/").append(component);
        UniqueFd next(::openat(here.get(), std::string(component).c_str(), flags));
        if (!next) {
            return std::unexpected(system_failure(walked));
        }
        here = std::move(next);
    }
    TRY(trust(here, walked.empty() ? "/" : walked, Part::last));
    return here;
}

Result<Place> open_place(int root, const std::string& path) {
    const auto slash = path.rfind('/');
    if (slash == std::string::npos || slash + 1 == path.size() || path.ends_with("/..") || path.ends_with("/.")) {
        return fail(ErrorCode::invalid, escape_for_terminal(path, shown_path) + ": does not name a file");
    }
    auto directory = TRY(open_trusted_directory(root, path.substr(0, slash + 1)));
    return Place{std::move(directory), path.substr(slash + 1), path};
}

Result<void> sync(const Place& place) {
    if (::fsync(place.directory.get()) != 0) {
        return std::unexpected(system_failure(place.path));
    }
    return {};
}

}  // namespace sshkeep::host
