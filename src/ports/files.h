#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sshkeep::ports {

/// Owner and permission bits (07777) of a file to be made.
struct Attributes {
    std::uint32_t mode = 0600;
    std::uint32_t uid = 0;
    std::uint32_t gid = 0;
};

/// Changes of files on the running host, only in directories that nobody but root can write: each directory on the way
/// belongs to root, is writable by nobody else and is no link, else the call fails with `wrong_type` and changes
/// nothing. Paths are absolute. When a call returns, what it did is on the disk; a crash in the middle leaves the old
/// or the new.
class Files {
public:
    virtual ~Files() = default;
    Files() = default;
    Files(const Files&) = delete;
    Files& operator=(const Files&) = delete;

    /// A regular file's bytes; at most 16 MiB. Errors: not_found, wrong_type, too_large.
    [[nodiscard]] virtual Result<std::string> read(const std::string& path) = 0;
    [[nodiscard]] virtual Result<bool> exists(const std::string& path) = 0;
    /// Names in a directory, sorted; an absent one has none.
    [[nodiscard]] virtual Result<std::vector<std::string>> list(const std::string& directory) = 0;
    /// With its parents, which get mode 0755. A directory that exists already is left as it is.
    [[nodiscard]] virtual Result<void> make_directory(const std::string& path, std::uint32_t mode) = 0;
    /// Replaces or makes a file. Without attributes it must exist, and owner, mode and extended attributes stay.
    [[nodiscard]] virtual Result<void> write(const std::string& path, std::string_view bytes,
                                             std::optional<Attributes> attributes) = 0;
    /// Bytes, owner, mode, times and extended attributes.
    [[nodiscard]] virtual Result<void> copy(const std::string& from, const std::string& to) = 0;
    /// An empty file with the modification time of another file or directory.
    [[nodiscard]] virtual Result<void> stamp(const std::string& of, const std::string& to) = 0;
    /// A hard link; replaces nothing.
    [[nodiscard]] virtual Result<void> link(const std::string& existing, const std::string& path) = 0;
    [[nodiscard]] virtual Result<void> make_symlink(const std::string& target, const std::string& path) = 0;
    /// Replaces `to`. Error not_found: `from` is not there.
    [[nodiscard]] virtual Result<void> rename(const std::string& from, const std::string& to) = 0;
    /// A file or a link; one that is not there is no error.
    [[nodiscard]] virtual Result<void> remove(const std::string& path) = 0;

    class Lock {
    public:
        virtual ~Lock() = default;
        Lock() = default;
        Lock(const Lock&) = delete;
        Lock& operator=(const Lock&) = delete;
    };
    /// Held until it is destroyed or the process ends, however that happens. nullptr: another process holds it.
    [[nodiscard]] virtual Result<std::unique_ptr<Lock>> lock(const std::string& path) = 0;
};

}  // namespace sshkeep::ports
