#include "host/login_session.h"

#include <unistd.h>

#include <set>
#include <vector>

#include "base/text.h"
#include "host/proc_net.h"

namespace sshkeep::host {
namespace {

constexpr std::uint64_t small = 65536;
constexpr std::uint64_t tables = 64UZ << 20U;
constexpr int max_ancestors = 64;

std::string proc(std::uint64_t pid, std::string_view file) {
    return "/proc/" + std::to_string(pid) + "/" + std::string(file);
}

std::string read(ports::Host& host, const std::string& path, std::uint64_t limit = small) {
    auto file = host.read_file(path, ports::Links::follow, limit);
    return file ? std::move(file->bytes) : std::string();
}

struct ProcessStat {
    std::string name;
    std::uint64_t parent = 0;
    std::uint64_t started = 0;  ///< clock ticks since the boot
};

/// proc(5): the name stands in parentheses and may hold any character; the fields after the last ')' are plain.
std::optional<ProcessStat> read_stat(ports::Host& host, std::uint64_t pid) {
    const auto text = read(host, proc(pid, "stat"));
    const auto open = text.find('(');
    const auto close = text.rfind(')');
    if (open == std::string::npos || close == std::string::npos || close < open) {
        return std::nullopt;
    }
    const auto fields = split_words(std::string_view(text).substr(close + 1));
    constexpr std::size_t parent_field = 1;
    constexpr std::size_t start_field = 19;
    if (fields.size() <= start_field) {
        return std::nullopt;
    }
    const auto parent = parse_uint(fields[parent_field]);
    const auto started = parse_uint(fields[start_field]);
    if (!parent || !started) {
        return std::nullopt;
    }
    return ProcessStat{text.substr(open + 1, close - open - 1), *parent, *started};
}

struct Ancestor {
    std::uint64_t pid = 0;
    ProcessStat stat;
};

std::vector<Ancestor> read_ancestors(ports::Host& host, std::uint64_t pid) {
    std::vector<Ancestor> ancestors;
    for (int i = 0; i < max_ancestors && pid > 1; ++i) {
        const auto stat = read_stat(host, pid);
        if (!stat) {
            break;
        }
        ancestors.push_back({pid, *stat});
        pid = stat->parent;
    }
    return ancestors;
}

std::set<std::uint64_t> read_socket_inodes(ports::Host& host, std::uint64_t pid) {
    std::set<std::uint64_t> inodes;
    constexpr std::string_view prefix = "socket:[";
    const auto names = host.read_directory(proc(pid, "fd"));
    for (const auto& name : names ? *names : std::vector<std::string>()) {
        const auto target = host.read_link(proc(pid, "fd/" + name));
        if (target && target->starts_with(prefix)) {
            if (const auto inode =
                    parse_uint(std::string_view(*target).substr(prefix.size(), target->size() - prefix.size() - 1))) {
                inodes.insert(*inode);
            }
        }
    }
    return inodes;
}

std::optional<ProcConnection> read_connection(ports::Host& host, std::uint64_t pid) {
    const auto inodes = read_socket_inodes(host, pid);
    for (const auto* table : {"net/tcp", "net/tcp6"}) {
        for (auto& connection : parse_proc_net_connections(read(host, proc(pid, table), tables))) {
            if (inodes.contains(connection.inode)) {
                return std::move(connection);
            }
        }
    }
    return std::nullopt;
}

bool is_sshd(std::string_view name) { return name == "sshd" || name == "sshd-session" || name == "sshd-auth"; }

/// The outermost sshd that holds a connection: the listener has none.
std::optional<LoginSession> live_session(ports::Host& host, const std::vector<Ancestor>& ancestors) {
    const auto ticks = static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
    for (auto ancestor = ancestors.rbegin(); ancestor != ancestors.rend(); ++ancestor) {
        if (!is_sshd(ancestor->stat.name)) {
            continue;
        }
        const auto connection = read_connection(host, ancestor->pid);
        if (!connection) {
            continue;
        }
        LoginSession session{.address = connection->address,
                             .local_address = connection->local_address,
                             .local_port = connection->local_port,
                             .connected = true};
        session.user = user_of_title(read(host, proc(ancestor->pid, "cmdline")));
        session.identity = "sshd " + std::to_string(ancestor->pid) + " " + std::to_string(ancestor->stat.started);
        session.began = static_cast<std::int64_t>(ancestor->stat.started / ticks);
        return session;
    }
    return std::nullopt;
}

/// SSH_CONNECTION of the outermost ancestor that has it: "CLIENT PORT SERVER PORT".
std::optional<LoginSession> claimed_session(ports::Host& host, const std::vector<Ancestor>& ancestors) {
    constexpr std::string_view variable = "SSH_CONNECTION=";
    std::optional<LoginSession> session;
    for (const auto& ancestor : ancestors) {
        const auto environment = read(host, proc(ancestor.pid, "environ"), 16 * small);
        std::string user;
        std::string_view claim;
        for (const auto entry : split(environment, '\0')) {
            if (entry.starts_with(variable)) {
                claim = entry.substr(variable.size());
            } else if (entry.starts_with("LOGNAME=")) {
                user = entry.substr(std::string_view("LOGNAME=").size());
            }
        }
        const auto words = split_words(claim);
        const auto port = words.size() == 4 ? parse_uint(words[3]) : std::nullopt;
        if (port) {
            session = LoginSession{.user = user,
                                   .address = std::string(words[0]),
                                   .local_address = std::string(words[2]),
                                   .local_port = static_cast<std::uint16_t>(*port),
                                   .identity = "connection " + std::string(claim)};
        }
    }
    return session;
}

}  // namespace

std::string user_of_title(std::string_view title) {
    title = title.substr(0, title.find('\0'));
    for (const std::string_view prefix : {"sshd: ", "sshd-session: "}) {
        if (!title.starts_with(prefix)) {
            continue;
        }
        title.remove_prefix(prefix.size());
        if (const auto role = title.rfind(" ["); role != std::string_view::npos && title.ends_with(']')) {
            return std::string(title.substr(0, role));
        }
        return std::string(title.substr(0, title.rfind('@')));
    }
    return {};
}

std::optional<LoginSession> read_login_session(ports::Host& host, std::uint32_t self) {
    const auto ancestors = read_ancestors(host, self == 0 ? static_cast<std::uint64_t>(::getpid()) : self);
    auto session = live_session(host, ancestors);
    return session ? session : claimed_session(host, ancestors);
}

}  // namespace sshkeep::host
