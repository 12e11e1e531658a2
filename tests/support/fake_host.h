#pragma once

#include <map>
#include <string>
#include <vector>

#include "ports/host.h"

namespace sshkeep::support {

/// A host in memory. Directories come into being with what is put below them: root's, mode 0755.
/// Accounts and groups are what the test says; /etc/passwd is only a file.
class FakeHost final : public ports::Host {
public:
    struct Owner {
        std::uint32_t uid = 0;
        std::uint32_t gid = 0;
        std::uint32_t mode = 0644;
    };

    FakeHost();

    void add_file(const std::string& path, std::string bytes) { add_file(path, std::move(bytes), Owner{}); }
    void add_file(const std::string& path, std::string bytes, const Owner& owner);
    void add_directory(const std::string& path) { add_directory(path, {.mode = 0755}); }
    void add_directory(const std::string& path, const Owner& owner);
    void add_link(const std::string& path, std::string target);
    /// A FIFO, socket or device.
    void add_special(const std::string& path, ports::FileType type);
    /// From now on every look at the path, or at what lies below it, fails with `permission`.
    void deny(const std::string& path);
    /// Reading the file's bytes fails with `permission`; its owner and mode can be seen.
    void deny_reading(const std::string& path);
    /// An account and its line in /etc/passwd; its home is not made.
    void add_account(ports::PasswdEntry entry, const std::string& password = "x");

    std::vector<ports::PasswdEntry> accounts;
    std::vector<ports::GroupEntry> groups;
    std::vector<ports::ListeningSocket> listeners;
    std::string hostname = "fake";
    bool is_running = false;
    /// How often anything was asked for.
    std::size_t calls = 0;

    bool running() const noexcept override { return is_running; }
    Result<ports::FileInfo> read_info(const std::string& path, ports::Links links) override;
    Result<ports::ReadFile> read_file(const std::string& path, ports::Links links, std::uint64_t limit) override;
    Result<std::vector<std::string>> read_directory(const std::string& path) override;
    Result<std::string> read_real_path(const std::string& path) override;
    Result<std::string> read_link(const std::string& path) override;
    Result<std::vector<ports::PasswdEntry>> read_accounts() override { return accounts; }
    Result<std::vector<ports::GroupEntry>> read_groups() override { return groups; }
    Result<std::vector<ports::ListeningSocket>> read_listeners() override;
    Result<std::string> read_hostname() override { return hostname; }

private:
    struct Node {
        ports::FileInfo info;
        std::string bytes;  ///< contents, or the target of a link
        bool denied = false;
        bool unreadable = false;
    };
    Node& put(const std::string& path, ports::FileType type, const Owner& owner);
    /// Real path of what is there; links in the last place are followed when asked for.
    Result<std::string> resolve(const std::string& path, ports::Links links);
    Result<Node*> find(const std::string& path, ports::Links links);

    std::map<std::string, Node> nodes_;
    std::uint64_t next_inode_ = 1;
};

}  // namespace sshkeep::support
