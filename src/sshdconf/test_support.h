#pragma once

#include <map>
#include <string>
#include <vector>

#include "sshdconf/effective.h"

namespace sshkeep::sshdconf {

/// Files by path. A pattern ending in `*` finds the paths that begin with the rest; unreadable files are found but
/// cannot be read.
class MemorySource final : public FileSource {
public:
    std::map<std::string, std::string> files;
    std::vector<std::string> unreadable;

    Result<std::string> read(const std::string& path) override {
        const auto file = files.find(path);
        return file == files.end() ? Result<std::string>(fail(ErrorCode::permission, path + ": permission denied"))
                                   : file->second;
    }
    Result<std::vector<std::string>> glob(const std::string& pattern) override {
        std::vector<std::string> paths;
        const bool prefix = pattern.ends_with('*');
        const std::string_view stem = std::string_view(pattern).substr(0, pattern.size() - (prefix ? 1 : 0));
        const auto add = [&](const std::string& path) {
            if (prefix ? path.starts_with(stem) : path == stem) {
                paths.push_back(path);
            }
        };
        for (const auto& [path, bytes] : files) {
            add(path);
        }
        for (const std::string& path : unreadable) {
            add(path);
        }
        return paths;
    }
};

inline constexpr const char* main_path = "/etc/ssh/sshd_config";

inline Build bookworm() { return build_of_debian_package("1:9.2p1-2+deb12u10"); }

inline Config config_of(const std::string& text, const Build& build, MemorySource& source) {
    source.files[main_path] = text;
    return parse_config(main_path, source, build).value();
}

inline Config config_of(const std::string& text, const Build& build = bookworm()) {
    MemorySource source;
    return config_of(text, build, source);
}

inline std::string value_of(const Config& config, std::string_view option, const Connection& connection = {}) {
    Evaluator evaluator(config);
    std::string text;
    const Setting* setting = evaluator.at(connection).find(option);
    for (const std::string& value : setting == nullptr ? std::vector<std::string>{} : setting->values) {
        text += (text.empty() ? "" : "|") + value;
    }
    return text;
}

/// What sshd refuses, one message after the other.
inline std::string refusals_of(const Config& config) {
    std::string text;
    for (const Diagnostic& diagnostic : config.diagnostics) {
        if (diagnostic.kind == Diagnostic::Kind::fatal) {
            text += std::to_string(diagnostic.origin.line) + ": " + diagnostic.message + "\n";
        }
    }
    return text;
}

}  // namespace sshkeep::sshdconf
