#include "plan/place.h"

#include <algorithm>
#include <set>

#include "base/text.h"

namespace sshkeep::plan {
namespace {

using sshdconf::Config;
using sshdconf::Edit;
using sshdconf::File;
using sshdconf::Origin;

constexpr std::string_view drop_in_head =
    "# Written by sshkeep. sshd takes the first line that it reads of an option, and reads this file first.\n";
constexpr std::size_t most_rules = 4;

/// The goal's lines below a line that tells who wrote them and why.
std::string block_of(const Wanted& wanted, std::string_view indent) {
    std::string why;
    for (std::size_t i = 0; i < wanted.rules.size() && i < most_rules; ++i) {
        why += (i == 0 ? "" : ", ") + wanted.rules[i];
    }
    if (wanted.rules.size() > most_rules) {
        why += " and " + std::to_string(wanted.rules.size() - most_rules) + " more";
    }
    std::string text =
        std::string(indent).append(sshdconf::written_mark) + (why.empty() ? "asked for by name" : why) + "\n";
    for (const std::string& line : wanted.lines) {
        text.append(indent).append(line).append("\n");
    }
    return text;
}

std::string_view indent_of(std::string_view line) {
    return line.substr(0, std::min(line.find_first_not_of(" \t"), line.size()));
}

Result<void> check_editable(const File& file) {
    if (file.bytes.find('\0') != std::string::npos) {
        return fail(ErrorCode::invalid, file.path + " holds a NUL byte, which joins lines; it is not edited");
    }
    return {};
}

}  // namespace

/// Lines of Match blocks that give other values where the goal is asked for.
Placement::Origins Placement::lines_in_blocks(const Goal& goal) const {
    std::set<Origin> lines;
    for (const std::size_t i : goal.asked) {
        const sshdconf::Setting* setting = view_.setting(i, goal.option);
        if (setting == nullptr || reached(goal, setting) || !allowed_in_match(goal.option, view_.config().build)) {
            continue;
        }
        std::ranges::copy_if(setting->origins, std::inserter(lines, lines.end()),
                             [&](const Origin& origin) { return view_.in_block(origin); });
    }
    return {lines.begin(), lines.end()};
}

/// Whether somewhere the goal is asked for, what stands outside of Match decides.
bool Placement::is_wanted_outside(const Goal& goal) const {
    return std::ranges::any_of(goal.asked, [&](std::size_t i) {
        const sshdconf::Setting* setting = view_.setting(i, goal.option);
        if (setting == nullptr || reached(goal, setting)) {
            return false;
        }
        return setting->is_default() || !allowed_in_match(goal.option, view_.config().build) ||
               std::ranges::any_of(setting->origins, [&](const Origin& origin) { return !view_.in_block(origin); });
    });
}

/// The lines outside of Match that have to give way: the one that decides, or all where later ones count too.
Placement::Origins Placement::lines_outside(const Goal& goal) const {
    const Config& config = view_.config();
    const bool everywhere = !allowed_in_match(goal.option, config.build);
    if (!accumulates(goal.option, config.build)) {
        const sshdconf::Setting* setting = view_.setting(view_.outside(), goal.option);
        Origins lines = setting == nullptr ? Origins{} : setting->origins;
        std::erase_if(lines, [&](const Origin& origin) { return !everywhere && view_.in_block(origin); });
        lines.resize(std::min<std::size_t>(lines.size(), 1));
        return lines;
    }
    const auto first_word = [](std::string_view line) { return ascii_lower(split_words(line)[1]); };
    std::set<Origin> seen;
    Origins lines;
    for (const Config::Directive& directive : config.directives) {
        const sshdconf::Line& line = config.line(directive.origin);
        const auto keyword = find_keyword(line.keyword, config.build);
        const bool names_it = keyword && keyword->meaning == sshdconf::Keyword::Meaning::option &&
                              keyword->option == goal.option && (directive.block == 0 || everywhere);
        const bool another = goal.option == sshdconf::Option::subsystem && !line.arguments.empty() &&
                             !iequals(line.arguments[0], first_word(goal.wanted.lines[0]));
        if (names_it && !another && seen.insert(directive.origin).second) {
            lines.push_back(directive.origin);
        }
    }
    return lines;
}

Edit Placement::edit_of(const Origin& line, const std::string& text) const {
    const std::uint32_t first = with_comment_above(view_.config().files[line.file], line.line);
    return {.first = first, .removed = line.line - first + 1, .inserted = text};
}

/// The first line gives way to the goal's, the others go.
void Placement::replace(const Goal& goal, const Origins& lines, std::vector<Change>& changes) const {
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const File& file = view_.config().files[lines[i].file];
        const std::string_view indent = indent_of(file.text(lines[i].line - 1));
        changes.push_back({lines[i].file, edit_of(lines[i], i == 0 ? block_of(goal.wanted, indent) : std::string())});
    }
}

/// Where no line stands yet that has to give way.
void Placement::add(const Goal& goal, std::vector<Change>& changes, std::string& drop_in) const {
    const Config& config = view_.config();
    const std::string text = block_of(goal.wanted, "");
    if (drop_in_ && drop_in_->file() == nullptr) {
        drop_in += text;
        return;
    }
    const File& file = drop_in_ ? *drop_in_->file() : config.files[0];
    const auto index = static_cast<std::uint32_t>(&file - config.files.data());
    changes.push_back({index, {.first = end_of_global_part(file, config.build), .inserted = text}});
}

Result<void> Placement::place(const Goal& goal) {
    const Config& config = view_.config();
    std::vector<Change> changes;
    std::string drop_in;
    const Origins in_blocks = lines_in_blocks(goal);
    if (accumulates(goal.option, config.build)) {
        replace(goal, in_blocks, changes);
    } else {
        std::ranges::for_each(in_blocks, [&](const Origin& line) { replace(goal, {line}, changes); });
    }
    if (is_wanted_outside(goal)) {
        const Origins lines = lines_outside(goal);
        const bool shadows = drop_in_ && !lines.empty() && !accumulates(goal.option, config.build) &&
                             config.path(lines[0]) != drop_in_->path() && drop_in_->comes_before(view_, lines[0]);
        if (lines.empty() || shadows) {
            add(goal, changes, drop_in);
        } else {
            replace(goal, lines, changes);
        }
    }
    for (const Change& change : changes) {
        TRY(check_editable(config.files[change.file]));
    }
    for (Change& change : changes) {
        edits_[change.file].push_back(std::move(change.edit));
    }
    new_drop_in_ += drop_in;
    return {};
}

Result<std::vector<FileChange>> Placement::changes() const {
    const Config& config = view_.config();
    std::vector<FileChange> changes;
    auto edits = edits_;
    if (!new_drop_in_.empty()) {
        changes.push_back({.path = drop_in_->path(),
                           .before = std::nullopt,
                           .after = std::string(drop_in_head) + new_drop_in_,
                           .mode = drop_in_->mode()});
        if (drop_in_->include_before() != 0) {
            edits[0].push_back({.first = drop_in_->include_before(),
                                .inserted = std::string(sshdconf::written_mark) +
                                            "read before everything else\nInclude " + drop_in_->path() + "\n"});
        }
    }
    for (auto& [index, edit] : edits) {
        const File& file = config.files[index];
        std::string after = TRY(apply_edits(file, std::move(edit)));
        if (after != file.bytes) {
            changes.push_back({.path = file.path, .before = file.bytes, .after = std::move(after)});
        }
    }
    // The main file last: it is what brings the others into force.
    std::ranges::stable_partition(changes,
                                  [&](const FileChange& change) { return change.path != config.files[0].path; });
    return changes;
}

}  // namespace sshkeep::plan
