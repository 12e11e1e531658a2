#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "keyfmt/authorized_keys.h"

namespace sshkeep::keyfmt {

/// Bytes of `text` before the first space or tab outside double quotes; npos when a quote stays open.
[[nodiscard]] std::size_t length_of_options(std::string_view text) noexcept;
/// The option word of an authorized_keys line. `text` ends where length_of_options says.
[[nodiscard]] Result<KeyOptions> parse_key_options(std::string_view text, std::int32_t utc_offset);

}  // namespace sshkeep::keyfmt
