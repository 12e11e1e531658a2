#include "support/fake_host.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace sshkeep::support {
namespace {

std::string parent_of(const std::string& path) {
    const auto slash = path.rfind('/');
    return slash == 0 || slash == std::string::npos ? "/" : path.substr(0, slash);
}

std::vector<std::string> reversed_components(std::string_view path) {
    std::vector<std::string> parts;
    for (const auto part : split(path, '/')) {
        if (!part.empty() && part != ".") {
            parts.emplace_back(part);
        }
    }
    std::ranges::reverse(parts);
    return parts;
}

}  // namespace

FakeHost::FakeHost() { put("/", ports::FileType::directory, {.mode = 0755}); }

FakeHost::Node& FakeHost::put(const std::string& path, ports::FileType type, const Owner& owner) {
    if (path != "/" && !nodes_.contains(parent_of(path))) {
        put(parent_of(path), ports::FileType::directory, {.mode = 0755});
    }
    auto& node = nodes_[path];
    node.info = {.type = type, .uid = owner.uid, .gid = owner.gid, .mode = owner.mode, .inode = next_inode_++};
    return node;
}

void FakeHost::add_file(const std::string& path, std::string bytes, const Owner& owner) {
    auto& node = put(path, ports::FileType::regular, owner);
    node.info.size = bytes.size();
    node.bytes = std::move(bytes);
}

void FakeHost::add_directory(const std::string& path, const Owner& owner) {
    put(path, ports::FileType::directory, owner);
}

void FakeHost::add_link(const std::string& path, std::string target) {
    put(path, ports::FileType::symlink, {.mode = 0777}).bytes = std::move(target);
}

void FakeHost::add_special(const std::string& path, ports::FileType type) { put(path, type, {.mode = 0666}); }

void FakeHost::deny(const std::string& path) { nodes_.at(path).denied = true; }

void FakeHost::deny_reading(const std::string& path) { nodes_.at(path).unreadable = true; }

void FakeHost::add_account(ports::PasswdEntry entry, const std::string& password) {
    auto text = nodes_.contains("/etc/passwd") ? nodes_.at("/etc/passwd").bytes : std::string{};
    text += entry.name + ":" + password + ":" + std::to_string(entry.uid) + ":" + std::to_string(entry.gid) + ":" +
            entry.gecos + ":" + entry.home + ":" + entry.shell + "\n";
    add_file("/etc/passwd", std::move(text));
    accounts.push_back(std::move(entry));
}

Result<std::string> FakeHost::resolve(const std::string& path, ports::Links links) {
    constexpr int max_links = 40;
    auto pending = reversed_components(path);
    std::string current = "/";
    for (int followed = 0; !pending.empty();) {
        const auto name = std::move(pending.back());
        pending.pop_back();
        if (nodes_.at(current).denied) {
            return fail(ErrorCode::permission, path + ": Permission denied");
        }
        if (name == "..") {
            current = parent_of(current);
            continue;
        }
        const auto next = (current == "/" ? "" : current) + "/" + name;
        const auto node = nodes_.find(next);
        if (node == nodes_.end()) {
            return fail(ErrorCode::not_found, path + ": No such file or directory");
        }
        if (node->second.info.type == ports::FileType::symlink && (links == ports::Links::follow || !pending.empty())) {
            if (++followed > max_links) {
                return fail(ErrorCode::wrong_type, path + ": Too many levels of symbolic links");
            }
            const auto& target = node->second.bytes;
            current = target.starts_with('/') ? "/" : current;
            std::ranges::move(reversed_components(target), std::back_inserter(pending));
            continue;
        }
        current = next;
    }
    return current;
}

Result<FakeHost::Node*> FakeHost::find(const std::string& path, ports::Links links) {
    ++calls;
    auto& node = nodes_.at(TRY(resolve(path, links)));
    if (node.denied) {
        return fail(ErrorCode::permission, path + ": Permission denied");
    }
    return &node;
}

Result<ports::FileInfo> FakeHost::read_info(const std::string& path, ports::Links links) {
    return TRY(find(path, links))->info;
}

Result<ports::ReadFile> FakeHost::read_file(const std::string& path, ports::Links links, std::uint64_t limit) {
    const auto* node = TRY(find(path, links));
    if (node->info.type != ports::FileType::regular) {
        return fail(ErrorCode::wrong_type, path + ": not a regular file");
    }
    if (node->unreadable) {
        return fail(ErrorCode::permission, path + ": Permission denied");
    }
    if (node->bytes.size() > limit) {
        return fail(ErrorCode::too_large, path + ": too large");
    }
    return ports::ReadFile{node->info, node->bytes};
}

Result<std::vector<std::string>> FakeHost::read_directory(const std::string& path) {
    const auto* node = TRY(find(path, ports::Links::follow));
    if (node->info.type != ports::FileType::directory) {
        return fail(ErrorCode::not_found, path + ": Not a directory");
    }
    if (node->unreadable) {
        return fail(ErrorCode::permission, path + ": Permission denied");
    }
    const auto real = TRY(resolve(path, ports::Links::follow));
    std::vector<std::string> names;
    for (const auto& [name, child] : nodes_) {
        if (name != "/" && parent_of(name) == real) {
            names.push_back(name.substr(name.rfind('/') + 1));
        }
    }
    return names;
}

Result<std::string> FakeHost::read_real_path(const std::string& path) {
    ++calls;
    return resolve(path, ports::Links::follow);
}

Result<std::string> FakeHost::read_link(const std::string& path) {
    const auto* node = TRY(find(path, ports::Links::refuse));
    if (node->info.type != ports::FileType::symlink) {
        return fail(ErrorCode::wrong_type, path + ": not a symbolic link");
    }
    return node->bytes;
}

Result<std::vector<ports::ListeningSocket>> FakeHost::read_listeners() {
    if (!is_running) {
        return fail(ErrorCode::unsupported, "an offline tree has no sockets");
    }
    return listeners;
}

}  // namespace sshkeep::support
