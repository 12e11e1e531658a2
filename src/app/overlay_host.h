#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "ports/host.h"

namespace sshkeep::app {

/// A host as it would be with other contents in some files. Reads only; everything else is asked of the real one.
class OverlayHost final : public ports::Host {
public:
    /// `host` outlives this.
    explicit OverlayHost(ports::Host& host) : host_(host) {}

    /// A file with these bytes; an existing one keeps its owner and mode. Its directory may be new, too.
    [[nodiscard]] Result<void> put(const std::string& path, std::string bytes, std::uint32_t mode = 0600,
                                   std::uint32_t uid = 0, std::uint32_t gid = 0);
    /// One more account, and its group unless the group exists.
    void add_account(ports::PasswdEntry account, const std::vector<std::string>& groups);

    [[nodiscard]] bool running() const noexcept override { return host_.running(); }
    [[nodiscard]] Result<ports::FileInfo> read_info(const std::string& path, ports::Links links) override;
    [[nodiscard]] Result<ports::ReadFile> read_file(const std::string& path, ports::Links links,
                                                    std::uint64_t limit) override;
    [[nodiscard]] Result<std::vector<std::string>> read_directory(const std::string& path) override;
    [[nodiscard]] Result<std::string> read_real_path(const std::string& path) override;
    [[nodiscard]] Result<std::string> read_link(const std::string& path) override { return host_.read_link(path); }
    [[nodiscard]] Result<std::vector<ports::PasswdEntry>> read_accounts() override;
    [[nodiscard]] Result<std::vector<ports::GroupEntry>> read_groups() override;
    [[nodiscard]] Result<std::vector<ports::ListeningSocket>> read_listeners() override {
        return host_.read_listeners();
    }
    [[nodiscard]] Result<std::string> read_hostname() override { return host_.read_hostname(); }

private:
    /// The path under which a planned file or directory is kept: links of the real host resolved.
    [[nodiscard]] std::string resolved(const std::string& path);

    ports::Host& host_;
    std::map<std::string, ports::ReadFile> files_;
    std::map<std::string, ports::FileInfo> directories_;  ///< new ones
    std::vector<ports::PasswdEntry> accounts_;
    std::vector<std::pair<std::string, std::string>> memberships_;  ///< group, account
};

}  // namespace sshkeep::app
