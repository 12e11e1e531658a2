#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <unordered_map>

#include "base/text.h"
#include "host/files_host.h"
#include "host/host_factory.h"
#include "host/proc_net.h"

namespace sshkeep::host {
namespace {

constexpr std::size_t max_entries = 1'000'000;             ///< accounts or groups that a name service may enumerate
constexpr std::uint64_t proc_limit = 16ULL * 1024 * 1024;  ///< of /proc/net/tcp: some 100,000 sockets

std::string text_of(const char* text) { return text == nullptr ? std::string{} : std::string(text); }

std::unexpected<Error> name_service_failed(std::string_view what, int error) {
    return fail(ErrorCode::io, std::string(what) + ": " + std::generic_category().message(error));
}

/// Programs that own a listening socket for SSH; the descriptors of others are not looked at.
bool may_serve_ssh(std::string_view comm) {
    constexpr std::array<std::string_view, 4> names{"systemd", "dropbear", "inetd", "xinetd"};
    return comm.starts_with("sshd") || std::ranges::find(names, comm) != names.end();
}

class LocalHost final : public FilesHost {
public:
    using FilesHost::FilesHost;

    bool running() const noexcept override { return true; }
    Result<std::vector<ports::PasswdEntry>> read_accounts() override;
    Result<std::vector<ports::GroupEntry>> read_groups() override;
    Result<std::vector<ports::ListeningSocket>> read_listeners() override;
    Result<std::string> read_hostname() override;

private:
    using Owners = std::unordered_map<std::uint64_t, std::vector<ports::ListeningSocket*>>;
    void name_owners(Owners& owners) const;
    void name_owner(Owners& owners, const std::string& pid, const std::string& comm) const;
};

Result<std::vector<ports::PasswdEntry>> LocalHost::read_accounts() {
    std::vector<ports::PasswdEntry> accounts;
    ::setpwent();
    for (;;) {
        errno = 0;
        const auto* entry = ::getpwent();  // NOLINT(concurrency-mt-unsafe): a Host is used by one thread
        if (entry == nullptr || accounts.size() == max_entries) {
            break;
        }
        accounts.push_back({.name = text_of(entry->pw_name),
                            .uid = entry->pw_uid,
                            .gid = entry->pw_gid,
                            .gecos = text_of(entry->pw_gecos),
                            .home = text_of(entry->pw_dir),
                            .shell = text_of(entry->pw_shell)});
    }
    const int error = errno;
    ::endpwent();
    // Some name services end with ENOENT; only a list without anybody is a failure.
    return accounts.empty() ? Result<std::vector<ports::PasswdEntry>>(name_service_failed("accounts", error))
                            : accounts;
}

Result<std::vector<ports::GroupEntry>> LocalHost::read_groups() {
    std::vector<ports::GroupEntry> groups;
    ::setgrent();
    for (;;) {
        errno = 0;
        const auto* entry = ::getgrent();  // NOLINT(concurrency-mt-unsafe): a Host is used by one thread
        if (entry == nullptr || groups.size() == max_entries) {
            break;
        }
        ports::GroupEntry group{.name = text_of(entry->gr_name), .gid = entry->gr_gid};
        for (auto* const* member = entry->gr_mem; member != nullptr && *member != nullptr; ++member) {
            group.members.emplace_back(*member);
        }
        groups.push_back(std::move(group));
    }
    const int error = errno;
    ::endgrent();
    return groups.empty() ? Result<std::vector<ports::GroupEntry>>(name_service_failed("groups", error)) : groups;
}

Result<std::vector<ports::ListeningSocket>> LocalHost::read_listeners() {
    std::vector<ProcListener> found;
    for (const auto* path : {"/proc/net/tcp", "/proc/net/tcp6"}) {
        const auto file = files().read_file(path, ports::Links::follow, proc_limit);
        if (!file && file.error().code == ErrorCode::not_found) {
            continue;  // a kernel without IPv6
        }
        if (!file) {
            return std::unexpected(file.error());
        }
        std::ranges::move(parse_proc_net_tcp(file->bytes), std::back_inserter(found));
    }
    std::vector<ports::ListeningSocket> listeners;
    listeners.reserve(found.size());
    Owners owners;
    for (const auto& listener : found) {
        listeners.push_back({.address = listener.address, .port = listener.port});
        owners[listener.inode].push_back(&listeners.back());
    }
    name_owners(owners);
    return listeners;
}

void LocalHost::name_owners(Owners& owners) const {
    const auto pids = files().read_directory("/proc");
    if (!pids) {
        return;
    }
    for (const auto& pid : *pids) {
        if (owners.empty() || !parse_uint(pid)) {
            continue;
        }
        const auto comm = files().read_file("/proc/" + pid + "/comm", ports::Links::refuse, 4096);
        if (comm && may_serve_ssh(trim(comm->bytes))) {
            name_owner(owners, pid, std::string(trim(comm->bytes)));
        }
    }
}

/// The first owner found wins: a listening socket that systemd hands to sshd belongs to both, and pid 1 comes first.
void LocalHost::name_owner(Owners& owners, const std::string& pid, const std::string& comm) const {
    const auto directory = "/proc/" + pid + "/fd";
    const auto descriptors = files().read_directory(directory);
    if (!descriptors) {
        return;  // another user's process
    }
    for (const auto& descriptor : *descriptors) {
        const auto link = files().read_link(std::string(directory).append("/").append(descriptor));
        constexpr std::string_view prefix = "socket:[";
        if (!link || !link->starts_with(prefix) || !link->ends_with(']')) {
            continue;
        }
        const auto inode = parse_uint(std::string_view(*link).substr(prefix.size(), link->size() - prefix.size() - 1));
        const auto owned = inode ? owners.find(*inode) : owners.end();
        if (owned == owners.end()) {
            continue;
        }
        for (auto* listener : owned->second) {
            listener->process = comm;
            listener->pid = static_cast<std::uint32_t>(parse_uint(pid).value_or(0));
        }
        owners.erase(owned);
    }
}

Result<std::string> LocalHost::read_hostname() {
    std::array<char, 256> name{};
    if (::gethostname(name.data(), name.size() - 1) != 0) {
        return fail(ErrorCode::io, "host name: " + std::generic_category().message(errno));
    }
    return std::string(name.data());
}

}  // namespace

Result<std::unique_ptr<ports::Host>> make_local_host() {
    return std::make_unique<LocalHost>(TRY(FileSystem::open("/")));
}

}  // namespace sshkeep::host
