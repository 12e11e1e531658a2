#pragma once

#include <string>
#include <string_view>

namespace sshkeep::keyfmt {

/// Decodes into `bytes` (replacing it, in one allocation) as sshd does: white space anywhere is skipped, padding is
/// required, bits beyond the last byte must be zero. False when the text is not base64; `bytes` is then meaningless.
[[nodiscard]] bool decode_base64(std::string_view text, std::string& bytes);
/// Without padding, as fingerprints are written.
[[nodiscard]] std::string encode_base64_unpadded(std::string_view bytes);

}  // namespace sshkeep::keyfmt
