#include "host/files_host.h"

namespace sshkeep::host {

Result<ports::FileInfo> FilesHost::read_info(const std::string& path, ports::Links links) {
    return files_.read_info(path, links);
}

Result<ports::ReadFile> FilesHost::read_file(const std::string& path, ports::Links links, std::uint64_t limit) {
    return files_.read_file(path, links, limit);
}

Result<std::vector<std::string>> FilesHost::read_directory(const std::string& path) {
    return files_.read_directory(path);
}

Result<std::string> FilesHost::read_real_path(const std::string& path) { return files_.read_real_path(path); }

Result<std::string> FilesHost::read_link(const std::string& path) { return files_.read_link(path); }

}  // namespace sshkeep::host
