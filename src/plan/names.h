#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "sshdconf/build.h"
#include "sshdconf/options.h"

/// The names of options; private to the room.
namespace sshkeep::plan {

/// A directive as this sshd takes it.
struct Directive {
    sshdconf::Option option;
    std::string line;  ///< an option that had another name in this release has that one
};

/// Error `unsupported`: this sshd has no such option (the message says what there is instead); `invalid`: not a
/// directive.
[[nodiscard]] Result<Directive> directive_of(std::string_view line, const sshdconf::Build& build);

/// "OpenSSH 9.2".
[[nodiscard]] std::string release_of(const sshdconf::Build& build);

/// As people write it: "PermitRootLogin".
[[nodiscard]] std::string spelled(sshdconf::Option option);

}  // namespace sshkeep::plan
