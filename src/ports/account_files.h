#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"

namespace sshkeep::ports {

/// An account whose files are changed.
struct AccountIdentity {
    std::string name;
    std::uint32_t uid = 0;
    std::uint32_t gid = 0;
};

/// A line that was put at the end of a file, with what is needed to take it away again without a trace.
struct AppendedLine {
    AccountIdentity account;
    std::string path;
    std::string line;  ///< without its newline
    bool file_made = false;
    bool directory_made = false;  ///< the file's directory
    std::uint64_t size = 0;       ///< of the file before
    std::int64_t mtime = 0;       ///< nanoseconds since the epoch, before
};

/// Changes inside directories that an account itself can write, such as ~/.ssh. They are made with that account's
/// rights (all its ids, no further groups, no capabilities), so links or races that it plants lead to nothing that it
/// could not change by itself. The file must belong to the account.
class AccountFiles {
public:
    virtual ~AccountFiles() = default;
    AccountFiles() = default;
    AccountFiles(const AccountFiles&) = delete;
    AccountFiles& operator=(const AccountFiles&) = delete;

    /// What append() will find and make; changes nothing.
    [[nodiscard]] virtual Result<AppendedLine> prepare(const AccountIdentity& account, const std::string& path,
                                                       const std::string& line) = 0;
    /// In place: inode, owner, mode and every byte before stay. Fails when the file is not what prepare() saw.
    [[nodiscard]] virtual Result<void> append(const AppendedLine& line) = 0;
    /// Takes the line away; bytes and modification time are as before unless somebody else wrote meanwhile, whose lines
    /// stay. A line that is not there is no error.
    [[nodiscard]] virtual Result<void> withdraw(const AppendedLine& line) = 0;
};

}  // namespace sshkeep::ports
