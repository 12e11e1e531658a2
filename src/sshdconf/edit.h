#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sshdconf/config.h"

/// Changes of configuration text that keep every other byte.
namespace sshkeep::sshdconf {

/// How the comment begins that stands right above lines which sshkeep wrote.
inline constexpr std::string_view written_mark = "# sshkeep: ";
/// Whether that comment stands right above a line (counted from 1).
[[nodiscard]] bool is_marked(const File& file, std::uint32_t line);

/// Lines first .. first+removed-1 (from 1) give way to `inserted` (whole lines, each ended with a newline).
/// With removed == 0 the text goes in front of line `first`; first == number of lines + 1 appends.
struct Edit {
    std::uint32_t first = 1;
    std::uint32_t removed = 0;
    std::string inserted;
};

/// The file with its edits made. They must not overlap. A last line without a newline gets one before text follows it.
[[nodiscard]] Result<std::string> apply_edits(const File& file, std::vector<Edit> edits);

/// Copies of the configuration under other names, so that `sshd -t -f` can judge files that are not in place yet.
struct Staged {
    std::string path;  ///< where to write it
    std::string bytes;
};
/// The first is the main file. Every Include line names copies, one for each file it reads in that order, and each line
/// has its old number. Equal in effect to the planned configuration, except for `drop` (lower-case current names of
/// options whose lines are left out, such as port and listenaddress). `planned` reads and globs with the planned files
/// present. `name(path)`: where the copy of a file goes; absolute, without blanks, quotes and glob characters. Errors:
/// a file that an Include names cannot be read; one holds a NUL byte; the bounds of parse_config are exceeded.
[[nodiscard]] Result<std::vector<Staged>> stage(const std::string& main, FileSource& planned, const Build& build,
                                                const std::function<std::string(const std::string&)>& name,
                                                const std::vector<std::string>& drop);

}  // namespace sshkeep::sshdconf
