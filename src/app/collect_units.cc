#include <algorithm>
#include <array>
#include <map>
#include <ranges>

#include "app/collect.h"
#include "base/text.h"
#include "facts/unit.h"

namespace sshkeep::app {
namespace {

constexpr std::size_t max_drop_ins = 256;

constexpr std::array<std::string_view, 5> unit_names{"ssh.service", "sshd.service", "ssh.socket", "sshd.socket",
                                                     "sshd@.service"};

/// systemd.unit(5), table "Load path when running in system mode", highest precedence first.
constexpr std::array<std::string_view, 12> unit_directories{
    "/etc/systemd/system.control",   "/run/systemd/system.control",  "/run/systemd/transient",
    "/run/systemd/generator.early",  "/etc/systemd/system",          "/etc/systemd/system.attached",
    "/run/systemd/system",           "/run/systemd/system.attached", "/run/systemd/generator",
    "/usr/local/lib/systemd/system", "/usr/lib/systemd/system",      "/run/systemd/generator.late"};
constexpr std::string_view split_usr_directory = "/lib/systemd/system";

/// Reads units from the directories of the load path that exist.
class UnitReader {
public:
    explicit UnitReader(Collection& collection) : collection_(collection) {
        for (const auto directory : unit_directories) {
            add_directory(std::string(directory));
        }
        // Where /lib is no link to /usr/lib, it comes after it.
        const auto real = collection_.host.read_real_path(std::string(split_usr_directory));
        if (real && std::ranges::find(directories_, *real) == directories_.end()) {
            add_directory(std::string(split_usr_directory));
        }
    }

    /// nullopt: no such unit, or it is another name for one.
    Result<std::optional<facts::Unit>> read(std::string_view name);
    void find_aliases();

private:
    void add_directory(const std::string& directory);
    Result<void> read_drop_ins(facts::Unit& unit);
    Result<void> merge_file(facts::Unit& unit, const std::string& path);
    [[nodiscard]] std::optional<facts::PathInfo> find_main_file(std::string_view name) const;
    [[nodiscard]] bool is_masked(const facts::PathInfo& info) const;
    [[nodiscard]] bool is_enabled(const facts::Unit& unit) const;

    Collection& collection_;
    std::vector<std::string> directories_;
    std::vector<std::string> wants_;                                        ///< .wants and .requires directories
    std::map<std::string, std::vector<std::string>, std::less<>> aliases_;  ///< unit -> its other names
};

void UnitReader::add_directory(const std::string& directory) {
    const auto names = collection_.host.read_directory(directory);
    if (!names) {
        return;
    }
    directories_.push_back(directory);
    for (const auto& name : *names) {
        if (name.ends_with(".wants") || name.ends_with(".requires")) {
            wants_.push_back(directory + "/" + name);
        }
    }
}

std::optional<facts::PathInfo> UnitReader::find_main_file(std::string_view name) const {
    for (const auto& directory : directories_) {
        const auto info = collection_.paths.link_info(directory + "/" + std::string(name));
        if (info && info->exists) {
            return *info;
        }
    }
    return std::nullopt;
}

bool UnitReader::is_masked(const facts::PathInfo& info) const {
    if (info.type != facts::FileType::symlink) {
        return info.type == facts::FileType::regular && info.size == 0;
    }
    const auto target = collection_.host.read_link(info.path);
    return target && *target == "/dev/null";
}

/// Looks for units that are links to others: Debian's sshd.service is ssh.service.
void UnitReader::find_aliases() {
    for (const auto name : unit_names) {
        const auto main = find_main_file(name);
        if (!main || main->type != facts::FileType::symlink || is_masked(*main)) {
            continue;
        }
        const auto target = collection_.host.read_link(main->path);
        if (!target) {
            continue;
        }
        const auto other = target->substr(target->rfind('/') + 1);
        if (other != name && std::ranges::find(unit_names, other) != unit_names.end()) {
            aliases_[other].emplace_back(name);
        }
    }
}

Result<void> UnitReader::merge_file(facts::Unit& unit, const std::string& path) {
    if (const auto text = TRY(read_small_file(collection_.host, path))) {
        facts::merge_unit_text(unit, *text);
        unit.files.push_back(path);
    }
    return {};
}

/// Drop-ins of all directories sorted by file name; of equal names the one of highest precedence counts.
Result<void> UnitReader::read_drop_ins(facts::Unit& unit) {
    std::vector<std::string> folders{unit.name + ".d"};
    std::ranges::transform(unit.aliases, std::back_inserter(folders), [](const auto& alias) { return alias + ".d"; });
    folders.push_back(unit.name.substr(unit.name.rfind('.') + 1) + ".d");  // "service.d": for every service
    std::map<std::string, std::string> files;
    for (const auto& folder : folders) {
        for (const auto& directory : directories_) {
            const auto path = directory + "/" + folder;
            const auto names = collection_.host.read_directory(path);
            if (!names) {
                continue;
            }
            for (const auto& name : *names | std::views::take(max_drop_ins)) {
                if (name.ends_with(".conf")) {
                    files.try_emplace(name, path + "/" + name);
                }
            }
        }
    }
    for (const auto& [name, path] : files) {
        const auto info = collection_.paths.link_info(path);
        if (info && !is_masked(*info)) {
            TRY(merge_file(unit, path));
        }
    }
    return {};
}

bool UnitReader::is_enabled(const facts::Unit& unit) const {
    const auto wanted = [&](const std::string& name) {
        return std::ranges::any_of(wants_, [&](const auto& directory) {
            const auto info = collection_.paths.link_info(directory + "/" + name);
            return info && info->exists;
        });
    };
    return wanted(unit.name) || std::ranges::any_of(unit.aliases, wanted);
}

Result<std::optional<facts::Unit>> UnitReader::read(std::string_view name) {
    const bool is_alias = std::ranges::any_of(
        aliases_, [&](const auto& entry) { return std::ranges::find(entry.second, name) != entry.second.end(); });
    const auto main = find_main_file(name);
    if (!main || is_alias) {
        return std::nullopt;
    }
    facts::Unit unit{.name = std::string(name)};
    if (const auto aliases = aliases_.find(name); aliases != aliases_.end()) {
        unit.aliases = aliases->second;
    }
    unit.masked = is_masked(*main);
    unit.enabled = !unit.masked && is_enabled(unit);
    if (!unit.masked) {
        TRY(merge_file(unit, main->path));
        TRY(read_drop_ins(unit));
    }
    return unit;
}

/// A service runs when its control group has a process; a socket when systemd listens on one of its ports.
bool is_running(Collection& collection, const facts::Unit& unit) {
    for (const auto* hierarchy : {"/sys/fs/cgroup/", "/sys/fs/cgroup/systemd/"}) {
        const auto text = read_small_file(collection.host, hierarchy + ("system.slice/" + unit.name) + "/cgroup.procs");
        if (text && *text && !trim(**text).empty()) {
            return true;
        }
    }
    if (!unit.name.ends_with(".socket") || !collection.facts.listeners) {
        return false;
    }
    return std::ranges::any_of(*collection.facts.listeners, [&](const facts::Listener& listener) {
        const auto port = std::to_string(listener.port);
        return listener.process == "systemd" && std::ranges::any_of(unit.listen_streams, [&](const auto& stream) {
                   return stream == port || stream.ends_with(":" + port);
               });
    });
}

facts::Fact<std::vector<facts::Unit>> read_units(Collection& collection) {
    UnitReader reader(collection);
    reader.find_aliases();
    std::vector<facts::Unit> units;
    for (const auto name : unit_names) {
        if (auto unit = TRY(reader.read(name))) {
            unit->running = collection.facts.running && is_running(collection, *unit);
            units.push_back(*std::move(unit));
        }
    }
    return units;
}

}  // namespace

void collect_units(Collection& collection) { collection.facts.units = read_units(collection); }

}  // namespace sshkeep::app
