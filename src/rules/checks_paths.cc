#include "rules/checks_paths.h"

#include <array>

#include <fmt/format.h>

#include "base/text.h"

namespace sshkeep::rules {

namespace {

std::string group_name(const facts::HostFacts& facts, std::uint32_t gid) {
    if (facts.group_names) {
        if (const auto found = facts.group_names->find(gid); found != facts.group_names->end()) {
            return shown(found->second);
        }
    }
    return fmt::format("{}", gid);
}

/// Owner and group of configuration and key files, against one wanted mode.
struct ModeDemand {
    std::int64_t max_mode = 0;
    bool group_root = true;
};

std::optional<PathDefect> mode_defect(const facts::HostFacts& facts, const facts::PathInfo& info,
                                      const ModeDemand& demand) {
    const auto max = static_cast<std::uint32_t>(demand.max_mode);
    const std::string path = shell_quoted(info.path);
    std::string wrong;
    std::string repair;
    if ((info.mode & 07777U & ~max) != 0) {
        wrong = fmt::format("{} has mode {:04o}", shown(info.path), info.mode);
        repair = fmt::format("chmod {:04o} {}", info.mode & max, path);
    }
    if (info.uid != 0 || (demand.group_root && info.gid != 0)) {
        wrong +=
            fmt::format("{}{}", wrong.empty() ? shown(info.path) + " has" : ",",
                        fmt::format(" owner {}, group {}", owner_name(facts, info.uid), group_name(facts, info.gid)));
        repair = fmt::format("chown root:root {}{}{}", path, repair.empty() ? "" : " && ", repair);
    }
    if (wrong.empty()) {
        return std::nullopt;
    }
    return PathDefect{.step = &info, .wrong = std::move(wrong), .repair = std::move(repair)};
}

std::int64_t octal_parameter(const CheckInput& input, std::string_view name, std::int64_t fallback) {
    const auto value = parse_uint(input.parameter ? input.parameter(name, {}) : std::string{}, 8);
    return value ? static_cast<std::int64_t>(*value) : fallback;
}

Results config_path_unsafe(const CheckInput& input) {
    if (!input.facts.config) {
        return not_known(input.facts.config.error());
    }
    PathFindings found(input.facts);
    for (const facts::PathWalk& walk : input.facts.config_paths) {
        if (const auto defect = defect_of(walk, {})) {
            found.add(*defect);
        }
    }
    if (input.facts.config_paths.empty()) {
        return not_known("the owners and modes of the configuration files are not known");
    }
    std::string detail = fmt::format("Somebody besides root may change what sshd reads: {}.", found.text());
    return std::move(found).conclude({}, std::move(detail),
                                     "Only root may change sshd's configuration files and the directories above them.");
}

Results config_mode(const CheckInput& input) {
    if (!input.facts.config) {
        return not_known(input.facts.config.error());
    }
    if (input.facts.config_paths.empty()) {
        return not_known("the owners and modes of the configuration files are not known");
    }
    const std::int64_t max_file = octal_parameter(input, "max_mode", 0600);
    const std::int64_t max_directory = octal_parameter(input, "max_directory_mode", 0755);
    PathFindings found(input.facts);
    for (const facts::PathWalk& walk : input.facts.config_paths) {
        if (!walk.exists()) {
            continue;
        }
        const facts::PathInfo& info = walk.steps.front();
        const bool directory = info.type == facts::FileType::directory;
        if (const auto defect = mode_defect(input.facts, info, {directory ? max_directory : max_file, true})) {
            found.add(*defect);
        }
    }
    std::string detail = fmt::format(
        "{}; files of mode {:04o} or less and directories of {:04o} or less, owned by root:root, are wanted.",
        found.text(), max_file, max_directory);
    return std::move(found).conclude({}, std::move(detail),
                                     "sshd's configuration files are root's and closed to others.");
}

/// A private host key: sshd refuses one that group or others can read when root owns it, and checks nothing otherwise.
std::optional<PathDefect> private_key_defect(const facts::HostFacts& facts, const facts::PathInfo& info) {
    constexpr std::uint32_t open_bits = 0077;
    if (info.uid == 0 && (info.mode & open_bits) == 0) {
        return std::nullopt;
    }
    const bool key_group =
        info.uid == 0 && (info.mode & open_bits) == 0040 && group_name(facts, info.gid) == "ssh_keys";
    if (key_group) {
        return std::nullopt;  // Red Hat's arrangement for ssh-keysign
    }
    return PathDefect{
        .step = &info,
        .wrong = fmt::format("{} has mode {:04o}, owner {}", shown(info.path), info.mode, owner_name(facts, info.uid)),
        .repair = fmt::format("chown root:root {0} && chmod 0600 {0}", shell_quoted(info.path))};
}

Results host_key_path_unsafe(const CheckInput& input) {
    if (!input.facts.config) {
        return not_known(input.facts.config.error());
    }
    PathFindings found(input.facts);
    Doubts doubts;
    for (const facts::HostKey& key : input.facts.host_keys) {
        if (!key.private_walk) {
            doubts.add(key.path, key.private_walk.error());
            continue;
        }
        if (!key.private_walk->exists()) {
            continue;
        }
        if (const auto defect = private_key_defect(input.facts, key.private_walk->steps.front())) {
            found.add(*defect);
        } else if (const auto parent = defect_of(*key.private_walk, {})) {
            found.add(*parent);
        }
    }
    std::string detail =
        fmt::format("{}; mode 0600 and owner root are wanted, in directories that only root may change.", found.text());
    return std::move(found).conclude(doubts, std::move(detail),
                                     "Only root may read and replace the private host keys.");
}

Results public_key_mode(const CheckInput& input) {
    if (!input.facts.config) {
        return not_known(input.facts.config.error());
    }
    constexpr std::int64_t wanted = 0644;
    PathFindings found(input.facts);
    Doubts doubts;
    for (const facts::HostKey& key : input.facts.host_keys) {
        doubts.add_unless_known(key.path + ".pub", key.public_info);
        if (key.public_info && key.public_info->exists) {
            if (const auto defect = mode_defect(input.facts, *key.public_info, {wanted, true})) {
                found.add(*defect);
            }
        }
    }
    std::string detail = fmt::format("{}; mode 0644 or less and owner root:root are wanted.", found.text());
    return std::move(found).conclude(doubts, std::move(detail),
                                     "The public host keys are root's and only root may change them.");
}

Results moduli_path_unsafe(const CheckInput& input) {
    if (!input.facts.moduli_path) {
        return not_known(input.facts.moduli_path.error());
    }
    PathFindings found(input.facts);
    if (const auto defect = defect_of(*input.facts.moduli_path, {})) {
        found.add(*defect);
    }
    std::string detail = fmt::format("Somebody besides root may choose the Diffie-Hellman groups: {}.", found.text());
    return std::move(found).conclude({}, std::move(detail), "Only root may change the moduli file.");
}

constexpr std::array checks{
    NamedCheck{"config_path_unsafe", config_path_unsafe},     NamedCheck{"config_mode", config_mode},
    NamedCheck{"host_key_path_unsafe", host_key_path_unsafe}, NamedCheck{"public_key_mode", public_key_mode},
    NamedCheck{"moduli_path_unsafe", moduli_path_unsafe},
};

}  // namespace

/// Words are made only for what is shown: finding a name is a walk through all accounts.
void PathFindings::note(const PathDefect& defect) {
    const facts::PathInfo& step = *defect.step;
    const std::string path = shown(step.path);
    const std::string quoted = shell_quoted(step.path);
    switch (defect.kind) {
        case PathDefect::Kind::owner:
            return note(fmt::format("{} is owned by {}", path, owner_name(facts_, step.uid)),
                        fmt::format("chown {} {}", shell_quoted(owner_name(facts_, defect.wanted_owner)), quoted));
        case PathDefect::Kind::everybody:
            return note(fmt::format("{} is writable by everybody", path), "chmod go-w " + quoted);
        case PathDefect::Kind::group:
            return note(fmt::format("{} is writable by group {}", path, group_name(facts_, step.gid)),
                        "chmod g-w " + quoted);
        case PathDefect::Kind::other:
            return note(defect.wrong, defect.repair);
    }
}

void PathFindings::note(std::string_view wrong, std::string_view repair) {
    constexpr std::size_t worded = 3;
    if (tally_.count() <= worded) {
        text_.append(text_.empty() ? "" : "; ").append(wrong);
    }
    if (!repair.empty()) {
        fix_.append(repair).append("\n");
    }
}

void PathFindings::add(const PathDefect& defect, std::string_view subject) {
    if (!seen_.insert(defect.step->path).second) {
        tally_.mention(subject);
        return;
    }
    tally_.add([&] { return at(facts_, *defect.step); }, subject);
    if (tally_.count() <= Tally::shown) {
        note(defect);
    }
}

void PathFindings::add_missing(std::string_view path, std::string_view subject) {
    if (!seen_.emplace(path).second) {
        tally_.mention(subject);
        return;
    }
    tally_.add([&] { return Location{.path = std::string(path), .text = Untrusted("does not exist")}; }, subject);
    if (tally_.count() <= Tally::shown) {
        note(fmt::format("{} does not exist", shown(path)), {});
    }
}

Results PathFindings::conclude(const Doubts& doubts, std::string detail, std::string passed_detail) && {
    return rules::conclude(std::move(tally_), doubts, {.detail = std::move(detail), .fix = std::move(fix_)},
                           std::move(passed_detail));
}

std::span<const NamedCheck> path_checks() { return checks; }

}  // namespace sshkeep::rules
