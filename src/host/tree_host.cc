#include <grp.h>
#include <pwd.h>

#include <algorithm>
#include <cstdio>
#include <memory>

#include "base/text.h"
#include "host/files_host.h"
#include "host/host_factory.h"

namespace sshkeep::host {
namespace {

constexpr std::uint64_t database_limit = 64ULL * 1024 * 1024;  ///< of /etc/passwd and /etc/group

/// Reads a passwd-like text with the C library's own parser: fgetpwent_r or fgetgrent_r.
template <class Entry, class Next, class Take>
void for_each_entry(std::string& bytes, Next next, Take take) {
    if (bytes.empty()) {
        return;
    }
    std::size_t longest = 0;
    for (std::string_view rest = bytes; !rest.empty();) {
        const auto length = std::min(rest.find('\n'), rest.size() - 1) + 1;
        longest = std::max(longest, length);
        rest.remove_prefix(length);
    }
    // Room for the longest line and a pointer to each member that it can name.
    std::vector<char> buffer(longest * (1 + sizeof(char*)) + 1024);
    const std::unique_ptr<FILE, int (*)(FILE*)> stream(::fmemopen(bytes.data(), bytes.size(), "r"), std::fclose);
    Entry storage{};
    Entry* entry = nullptr;
    while (stream && next(stream.get(), &storage, buffer.data(), buffer.size(), &entry) == 0 && entry != nullptr) {
        take(*entry);
    }
}

class TreeHost final : public FilesHost {
public:
    using FilesHost::FilesHost;

    bool running() const noexcept override { return false; }
    Result<std::vector<ports::PasswdEntry>> read_accounts() override;
    Result<std::vector<ports::GroupEntry>> read_groups() override;
    Result<std::vector<ports::ListeningSocket>> read_listeners() override {
        return fail(ErrorCode::unsupported, "an offline tree has no sockets");
    }
    Result<std::string> read_hostname() override;
};

/// The compatibility entries of NIS ("+", "-user", "+@netgroup") are no accounts.
bool names_nobody(std::string_view name) { return name.empty() || name.starts_with('+') || name.starts_with('-'); }

Result<std::vector<ports::PasswdEntry>> TreeHost::read_accounts() {
    auto file = TRY(read_file("/etc/passwd", ports::Links::follow, database_limit));
    std::vector<ports::PasswdEntry> accounts;
    for_each_entry<passwd>(file.bytes, ::fgetpwent_r, [&](const passwd& entry) {
        if (!names_nobody(entry.pw_name)) {
            accounts.push_back({.name = entry.pw_name,
                                .uid = entry.pw_uid,
                                .gid = entry.pw_gid,
                                .gecos = entry.pw_gecos,
                                .home = entry.pw_dir,
                                .shell = entry.pw_shell});
        }
    });
    return accounts;
}

Result<std::vector<ports::GroupEntry>> TreeHost::read_groups() {
    auto file = TRY(read_file("/etc/group", ports::Links::follow, database_limit));
    std::vector<ports::GroupEntry> groups;
    for_each_entry<group>(file.bytes, ::fgetgrent_r, [&](const group& entry) {
        if (!names_nobody(entry.gr_name)) {
            ports::GroupEntry known{.name = entry.gr_name, .gid = entry.gr_gid};
            for (auto* const* member = entry.gr_mem; *member != nullptr; ++member) {
                known.members.emplace_back(*member);
            }
            groups.push_back(std::move(known));
        }
    });
    return groups;
}

Result<std::string> TreeHost::read_hostname() {
    const auto file = TRY(read_file("/etc/hostname", ports::Links::follow, 4096));
    return std::string(trim(std::string_view(file.bytes).substr(0, file.bytes.find('\n'))));
}

}  // namespace

Result<std::unique_ptr<ports::Host>> make_tree_host(const std::string& directory) {
    return std::make_unique<TreeHost>(TRY(FileSystem::open(directory)));
}

}  // namespace sshkeep::host
