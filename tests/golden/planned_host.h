#pragma once

#include <map>

#include "plan/plan.h"
#include "ports/host.h"

namespace sshkeep::golden {

/// A host as it is once a plan has been carried out. New files and directories are root's. Nothing is written.
class PlannedHost final : public ports::Host {
public:
    PlannedHost(ports::Host& host, const std::vector<plan::FileChange>& changes);

    bool running() const noexcept override { return host_.running(); }
    Result<ports::FileInfo> read_info(const std::string& path, ports::Links links) override;
    Result<ports::ReadFile> read_file(const std::string& path, ports::Links links, std::uint64_t limit) override;
    Result<std::vector<std::string>> read_directory(const std::string& path) override;
    Result<std::string> read_real_path(const std::string& path) override;
    Result<std::string> read_link(const std::string& path) override { return host_.read_link(path); }
    Result<std::vector<ports::PasswdEntry>> read_accounts() override { return host_.read_accounts(); }
    Result<std::vector<ports::GroupEntry>> read_groups() override { return host_.read_groups(); }
    Result<std::vector<ports::ListeningSocket>> read_listeners() override { return host_.read_listeners(); }
    Result<std::string> read_hostname() override { return host_.read_hostname(); }

private:
    ports::Host& host_;
    std::map<std::string, plan::FileChange> changes_;
};

}  // namespace sshkeep::golden
