#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "facts/facts.h"

namespace sshkeep::facts {

/// One line of a service file before its includes are followed: pam.d(5).
struct PamEntry {
    enum class Kind : std::uint8_t {
        module,
        include_all,   ///< "@include FILE": every line of the file
        include_type,  ///< "TYPE include FILE": its lines of that type
        substack,      ///< the same, with its own die and done
    };
    Kind kind = Kind::module;
    PamLine line;  ///< `module` names the file for an include
};

/// The entries of one file. Lines that have no module are left out.
[[nodiscard]] std::vector<PamEntry> parse_pam(std::string_view text, const std::string& file);

struct PamFile {
    std::string path;
    std::string text;
};
/// Finds a service file by name, or by absolute path, as libpam does. Error not_found: there is none.
using PamReader = std::function<Result<PamFile>(const std::string& name)>;

/// The service with its includes followed: 16 levels deep as libpam has it, 64 files, 1024 includes, 4096 lines.
/// A service without a file falls back to "other". An included file that cannot be read makes the whole unknown.
[[nodiscard]] Fact<PamStack> expand_pam(const std::string& service, const PamReader& reader);

}  // namespace sshkeep::facts
