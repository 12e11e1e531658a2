#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sshkeep::ports {

enum class FileType : std::uint8_t { regular, directory, symlink, fifo, socket, device, other };

/// What lstat or fstat tells of a path.
struct FileInfo {
    FileType type = FileType::other;
    std::uint32_t uid = 0;
    std::uint32_t gid = 0;
    std::uint32_t mode = 0;  ///< permission bits with setuid, setgid and sticky (07777)
    std::uint64_t size = 0;
    std::int64_t mtime = 0;  ///< seconds since the epoch
    std::uint64_t device = 0;
    std::uint64_t inode = 0;

    friend bool operator==(const FileInfo&, const FileInfo&) = default;
};

enum class Links : std::uint8_t {
    follow,  ///< as sshd's open(2) does; inside an offline tree links resolve below that tree and never leave it
    refuse,  ///< a link as the last component gives wrong_type
};

struct ReadFile {
    FileInfo info;  ///< of the descriptor that was read
    std::string bytes;
};

/// An account as the passwd database gives it.
struct PasswdEntry {
    std::string name;
    std::uint32_t uid = 0;
    std::uint32_t gid = 0;
    std::string gecos;
    std::string home;
    std::string shell;
};

struct GroupEntry {
    std::string name;
    std::uint32_t gid = 0;
    std::vector<std::string> members;
};

/// A listening TCP socket.
struct ListeningSocket {
    std::string address;  ///< numeric
    std::uint16_t port = 0;
    std::string process;  ///< comm of an owner, "sshd" or "systemd"; empty when it could not be read
    std::uint32_t pid = 0;
};

/// A machine that is looked at: the running one or an offline tree. Paths are absolute and the host's own.
/// Every read is bounded, never blocks on a FIFO or device, and executes nothing. Not thread-safe.
class Host {
public:
    virtual ~Host() = default;
    Host() = default;
    Host(const Host&) = delete;
    Host& operator=(const Host&) = delete;

    /// False for an offline tree: there are no processes, sockets or name services to ask.
    [[nodiscard]] virtual bool running() const noexcept = 0;
    /// stat(2) or lstat(2). Errors: not_found, permission, io.
    [[nodiscard]] virtual Result<FileInfo> read_info(const std::string& path, Links links) = 0;
    /// A regular file's bytes. Errors: not_found, permission, wrong_type, too_large (more than `limit` bytes), io.
    [[nodiscard]] virtual Result<ReadFile> read_file(const std::string& path, Links links, std::uint64_t limit) = 0;
    /// Names in a directory, sorted bytewise, without "." and "..".
    [[nodiscard]] virtual Result<std::vector<std::string>> read_directory(const std::string& path) = 0;
    /// realpath(3) within the host.
    [[nodiscard]] virtual Result<std::string> read_real_path(const std::string& path) = 0;
    /// The target of a symbolic link.
    [[nodiscard]] virtual Result<std::string> read_link(const std::string& path) = 0;
    /// All accounts: NSS on the running host, /etc/passwd in a tree.
    [[nodiscard]] virtual Result<std::vector<PasswdEntry>> read_accounts() = 0;
    [[nodiscard]] virtual Result<std::vector<GroupEntry>> read_groups() = 0;
    /// Listening TCP sockets; `unsupported` for an offline tree.
    [[nodiscard]] virtual Result<std::vector<ListeningSocket>> read_listeners() = 0;
    /// Kernel host name, or the tree's /etc/hostname.
    [[nodiscard]] virtual Result<std::string> read_hostname() = 0;
};

}  // namespace sshkeep::ports
