#include "plan/drop_in.h"

#include <algorithm>
#include <array>
#include <map>

#include "base/text.h"
#include "plan/planned_source.h"
#include "sshdconf/edit.h"
#include "sshdconf/glob.h"

namespace sshkeep::plan {
namespace {

using sshdconf::Config;
using sshdconf::File;
using sshdconf::Keyword;
using Meaning = Keyword::Meaning;

/// The first that sorts before the other files is taken.
constexpr auto names = std::to_array<std::string_view>(
    {"00-sshkeep.conf", "00-00-sshkeep.conf", "00--sshkeep.conf", "0-sshkeep.conf", "0--sshkeep.conf"});
constexpr std::string_view usual_directory = "/etc/ssh/sshd_config.d";

std::string_view directory_of(std::string_view path) { return path.substr(0, path.rfind('/')); }
std::string_view base_of(std::string_view path) { return path.substr(path.rfind('/') + 1); }

bool is_ours(std::string_view path) { return std::ranges::find(names, base_of(path)) != names.end(); }

Meaning meaning_of(const sshdconf::Line& line, const sshdconf::Build& build) {
    const auto keyword = find_keyword(line.keyword, build);
    return keyword ? keyword->meaning : Meaning::unsupported;
}

/// Patterns of the Include lines of the main file that stand outside of Match.
std::vector<std::string> global_patterns(const Config& config) {
    std::vector<std::string> patterns;
    for (const sshdconf::Line& line : config.files[0].lines) {
        const Meaning meaning = meaning_of(line, config.build);
        if (meaning == Meaning::match) {
            break;
        }
        for (const std::string& pattern : meaning == Meaning::include ? line.arguments : std::vector<std::string>{}) {
            patterns.push_back(pattern.starts_with('/') ? pattern : "/etc/ssh/" + pattern);
        }
    }
    return patterns;
}

bool sorts_first(const Config& config, const std::string& path, const std::string& pattern) {
    return std::ranges::none_of(
        config.files, [&](const File& file) { return file.path < path && sshdconf::path_matches(pattern, file.path); });
}

std::uint32_t first_directive(const File& file) {
    const auto line = std::ranges::find_if(file.lines, [](const sshdconf::Line& l) { return !l.keyword.empty(); });
    return with_comment_above(file, static_cast<std::uint32_t>(line - file.lines.begin()) + 1);
}

/// As the other files beside it: 0600 unless they may be read by others, too.
std::uint32_t mode_beside(const facts::HostFacts& facts, std::string_view path) {
    std::uint32_t mode = 0;
    for (const facts::PathWalk& walk : facts.config_paths) {
        const bool file = walk.exists() && walk.steps.front().type == facts::FileType::regular;
        if (file && directory_of(walk.named) == directory_of(path)) {
            mode = mode == 0 ? walk.steps.front().mode : mode & walk.steps.front().mode;
        }
    }
    return 0600U | (mode & 0044U);
}

}  // namespace

std::uint32_t with_comment_above(const File& file, std::uint32_t line) {
    return is_marked(file, line) ? line - 1 : line;
}

std::uint32_t end_of_global_part(const File& file, const sshdconf::Build& build) {
    const auto match = std::ranges::find_if(
        file.lines, [&](const sshdconf::Line& line) { return meaning_of(line, build) == Meaning::match; });
    return static_cast<std::uint32_t>(match - file.lines.begin()) + 1;
}

bool DropIn::probe(const View& view) {
    const Config& config = view.config();
    const File& main = config.files[0];
    const std::string line = "LogLevel INFO\n";
    const std::string text =
        file_ == nullptr
            ? line
            : *apply_edits(*file_, {{.first = end_of_global_part(*file_, config.build), .inserted = line}});
    std::vector<FileChange> changes{{.path = path_, .before = std::nullopt, .after = text}};
    if (include_before_ != 0) {
        const std::string with_include =
            *apply_edits(main, {{.first = include_before_, .inserted = "Include " + path_ + "\n"}});
        changes.push_back({.path = main.path, .before = std::nullopt, .after = with_include});
    }
    KnownFiles known(config);
    PlannedSource source(known, changes);
    const auto probed = parse_config(main.path, source, config.build);
    if (!probed) {
        return false;
    }
    const auto is_probe = [&](const Config::Directive& d) { return probed->path(d.origin) == path_; };
    const auto first = std::ranges::find_if(probed->directives, is_probe);
    if (first == probed->directives.end() ||
        std::ranges::any_of(probed->directives, [&](const auto& d) { return is_probe(d) && d.block != 0; })) {
        return false;
    }
    std::map<std::string_view, std::uint32_t> indices;
    for (std::uint32_t i = 0; i < config.files.size(); ++i) {
        indices[config.files[i].path] = i;
    }
    for (auto directive = probed->directives.begin(); directive != first; ++directive) {
        const std::string& path = probed->path(directive->origin);
        const bool shifted = include_before_ != 0 && path == main.path && directive->origin.line > include_before_;
        earlier_.push_back({indices.at(path), directive->origin.line - (shifted ? 1 : 0)});
    }
    std::ranges::sort(earlier_);
    return true;
}

bool DropIn::comes_before(const View& view, const sshdconf::Origin& origin) const {
    return view.config().path(origin) == path_ || !std::ranges::binary_search(earlier_, origin);
}

std::optional<DropIn> DropIn::find(const View& view, const facts::HostFacts& facts) {
    const Config& config = view.config();
    if (!find_keyword("include", config.build)) {
        return std::nullopt;
    }
    std::vector<DropIn> choices;
    const auto choose = [&](std::string path, std::uint32_t include_before, std::string note) {
        DropIn choice;
        const auto file = std::ranges::find(config.files, path, &File::path);
        choice.file_ = file == config.files.end() ? nullptr : &*file;
        choice.path_ = std::move(path);
        choice.include_before_ = include_before;
        choice.note_ = std::move(note);
        choice.mode_ = mode_beside(facts, choice.path_);
        choices.push_back(std::move(choice));
    };
    for (const File& file : config.files) {
        if (is_ours(file.path)) {
            choose(file.path, 0, {});
        }
    }
    for (const std::string& pattern : global_patterns(config)) {
        const std::string_view directory = directory_of(pattern);
        if (directory.find_first_of("*?[\\") != std::string_view::npos) {
            continue;
        }
        for (const std::string_view name : names) {
            const std::string path = std::string(directory) + "/" + std::string(name);
            if (sshdconf::path_matches(pattern, path) && sorts_first(config, path, pattern)) {
                choose(path, 0, name == names[0] ? "" : path + " is named so that it is read before the other files");
            }
        }
    }
    choose(std::string(usual_directory) + "/" + std::string(names[0]), first_directive(config.files[0]), {});
    for (DropIn& choice : choices) {
        if (choice.probe(view)) {
            return std::move(choice);
        }
    }
    return std::nullopt;
}

}  // namespace sshkeep::plan
