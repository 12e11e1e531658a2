#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "sshdconf/config.h"

/// A place where a real sshd of some Debian release can be asked, and nothing outside can be changed.
namespace sshkeep::differential {

/// An account that exists in the sandbox besides those of every Debian system.
struct Account {
    std::string name;
    std::vector<std::string> groups;  ///< primary first
};
[[nodiscard]] const std::vector<Account>& accounts();

struct Ran {
    int status = 0;
    bool crashed = false;  ///< ended by a signal
    std::string out;
    std::string err;
};

/// Moves this process for good into namespaces of its own (mounts, network, IPC) and into an overlay of the root whose
/// changes live in memory and vanish with the process. The root itself is never written.
[[nodiscard]] Result<void> enter_sandbox(const std::string& root);

/// Runs a program of the sandbox to its end. No shell, an empty environment, standard input from /dev/null.
[[nodiscard]] Result<Ran> run(const std::vector<std::string>& command);

[[nodiscard]] Result<std::string> read_file(const std::string& path);
[[nodiscard]] Result<void> write_file(const std::string& path, const std::string& bytes);

/// The version of openssh-server that dpkg has recorded in the sandbox.
[[nodiscard]] Result<std::string> installed_openssh();

/// The files of the sandbox, as sshd sees them.
class SandboxFiles final : public sshdconf::FileSource {
public:
    [[nodiscard]] Result<std::string> read(const std::string& path) override { return read_file(path); }
    [[nodiscard]] Result<std::vector<std::string>> glob(const std::string& pattern) override;
};

}  // namespace sshkeep::differential
