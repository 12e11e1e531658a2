#pragma once

#include <string>
#include <string_view>

#include "base/untrusted.h"

namespace sshkeep {

/// Printable on any terminal: valid UTF-8 letters stay, control characters, bidirectional overrides, and bytes that are
/// not UTF-8 become \xNN (a code point above 0x7F: \u{N}). A backslash stays as it is.
/// `limit` bounds the number of input bytes shown; the rest becomes an ellipsis. 0 means no bound.
[[nodiscard]] std::string escape_for_terminal(std::string_view bytes, std::size_t limit = 0);
[[nodiscard]] std::string escape_for_terminal(const Untrusted& text, std::size_t limit = 0);

/// Text fit for a JSON string (not yet quoted): invalid UTF-8 becomes U+FFFD; quoting is the JSON library's part.
[[nodiscard]] std::string valid_utf8(std::string_view bytes);
[[nodiscard]] std::string valid_utf8(const Untrusted& text);

}  // namespace sshkeep
