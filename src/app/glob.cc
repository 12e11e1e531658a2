#include "app/glob.h"

#include <algorithm>

#include "base/escape.h"
#include "base/text.h"

namespace sshkeep::app {
namespace {

constexpr std::size_t max_paths = 4096;

bool has_wildcard(std::string_view component) { return component.find_first_of("*?[") != std::string_view::npos; }

std::string without_backslashes(std::string_view component) {
    std::string plain;
    for (std::size_t i = 0; i < component.size(); ++i) {
        i += component[i] == '\\' && i + 1 < component.size() ? 1U : 0U;
        plain += component[i];
    }
    return plain;
}

/// Adds to `found` what matches one component below `directory`.
Result<void> expand(ports::Host& host, const std::string& directory, std::string_view component,
                    std::vector<std::string>& found) {
    const auto names = host.read_directory(directory.empty() ? "/" : directory);
    if (!names) {
        const bool absent = names.error().code == ErrorCode::not_found || names.error().code == ErrorCode::wrong_type;
        return absent ? Result<void>{} : std::unexpected(names.error());
    }
    for (const auto& name : *names) {
        if (!glob_matches(component, name)) {
            continue;
        }
        if (found.size() == max_paths) {
            return fail(ErrorCode::too_large, "more than 4096 paths match");
        }
        found.push_back(std::string(directory).append("/").append(name));
    }
    return {};
}

}  // namespace

Result<std::vector<std::string>> read_glob(ports::Host& host, std::string_view pattern) {
    std::vector<std::string> paths{""};
    for (const auto component : split(pattern, '/')) {
        if (component.empty()) {
            continue;
        }
        if (!has_wildcard(component)) {
            const auto plain = without_backslashes(component);
            std::ranges::for_each(paths, [&](std::string& path) { path.append("/").append(plain); });
            continue;
        }
        std::vector<std::string> found;
        for (const auto& directory : paths) {
            if (auto expanded = expand(host, directory, component, found); !expanded) {
                return std::unexpected(std::move(expanded).error().in(escape_for_terminal(pattern, 256)));
            }
        }
        paths = std::move(found);
    }
    std::erase_if(paths, [&](const std::string& path) {
        const auto info = host.read_info(path, ports::Links::refuse);
        return !info && info.error().code != ErrorCode::permission;
    });
    std::ranges::sort(paths);
    return paths;
}

}  // namespace sshkeep::app
