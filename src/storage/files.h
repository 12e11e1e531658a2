#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

/// Small files, written so that a crash leaves the old or the new one.
namespace sshkeep::storage {

/// A regular file of at most `limit` bytes; a link as the last component is refused.
[[nodiscard]] Result<std::string> read_small_file(const std::string& path, std::size_t limit);
/// Written beside, synced, renamed, directory synced.
[[nodiscard]] Result<void> replace_file(const std::string& path, std::string_view bytes, unsigned mode);
[[nodiscard]] Result<void> sync_directory(const std::string& path);
/// An Error of errno with the path in front.
[[nodiscard]] Error system_error(const std::string& path);

}  // namespace sshkeep::storage
