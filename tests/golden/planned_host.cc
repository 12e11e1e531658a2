#include "golden/planned_host.h"

#include <algorithm>

namespace sshkeep::golden {

PlannedHost::PlannedHost(ports::Host& host, const std::vector<plan::FileChange>& changes) : host_(host) {
    for (const plan::FileChange& change : changes) {
        changes_[change.path] = change;
    }
}

Result<ports::FileInfo> PlannedHost::read_info(const std::string& path, ports::Links links) {
    auto info = host_.read_info(path, links);
    const auto change = changes_.find(path);
    if (!info && change != changes_.end()) {
        return ports::FileInfo{
            .type = ports::FileType::regular, .mode = change->second.mode, .size = change->second.after.size()};
    }
    const bool above =
        std::ranges::any_of(changes_, [&](const auto& one) { return one.first.starts_with(path + "/"); });
    if (!info && above) {
        return ports::FileInfo{.type = ports::FileType::directory, .mode = 0755};
    }
    return info;
}

Result<ports::ReadFile> PlannedHost::read_file(const std::string& path, ports::Links links, std::uint64_t limit) {
    const auto change = changes_.find(path);
    if (change == changes_.end()) {
        return host_.read_file(path, links, limit);
    }
    return ports::ReadFile{.info = TRY(read_info(path, links)), .bytes = change->second.after};
}

Result<std::vector<std::string>> PlannedHost::read_directory(const std::string& path) {
    auto names = host_.read_directory(path);
    for (const auto& [file, change] : changes_) {
        const std::string name = file.substr(file.rfind('/') + 1);
        if (file.substr(0, file.rfind('/')) != path) {
            continue;
        }
        if (!names) {
            names = std::vector<std::string>{};
        }
        if (std::ranges::find(*names, name) == names->end()) {
            names->push_back(name);
        }
    }
    if (names) {
        std::ranges::sort(*names);
    }
    return names;
}

Result<std::string> PlannedHost::read_real_path(const std::string& path) {
    auto real = host_.read_real_path(path);
    return !real && read_info(path, ports::Links::follow) ? Result<std::string>(path) : real;
}

}  // namespace sshkeep::golden
