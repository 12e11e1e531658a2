#include "golden/golden_case.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <sstream>

#include "base/text.h"

namespace sshkeep::golden {
namespace {

namespace fs = std::filesystem;

/// The day on which all cases play, unless they say another.
constexpr std::string_view default_day = "2026-11-22";

std::optional<std::int64_t> parse_day(std::string_view text) {
    const auto pieces = split(text, '-');
    if (pieces.size() != 3) {
        return std::nullopt;
    }
    const auto year = parse_int(pieces[0]);
    const auto month = parse_uint(pieces[1]);
    const auto day = parse_uint(pieces[2]);
    if (!year || !month || !day) {
        return std::nullopt;
    }
    const std::chrono::year_month_day date{std::chrono::year{static_cast<int>(*year)},
                                           std::chrono::month{static_cast<unsigned>(*month)},
                                           std::chrono::day{static_cast<unsigned>(*day)}};
    if (!date.ok()) {
        return std::nullopt;
    }
    return std::chrono::seconds(std::chrono::sys_days{date}.time_since_epoch()).count();
}

std::optional<Verdict> verdict_of(std::string_view folder) {
    const std::string_view word = folder.substr(0, folder.find('-'));
    for (const Verdict verdict : {Verdict::pass, Verdict::fail, Verdict::unknown}) {
        if (word == name_of(verdict)) {
            return verdict;
        }
    }
    return std::nullopt;
}

Error wrong(const fs::path& file, std::string_view line) {
    return {ErrorCode::invalid, file.string() + ": cannot read the line '" + std::string(line) + "'"};
}

Result<void> read_meta(const fs::path& file, Case& golden) {
    std::ifstream stream(file);
    std::string line;
    while (std::getline(stream, line)) {
        const std::string_view text = trim(line);
        if (text.empty() || text.starts_with('#')) {
            continue;
        }
        const std::string_view key = text.substr(0, text.find(' '));
        const std::string_view rest = trim(text.substr(key.size()));
        constexpr std::array preparing = {"mode", "owner", "mkdir", "link", "fifo", "mtime", "remove"};
        if (key == "now") {
            const auto day = parse_day(rest);
            if (!day) {
                return std::unexpected(wrong(file, line));
            }
            golden.now = *day;
        } else if (key == "profile") {
            golden.profile = rest;
        } else if (key == "context-contains") {
            golden.contexts.emplace_back(rest);
        } else if (key == "where") {
            golden.places.emplace_back(rest);
        } else if (std::ranges::find(preparing, key) != preparing.end()) {
            std::vector<std::string> words;
            for (const std::string_view word : split_words(text)) {
                words.emplace_back(word);
            }
            golden.preparations.push_back(std::move(words));
        } else {
            return std::unexpected(wrong(file, line));
        }
    }
    return {};
}

Result<std::vector<Case>> read_rule(const fs::path& folder) {
    std::vector<Case> cases;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
        const std::string name = entry.path().filename().string();
        if (entry.path().extension() == ".meta") {
            if (!fs::is_directory(fs::path(entry.path()).replace_extension())) {
                return fail(ErrorCode::invalid, entry.path().string() + ": there is no folder of that name");
            }
            continue;
        }
        const auto verdict = verdict_of(name);
        if (!entry.is_directory() || !verdict) {
            return fail(ErrorCode::invalid,
                        entry.path().string() + ": must be a folder named pass, fail or unknown[-...]");
        }
        Case golden{.rule = folder.filename().string(), .name = name, .expected = *verdict, .tree = entry.path()};
        golden.now = parse_day(default_day).value_or(0);
        TRY(read_meta(entry.path().string() + ".meta", golden));
        cases.push_back(std::move(golden));
    }
    return cases;
}

bool is_private(const fs::path& path) {
    const std::string name = path.filename().string();
    return name == "shadow" || name == "gshadow" || (name.starts_with("ssh_host_") && name.ends_with("_key"));
}

Result<void> settle(const fs::path& path, std::int64_t now) {
    struct stat info{};
    if (lstat(path.c_str(), &info) != 0 || lchown(path.c_str(), 0, 0) != 0) {
        return fail(ErrorCode::permission, path.string() + ": cannot set the owner; these tests need root");
    }
    if (!S_ISLNK(info.st_mode)) {
        const mode_t mode = S_ISDIR(info.st_mode) ? 0755 : is_private(path) ? 0600 : 0644;
        const std::array<timespec, 2> times = {timespec{.tv_sec = now - 86400, .tv_nsec = 0},
                                               timespec{.tv_sec = now - 86400, .tv_nsec = 0}};
        if (chmod(path.c_str(), mode) != 0 || utimensat(AT_FDCWD, path.c_str(), times.data(), 0) != 0) {
            return fail(ErrorCode::io, path.string() + ": cannot set mode and time");
        }
    }
    return {};
}

Result<void> change_owner(const fs::path& path, std::string_view owner) {
    const auto ids = split(owner, ':');
    const auto uid = parse_uint(ids[0]);
    const auto gid = ids.size() == 2 ? parse_uint(ids[1]) : uid;
    if (!uid || !gid) {
        return fail(ErrorCode::invalid, "owner wants UID:GID");
    }
    std::vector<fs::path> paths{path};
    if (fs::is_directory(fs::symlink_status(path))) {
        for (const fs::directory_entry& entry : fs::recursive_directory_iterator(path)) {
            paths.push_back(entry.path());
        }
    }
    for (const fs::path& each : paths) {
        if (lchown(each.c_str(), static_cast<uid_t>(*uid), static_cast<gid_t>(*gid)) != 0) {
            return fail(ErrorCode::permission, each.string() + ": cannot set the owner");
        }
    }
    return {};
}

Result<void> change_time(const fs::path& path, std::string_view text) {
    const auto day = parse_day(text);
    const std::array<timespec, 2> times = {timespec{.tv_sec = day.value_or(0), .tv_nsec = 0},
                                           timespec{.tv_sec = day.value_or(0), .tv_nsec = 0}};
    if (!day || utimensat(AT_FDCWD, path.c_str(), times.data(), AT_SYMLINK_NOFOLLOW) != 0) {
        return fail(ErrorCode::invalid, "mtime wants YYYY-MM-DD and a path that exists");
    }
    return {};
}

Result<void> prepare(const std::vector<std::string>& words, const fs::path& target) {
    const auto inside = [&](const std::string& path) { return target / fs::path(path).relative_path(); };
    const std::string& verb = words.front();
    std::error_code error;
    if (verb == "owner" && words.size() == 3) {
        return change_owner(inside(words[2]), words[1]);
    }
    if (verb == "mtime" && words.size() == 3) {
        return change_time(inside(words[2]), words[1]);
    }
    if ((verb == "mode" || verb == "mkdir") && words.size() == 3) {
        const auto mode = parse_uint(words[1], 8);
        const fs::path path = inside(words[2]);
        if (verb == "mkdir") {
            fs::create_directories(path, error);
        }
        if (mode && !error && chmod(path.c_str(), static_cast<mode_t>(*mode)) == 0) {
            return {};
        }
    } else if (verb == "link" && words.size() == 4 && words[2] == "->") {
        fs::create_directories(inside(words[1]).parent_path(), error);
        fs::create_symlink(words[3], inside(words[1]), error);
        if (!error) {
            return {};
        }
    } else if (verb == "fifo" && words.size() == 2 && mkfifo(inside(words[1]).c_str(), 0644) == 0) {
        return {};
    } else if (verb == "remove" && words.size() == 2 && fs::remove_all(inside(words[1]), error) > 0) {
        return {};
    }
    std::string line;
    for (const std::string& word : words) {
        line += (line.empty() ? "" : " ") + word;
    }
    return fail(ErrorCode::invalid, "cannot do '" + line + "'");
}

}  // namespace

Result<std::vector<Case>> read_cases(const fs::path& audit) {
    std::vector<Case> cases;
    for (const fs::directory_entry& entry : fs::directory_iterator(audit)) {
        if (entry.is_directory()) {
            auto more = TRY(read_rule(entry.path()));
            std::ranges::move(more, std::back_inserter(cases));
        }
    }
    std::ranges::sort(cases, {}, [](const Case& golden) { return std::pair(golden.rule, golden.name); });
    return cases;
}

Result<void> build_tree(const Case& golden, const fs::path& target) {
    std::error_code error;
    fs::copy(golden.tree, target, fs::copy_options::recursive | fs::copy_options::copy_symlinks, error);
    if (error) {
        return fail(ErrorCode::io, golden.tree.string() + ": " + error.message());
    }
    TRY(settle(target, golden.now));
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(target)) {
        TRY(settle(entry.path(), golden.now));
    }
    for (const auto& words : golden.preparations) {
        if (auto done = prepare(words, target); !done) {
            return std::unexpected(std::move(done).error().in(golden.tree.string() + ".meta"));
        }
    }
    return {};
}

}  // namespace sshkeep::golden
