#include "app/paths.h"

#include <algorithm>
#include <ranges>
#include <utility>

#include "base/escape.h"

namespace sshkeep::app {
namespace {

constexpr int max_links = 40;
constexpr std::size_t max_levels = 128;

facts::FileType type_of(ports::FileType type) {
    switch (type) {
        case ports::FileType::regular:
            return facts::FileType::regular;
        case ports::FileType::directory:
            return facts::FileType::directory;
        case ports::FileType::symlink:
            return facts::FileType::symlink;
        case ports::FileType::fifo:
            return facts::FileType::fifo;
        case ports::FileType::socket:
            return facts::FileType::socket;
        case ports::FileType::device:
            return facts::FileType::device;
        case ports::FileType::other:
            break;
    }
    return facts::FileType::other;
}

/// Adds the components of a path so that the first is popped first.
void push_components(std::vector<std::string>& pending, std::string_view path) {
    const auto before = pending.size();
    for (const auto part : std::views::split(path, '/')) {
        const std::string_view name(part.begin(), part.end());
        if (!name.empty() && name != ".") {
            pending.emplace_back(name);
        }
    }
    std::ranges::reverse(pending.begin() + static_cast<std::ptrdiff_t>(before), pending.end());
}

std::string child_of(const std::string& directory, std::string_view name) {
    std::string path = directory == "/" ? std::string{} : directory;
    return path.append("/").append(name);
}

}  // namespace

facts::Fact<facts::PathInfo> PathReader::link_info(const std::string& path) {
    if (const auto known = directories_.find(path); known != directories_.end()) {
        return known->second;
    }
    facts::PathInfo info{.path = path};
    if (known_absent(path)) {
        return info;
    }
    const auto found = host_.read_info(path, ports::Links::refuse);
    if (!found) {
        if (found.error().code == ErrorCode::not_found) {
            return info;
        }
        return std::unexpected(found.error());
    }
    info.exists = true;
    info.type = type_of(found->type);
    info.uid = found->uid;
    info.gid = found->gid;
    info.mode = found->mode;
    info.size = found->size;
    info.mtime = found->mtime;
    if (info.type == facts::FileType::directory) {
        directories_.emplace(path, info);
    }
    return info;
}

facts::Fact<facts::PathWalk> PathReader::walk(const std::string& path) {
    const auto too_many = [&](const char* what) {
        return fail(ErrorCode::too_large, escape_for_terminal(path, 256) + ": too many " + what);
    };
    facts::PathWalk walk{.named = path, .steps = {TRY(link_info("/"))}};  // steps from "/" downwards, turned at the end
    std::vector<std::string> pending;
    push_components(pending, path);
    for (int links = 0; !pending.empty();) {
        const auto name = std::move(pending.back());
        pending.pop_back();
        if (name == "..") {
            if (walk.steps.size() > 1) {
                walk.steps.pop_back();
            }
            continue;
        }
        if (walk.steps.size() > max_levels) {
            return too_many("levels of directories");
        }
        auto step = TRY(link_info(child_of(walk.steps.back().path, name)));
        if (step.exists && step.type == facts::FileType::symlink) {
            if (++links > max_links) {
                return too_many("symbolic links");
            }
            const auto target = TRY(host_.read_link(step.path));
            if (target.starts_with('/')) {
                walk.steps.resize(1);
            }
            push_components(pending, target);
            continue;
        }
        const bool dead_end = !pending.empty() && (!step.exists || step.type != facts::FileType::directory);
        if (dead_end) {
            // Neither a missing directory nor a file has anything below it.
            if (step.exists) {
                walk.steps.push_back(std::move(step));
                step = {.path = walk.steps.back().path};
            }
            for (const auto& rest : pending | std::views::reverse) {
                step.path.append("/").append(rest);
            }
            pending.clear();
        }
        walk.steps.push_back(std::move(step));
    }
    std::ranges::reverse(walk.steps);
    return walk;
}

Result<const std::vector<std::string>*> PathReader::list(const std::string& directory) {
    const auto known = listings_.find(directory);
    if (known != listings_.end()) {
        return &known->second;
    }
    return &listings_.emplace(directory, TRY(host_.read_directory(directory))).first->second;
}

bool PathReader::known_absent(const std::string& path) const {
    const auto slash = path.rfind('/');
    const auto listing = listings_.empty() ? listings_.end() : listings_.find(path.substr(0, slash));
    return listing != listings_.end() && !std::ranges::binary_search(listing->second, path.substr(slash + 1));
}

facts::Fact<facts::PathInfo> PathReader::info(const std::string& path) {
    auto walked = TRY(walk(path));
    return std::move(walked.steps.front());
}

}  // namespace sshkeep::app
