// Reads the main file and everything it includes, in sshd's order.
#include <map>

#include "base/check.h"
#include "base/text.h"
#include "sshdconf/check_config.h"
#include "sshdconf/tokenizer.h"
#include "sshdconf/version_number.h"

namespace sshkeep::sshdconf {

namespace {

constexpr unsigned max_depth = 16;
constexpr std::size_t max_file_bytes = std::size_t{1} << 20;
constexpr std::size_t max_files = 4096;  // visits: a file included twice counts twice
constexpr std::size_t max_total_bytes = std::size_t{16} << 20;

class Reader {
public:
    Reader(FileSource& source, Config& config) : source_(source), config_(config) { config_.blocks.emplace_back(); }

    [[nodiscard]] Result<void> read_main(const std::string& path) {
        const std::uint32_t file = TRY(load(path));
        walk(file, 0, 0);
        return {};
    }

private:
    [[nodiscard]] Result<std::uint32_t> load(const std::string& path) {
        if (const auto known = by_path_.find(path); known != by_path_.end()) {
            return known->second;
        }
        std::string bytes = TRY(source_.read(path));
        if (bytes.size() > max_file_bytes) {
            return fail(ErrorCode::too_large, path + ": larger than 1 MiB");
        }
        const auto index = static_cast<std::uint32_t>(config_.files.size());
        auto lines = parse_lines(bytes, version_number(config_.build));
        config_.files.push_back({path, std::move(bytes), std::move(lines)});
        by_path_.emplace(path, index);
        return index;
    }

    void walk(std::uint32_t file, std::uint32_t base_block, unsigned depth) {
        total_bytes_ += config_.files[file].bytes.size();
        ++visits_;
        std::uint32_t block = base_block;
        for (std::uint32_t i = 0; i < config_.files[file].lines.size(); ++i) {
            const Line& line = config_.files[file].lines[i];
            if (line.keyword.empty()) {
                continue;
            }
            const Origin origin{file, i + 1};
            const auto keyword = find_keyword(line.keyword, config_.build);
            if (keyword && keyword->meaning == Keyword::Meaning::match) {
                config_.blocks.push_back({origin, base_block, std::string(trim(line.rest))});
                block = static_cast<std::uint32_t>(config_.blocks.size() - 1);
            } else if (keyword && keyword->meaning == Keyword::Meaning::include) {
                include(origin, block, depth);
            } else {
                config_.directives.push_back({origin, block});
            }
        }
    }

    void include(const Origin& origin, std::uint32_t block, unsigned depth) {
        const auto patterns = config_.line(origin).arguments;  // a copy: `files` grows
        bool any = false;
        for (const std::string& pattern : patterns) {
            if (pattern.empty()) {
                if (version_number(config_.build) >= 807) {
                    report(Diagnostic::Kind::fatal, origin, "Include with an empty argument");
                }
                break;
            }
            any = true;
            include_pattern(origin, pattern, block, depth);
        }
        if (!any && !config_.line(origin).malformed) {
            report(Diagnostic::Kind::fatal, origin, "Include without a file name");
        } else if (config_.line(origin).malformed) {
            config_.directives.push_back({origin, block});
        }
    }

    void include_pattern(const Origin& origin, const std::string& pattern, std::uint32_t block, unsigned depth) {
        const bool anchored = pattern.starts_with('/') || pattern.starts_with('~');
        const auto paths = source_.glob(anchored ? pattern : "/etc/ssh/" + pattern);
        if (!paths) {
            leave_unknown(origin, block, paths.error().message);
            return;
        }
        for (const std::string& path : *paths) {
            if (depth >= max_depth) {
                if (!std::exchange(too_deep_, true)) {
                    report(Diagnostic::Kind::fatal, origin,
                           "more than 16 levels of Include; does " + path + " include itself?");
                }
                return;
            }
            if (too_deep_) {
                return;  // sshd has given up by now
            }
            if (visits_ >= max_files || total_bytes_ >= max_total_bytes) {
                leave_unknown(origin, block, path + ": more than 4096 files or 16 MiB of configuration; not read");
                return;
            }
            if (const auto file = load(path)) {
                walk(*file, block, depth + 1);
            } else {
                leave_unknown(origin, block, file.error().message);
            }
        }
    }

    /// The Include line itself stays among the directives, for the evaluator: from here on values are uncertain.
    void leave_unknown(const Origin& origin, std::uint32_t block, const std::string& why) {
        report(Diagnostic::Kind::unreadable, origin, "cannot include: " + why);
        config_.directives.push_back({origin, block});
    }

    void report(Diagnostic::Kind kind, const Origin& origin, std::string message) {
        config_.diagnostics.push_back({kind, origin, std::move(message)});
    }

    FileSource& source_;
    Config& config_;
    std::map<std::string, std::uint32_t, std::less<>> by_path_;
    std::size_t visits_ = 0;
    std::size_t total_bytes_ = 0;
    bool too_deep_ = false;
};

}  // namespace

std::string_view File::text(std::size_t line_index) const {
    CHECK(line_index < lines.size());
    const Line& line = lines[line_index];
    std::string_view text = std::string_view(bytes).substr(line.begin, line.end - line.begin);
    text.remove_suffix(text.ends_with('\n') ? 1 : 0);
    return text;
}

const Line& Config::line(const Origin& origin) const {
    CHECK(origin.file < files.size() && origin.line >= 1 && origin.line <= files[origin.file].lines.size());
    return files[origin.file].lines[origin.line - 1];
}

const std::string& Config::path(const Origin& origin) const {
    CHECK(origin.file < files.size());
    return files[origin.file].path;
}

Result<Config> parse_config(const std::string& path, FileSource& source, const Build& build) {
    Config config;
    config.build = build;
    TRY(Reader(source, config).read_main(path));
    check_config(config);
    return config;
}

}  // namespace sshkeep::sshdconf
