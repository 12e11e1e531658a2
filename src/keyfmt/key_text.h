#pragma once

#include <string_view>

#include "base/result.h"
#include "base/untrusted.h"
#include "keyfmt/public_key.h"

namespace sshkeep::keyfmt {

/// Reads "TYPE BASE64" from the start of `text` and leaves `text` at the comment. On an error `text` stays as it was.
[[nodiscard]] Result<PublicKey> take_key(std::string_view& text);
/// A comment as it is kept: no more than 4096 bytes.
[[nodiscard]] Untrusted comment_from(std::string_view text);
[[nodiscard]] std::string_view without_leading_blanks(std::string_view text) noexcept;
/// Up to the first space or tab.
[[nodiscard]] std::string_view first_word(std::string_view text) noexcept;

}  // namespace sshkeep::keyfmt
