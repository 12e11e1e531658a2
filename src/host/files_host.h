#pragma once

#include "host/file_system.h"
#include "ports/host.h"

namespace sshkeep::host {

/// What both hosts have in common: files.
class FilesHost : public ports::Host {
public:
    explicit FilesHost(FileSystem files) : files_(std::move(files)) {}

    Result<ports::FileInfo> read_info(const std::string& path, ports::Links links) override;
    Result<ports::ReadFile> read_file(const std::string& path, ports::Links links, std::uint64_t limit) override;
    Result<std::vector<std::string>> read_directory(const std::string& path) override;
    Result<std::string> read_real_path(const std::string& path) override;
    Result<std::string> read_link(const std::string& path) override;

protected:
    [[nodiscard]] const FileSystem& files() const noexcept { return files_; }

private:
    FileSystem files_;
};

}  // namespace sshkeep::host
