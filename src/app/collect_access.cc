#include <algorithm>
#include <array>
#include <set>

#include "app/collect.h"
#include "base/text.h"

namespace sshkeep::app {
namespace {

constexpr std::size_t max_tallies = 65536;

/// What `parse` makes of a file; of an absent one, of no text.
template <class Parse>
auto read_parsed(Collection& collection, const std::string& path, Parse parse)
    -> facts::Fact<decltype(parse(std::optional<std::string>{}))> {
    const auto text = read_small_file(collection.host, path, limits::access_file);
    if (!text) {
        return std::unexpected(text.error());
    }
    return parse(*text);
}

/// The value of "NAME=" among a module's arguments.
std::optional<std::string> argument_of(const facts::PamLine& line, std::string_view name) {
    for (const auto& argument : line.arguments) {
        if (argument.starts_with(name) && argument.size() > name.size() && argument[name.size()] == '=') {
            return argument.substr(name.size() + 1);
        }
    }
    return std::nullopt;
}

void add_access_table(Collection& collection, const facts::PamLine& line) {
    const auto path = argument_of(line, "accessfile").value_or("/etc/security/access.conf");
    const auto separators = argument_of(line, "listsep").value_or(", \t");
    const auto fields = argument_of(line, "fieldsep").value_or(":");
    auto& tables = collection.facts.access_tables;
    if (tables.contains(path)) {
        return;
    }
    tables.emplace(path, read_parsed(collection, path, [&](const std::optional<std::string>& text) {
                       return text ? facts::parse_access_table(*text, separators, fields.front())
                                   : facts::AccessTable{};
                   }));
}

facts::Faillock read_faillock(Collection& collection, const facts::PamLine& line, facts::FaillockSettings settings) {
    facts::Faillock faillock{.settings = settings};
    for (const auto& argument : line.arguments) {
        facts::apply_faillock_setting(settings, argument);
    }
    const auto names = collection.host.read_directory(settings.dir);
    if (!names) {
        if (names.error().code != ErrorCode::not_found) {
            faillock.unread = names.error().message;
        }
        return faillock;
    }
    if (names->size() > max_tallies) {
        faillock.unread = "more than 65536 files of counted failures";
        return faillock;
    }
    for (const auto& name : *names) {
        const auto file =
            collection.host.read_file(settings.dir + "/" + name, ports::Links::refuse, limits::small_file);
        if (file) {
            faillock.tallies.emplace(name, facts::parse_faillock_tally(file->bytes));
        } else if (faillock.unread.empty()) {
            faillock.unread = file.error().message;
        }
    }
    return faillock;
}

void collect_faillock(Collection& collection, const facts::PamLine& line) {
    const auto path = argument_of(line, "conf").value_or("/etc/security/faillock.conf");
    const auto settings = read_parsed(collection, path, [](const std::optional<std::string>& text) {
        return facts::parse_faillock_conf(text.value_or(std::string{}));
    });
    if (settings) {
        collection.facts.faillock = read_faillock(collection, line, *settings);
    } else {
        collection.facts.faillock = std::unexpected(settings.error());
    }
}

void collect_pam_files(Collection& collection) {
    auto& facts = collection.facts;
    if (!facts.pam) {
        return;
    }
    bool faillock_known = false;
    for (const auto& line : facts.pam->lines) {
        if (line.module == "pam_access.so") {
            add_access_table(collection, line);
        } else if (line.module == "pam_faillock.so" && !std::exchange(faillock_known, true)) {
            collect_faillock(collection, line);
        }
    }
}

std::vector<std::string> parse_shells(const std::string& text) {
    std::vector<std::string> shells;
    for (const auto line : split(text, '\n')) {
        // getusershell(3): from the first slash to a blank or a comment.
        const auto slash = line.find('/');
        const auto comment = line.find('#');
        if (slash == std::string_view::npos || comment < slash) {
            continue;
        }
        const auto rest = line.substr(slash);
        shells.emplace_back(rest.substr(0, rest.find_first_of("# \t\r")));
    }
    return shells;
}

facts::Fact<bool> exists(Collection& collection, const std::string& path) {
    const auto info = collection.paths.info(path);
    return info ? facts::Fact<bool>(info->exists) : std::unexpected(info.error());
}

/// Only a build that is linked with libwrap asks these files; it is looked for only when they hold rules.
facts::Fact<facts::TcpWrappers> read_tcp_wrappers(Collection& collection) {
    const auto rules = [](const std::optional<std::string>& text) {
        return facts::parse_wrapper_rules(text.value_or(std::string{}));
    };
    facts::TcpWrappers wrappers;
    wrappers.allow = TRY(read_parsed(collection, "/etc/hosts.allow", rules));
    wrappers.deny = TRY(read_parsed(collection, "/etc/hosts.deny", rules));
    if (wrappers.allow.empty() && wrappers.deny.empty()) {
        return wrappers;
    }
    // Since 9.8 the program for one connection is a file of its own, and it is the one that asks.
    for (const auto* program : {"/usr/sbin/sshd", "/usr/lib/openssh/sshd-session"}) {
        const auto bytes = TRY(read_small_file(collection.host, program, limits::program));
        wrappers.used |= bytes && bytes->contains("libwrap.so");
    }
    return wrappers;
}

/// Reads sudoers(5) and what it includes.
class SudoersReader {
public:
    explicit SudoersReader(Collection& collection) : collection_(collection) {}

    facts::Fact<facts::Sudoers> read() {
        const std::string path = "/etc/sudoers";
        const auto text = TRY(read_small_file(collection_.host, path, limits::access_file));
        if (!text) {
            return facts::Sudoers{.program = false};
        }
        const auto program = collection_.paths.info("/usr/bin/sudo");
        constexpr std::uint32_t setuid = 04000;
        sudoers_.program = !program || (program->exists && program->uid == 0 && (program->mode & setuid) != 0);
        add_file(path, 0);
        return std::move(sudoers_);
    }

private:
    static constexpr unsigned max_depth = 16;
    static constexpr unsigned max_files = 1024;

    /// sudo reads no file that others than root may write.
    [[nodiscard]] bool is_safe(const std::string& path) {
        constexpr std::uint32_t writable = 0022;
        const auto info = collection_.paths.info(path);
        return !info || (info->uid == 0 && (info->mode & writable) == 0);
    }

    void add_file(const std::string& path, unsigned depth) {
        if (depth > max_depth || ++files_ > max_files) {
            sudoers_.unread.push_back(path + ": too many files are included");
            return;
        }
        const auto text = read_small_file(collection_.host, path, limits::access_file);
        if (!text) {
            sudoers_.unread.push_back(text.error().message);
        } else if (*text && is_safe(path)) {
            facts::parse_sudoers(sudoers_, **text, path,
                                 [&](const facts::SudoersInclude& include) { add_include(include, path, depth + 1); });
        }
    }

    void add_include(const facts::SudoersInclude& include, const std::string& from, unsigned depth) {
        auto path = include.path;
        if (!path.starts_with('/')) {
            path = from.substr(0, from.rfind('/') + 1) + path;
        }
        for (auto at = path.find("%h"); at != std::string::npos; at = path.find("%h")) {
            const auto& name = collection_.facts.hostname;
            path.replace(at, 2, name.substr(0, name.find('.')));
        }
        if (!include.directory) {
            add_file(path, depth);
            return;
        }
        const auto names = collection_.host.read_directory(path);
        if (!names) {
            if (names.error().code != ErrorCode::not_found) {
                sudoers_.unread.push_back(names.error().message);
            }
            return;
        }
        for (const auto& name : *names) {
            // Names with a dot or ending in ~ are what editors and packages leave behind.
            if (!name.contains('.') && !name.ends_with('~')) {
                add_file(path + "/" + name, depth);
            }
        }
    }

    Collection& collection_;
    facts::Sudoers sudoers_;
    unsigned files_ = 0;
};

}  // namespace

void collect_access(Collection& collection) {
    auto& facts = collection.facts;
    facts.run_nologin = exists(collection, "/var/run/nologin");
    facts.shells = read_parsed(collection, "/etc/shells", [](const std::optional<std::string>& text) {
        // Without the file, the C library takes these two for granted.
        return text ? parse_shells(*text) : std::vector<std::string>{"/bin/sh", "/bin/csh"};
    });
    facts.sudoers = SudoersReader(collection).read();
    facts.tcp_wrappers = read_tcp_wrappers(collection);
    collect_pam_files(collection);
}

}  // namespace sshkeep::app
