#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace sshkeep::storage {

constexpr int page_size = 4096;
constexpr int page_checksum_size = 16;  ///< SQLite's reserved bytes at the end of each page

/// Name of the SQLite VFS that gives each page of a main database file a checksum: SHA-256(page number as 4 bytes
/// big-endian
/// || page without its last 16 bytes), cut to 16 bytes. It wraps the VFS that is the default when it is called first.
[[nodiscard]] const char* checked_vfs();

/// Pages whose checksum does not fit, of a whole file; also pages that are cut short. Those whose newest state is
/// in the write-ahead log are left out. Bounded to the first 100.
[[nodiscard]] Result<std::vector<std::uint64_t>> read_damaged_pages(const std::string& path);

/// The page that a read of this thread found damaged last; 0 when none was.
[[nodiscard]] std::uint64_t last_damaged_page() noexcept;

}  // namespace sshkeep::storage
