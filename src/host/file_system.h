#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "host/unique_fd.h"
#include "ports/host.h"

namespace sshkeep::host {

/// The files below one directory, read so that hostile contents can neither block nor lead outside: absolute links and
/// ".." stop at that directory, magic links of /proc are not followed, and a file is opened for reading only after its
/// handle (O_PATH) has proved to be a regular file, so no driver ever sees an open.
class FileSystem {
public:
    /// Who resolves paths: the kernel with openat2(2), or this class component by component where there is no openat2.
    enum class Resolver : std::uint8_t { kernel, walk };

    [[nodiscard]] static Result<FileSystem> open(const std::string& directory);
    [[nodiscard]] static Result<FileSystem> open(const std::string& directory, Resolver resolver);

    [[nodiscard]] Result<ports::FileInfo> read_info(const std::string& path, ports::Links links) const;
    [[nodiscard]] Result<ports::ReadFile> read_file(const std::string& path, ports::Links links,
                                                    std::uint64_t limit) const;
    [[nodiscard]] Result<std::vector<std::string>> read_directory(const std::string& path) const;
    [[nodiscard]] Result<std::string> read_real_path(const std::string& path) const;
    [[nodiscard]] Result<std::string> read_link(const std::string& path) const;

private:
    FileSystem(UniqueFd root, Resolver resolver) : root_(std::move(root)), resolver_(resolver) {}

    /// A path opened with O_PATH: proves where it leads, gives no access to the contents.
    [[nodiscard]] Result<UniqueFd> open_handle(const std::string& path, ports::Links links) const;

    [[nodiscard]] Result<UniqueFd> open_directory(const std::string& path) const;

    struct Resolved {
        UniqueFd handle;
        std::string real_path;
    };
    [[nodiscard]] Result<Resolved> walk(const std::string& path, ports::Links links) const;

    UniqueFd root_;
    Resolver resolver_;
};

}  // namespace sshkeep::host
