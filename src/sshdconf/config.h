#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sshdconf/build.h"

namespace sshkeep::sshdconf {

/// Where configuration bytes come from. The room itself opens nothing.
class FileSource {
public:
    virtual ~FileSource() = default;
    FileSource() = default;
    FileSource(const FileSource&) = delete;
    FileSource& operator=(const FileSource&) = delete;

    [[nodiscard]] virtual Result<std::string> read(const std::string& path) = 0;
    /// glob(3) as sshd calls it for Include: sorted paths; no match gives an empty list.
    [[nodiscard]] virtual Result<std::vector<std::string>> glob(const std::string& pattern) = 0;
};

/// One physical line and what sshd's tokenizer makes of it. Offsets are into the file's bytes.
struct Line {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;               ///< past the newline, when there is one
    std::string keyword;                 ///< lower case; empty for a blank line or a comment
    std::vector<std::string> arguments;  ///< unquoted, as this build's sshd splits them
    /// All after the keyword and its separator, unsplit: what ForceCommand and the like take.
    std::string rest;
    bool malformed = false;  ///< no argument where sshd insists on one, or an unbalanced quote
};

/// One file, every byte kept: the concatenation of its lines is the file.
struct File {
    std::string path;
    std::string bytes;
    std::vector<Line> lines;

    [[nodiscard]] std::string_view text(std::size_t line_index) const;  ///< without its newline
};

/// A place in the configuration. `line` counts from 1.
struct Origin {
    std::uint32_t file = 0;  ///< index into Config::files
    std::uint32_t line = 0;

    friend auto operator<=>(const Origin&, const Origin&) = default;
};

/// Something sshd would complain about or that cannot be known.
struct Diagnostic {
    enum class Kind : std::uint8_t {
        fatal,       ///< sshd refuses to start with it
        unreadable,  ///< a file that sshd may be able to read but we could not: what it sets is unknown
        notice,      ///< deprecated or ignored option and the like
    };
    Kind kind = Kind::notice;
    Origin origin;
    std::string message;  ///< may quote bytes of the file: escape before printing
};

/// The whole configuration: the main file and every included file, in the order sshd reads them.
struct Config {
    std::vector<File> files;  ///< files[0] is the main one; a file included twice is there once
    /// One directive as sshd meets it, Include lines replaced by what they name.
    struct Directive {
        Origin origin;
        std::uint32_t block = 0;  ///< index into `blocks`: the Match that governs it; 0 = none
    };
    struct Block {
        Origin origin;             ///< of the Match line; unused for block 0
        std::uint32_t parent = 0;  ///< the block whose Include brought this file in (Include inside Match)
        std::string condition;     ///< "User bob Address 192.0.2.0/24", as written
    };
    std::vector<Directive> directives;
    std::vector<Block> blocks;
    std::vector<Diagnostic> diagnostics;
    Build build;

    [[nodiscard]] const Line& line(const Origin& origin) const;
    [[nodiscard]] const std::string& path(const Origin& origin) const;
};

/// Reads the main file and everything it includes. Bounds: 16 levels of Include as sshd has, 1 MiB for a file,
/// 4096 files, 16 MiB in all. Only an unreadable main file is an Error; all else is a Diagnostic.
[[nodiscard]] Result<Config> parse_config(const std::string& path, FileSource& source, const Build& build);

}  // namespace sshkeep::sshdconf
