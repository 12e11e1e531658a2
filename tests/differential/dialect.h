#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "model/version.h"

namespace sshkeep::differential {

/// What one sshd takes: its release decides which options and spellings are legal, its build which algorithms exist.
struct Dialect {
    int release = 0;  ///< 9.2 is 902
    std::vector<std::string> ciphers;
    std::vector<std::string> macs;
    std::vector<std::string> kex;
    std::vector<std::string> signatures;  ///< of keys and certificates

    /// Since 8.7 a line is split like a shell's; before, at blanks and the first '=' of each word, with '#' ending
    /// the line wherever it stands.
    [[nodiscard]] bool splits_like_a_shell() const noexcept { return release >= 807; }
    [[nodiscard]] bool subsystem_may_repeat() const noexcept { return release >= 905; }
    [[nodiscard]] bool matches_invalid_user() const noexcept { return release >= 909; }
    [[nodiscard]] bool matches_version() const noexcept { return release >= 1000; }
};

/// Asks the programs of the sandbox.
[[nodiscard]] Result<Dialect> read_dialect(const OpensshVersion& version);

}  // namespace sshkeep::differential
