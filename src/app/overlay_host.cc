#include "app/overlay_host.h"

#include <algorithm>

namespace sshkeep::app {
namespace {

using ports::FileInfo;
using ports::FileType;
using ports::Links;
using ports::ReadFile;

std::string directory_of(const std::string& path) {
    const auto slash = path.rfind('/');
    return slash == 0 || slash == std::string::npos ? "/" : path.substr(0, slash);
}

/// No file of a real host has it: device 0 is no file system.
constexpr std::uint64_t no_device = 0;

}  // namespace

std::string OverlayHost::resolved(const std::string& path) {
    if (files_.contains(path) || directories_.contains(path)) {
        return path;
    }
    if (auto real = host_.read_real_path(path)) {
        return *std::move(real);
    }
    auto directory = host_.read_real_path(directory_of(path));
    return directory ? (*directory == "/" ? "" : *directory) + path.substr(path.rfind('/')) : path;
}

Result<void> OverlayHost::put(const std::string& path, std::string bytes, std::uint32_t mode, std::uint32_t uid,
                              std::uint32_t gid) {
    const auto real = resolved(path);
    auto info = host_.read_info(real, Links::refuse);
    if (!info && info.error().code != ErrorCode::not_found) {
        return std::unexpected(std::move(info).error());
    }
    FileInfo made{.type = FileType::regular, .uid = uid, .gid = gid, .mode = mode, .device = no_device};
    made.inode = files_.size() + directories_.size() + 1;
    if (info) {
        made = *info;
    } else {
        const auto directory = directory_of(real);
        const bool exists = host_.read_info(directory, Links::follow).has_value();
        if (!exists && !directories_.contains(directory)) {
            directories_[directory] = {
                .type = FileType::directory, .uid = uid, .gid = gid, .mode = 0755, .device = no_device};
            directories_[directory].inode = files_.size() + directories_.size() + 1;
        }
        made.inode = files_.size() + directories_.size() + 1;
    }
    made.size = bytes.size();
    files_[real] = ReadFile{made, std::move(bytes)};
    return {};
}

void OverlayHost::add_account(ports::PasswdEntry account, const std::vector<std::string>& groups) {
    for (const auto& group : groups) {
        memberships_.emplace_back(group, account.name);
    }
    accounts_.push_back(std::move(account));
}

Result<FileInfo> OverlayHost::read_info(const std::string& path, Links links) {
    const auto real = links == Links::follow ? resolved(path) : path;
    if (const auto file = files_.find(real); file != files_.end()) {
        return file->second.info;
    }
    if (const auto directory = directories_.find(real); directory != directories_.end()) {
        return directory->second;
    }
    return host_.read_info(path, links);
}

Result<ReadFile> OverlayHost::read_file(const std::string& path, Links links, std::uint64_t limit) {
    const auto real = links == Links::follow ? resolved(path) : path;
    const auto file = files_.find(real);
    if (file == files_.end()) {
        return host_.read_file(path, links, limit);
    }
    if (file->second.bytes.size() > limit) {
        return fail(ErrorCode::too_large, path + ": too large");
    }
    return file->second;
}

Result<std::vector<std::string>> OverlayHost::read_directory(const std::string& path) {
    const auto real = resolved(path);
    auto names = host_.read_directory(path);
    if (!names && !directories_.contains(real)) {
        return names;
    }
    auto all = names ? *std::move(names) : std::vector<std::string>();
    const auto add = [&](const std::string& child) {
        if (directory_of(child) == real) {
            all.push_back(child.substr(child.rfind('/') + 1));
        }
    };
    std::ranges::for_each(files_, [&](const auto& file) { add(file.first); });
    std::ranges::for_each(directories_, [&](const auto& directory) { add(directory.first); });
    std::ranges::sort(all);
    const auto repeated = std::ranges::unique(all);
    all.erase(repeated.begin(), repeated.end());
    return all;
}

Result<std::string> OverlayHost::read_real_path(const std::string& path) {
    const auto real = resolved(path);
    if (files_.contains(real) || directories_.contains(real)) {
        return real;
    }
    return host_.read_real_path(path);
}

Result<std::vector<ports::PasswdEntry>> OverlayHost::read_accounts() {
    auto all = host_.read_accounts();
    if (all) {
        all->insert(all->end(), accounts_.begin(), accounts_.end());
    }
    return all;
}

Result<std::vector<ports::GroupEntry>> OverlayHost::read_groups() {
    auto all = host_.read_groups();
    for (const auto& [group, account] : memberships_) {
        if (!all) {
            break;
        }
        const auto found = std::ranges::find(*all, group, &ports::GroupEntry::name);
        if (found != all->end()) {
            found->members.push_back(account);
        }
    }
    return all;
}

}  // namespace sshkeep::app
