#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/untrusted.h"
#include "keyfmt/authorized_keys.h"

namespace sshkeep::keyfmt {

/// One line of an AuthorizedPrincipalsFile: options, as in authorized_keys, and a name.
struct AuthorizedPrincipal {
    std::uint32_t line = 0;  ///< from 1
    KeyOptions options;
    Untrusted name;
    std::string rejected;  ///< why sshd ignores the line; empty when accepted
};

/// At most 10,000 lines that sshd ignores are listed.
[[nodiscard]] std::vector<AuthorizedPrincipal> parse_authorized_principals(std::string_view bytes,
                                                                           std::int32_t utc_offset = 0);

}  // namespace sshkeep::keyfmt
