#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

/// Places outside of the ledger where a checkpoint is kept, so that whoever rewrites the ledger does not reach all
/// copies.
namespace sshkeep::storage {

/// Appends the note to a file, best on another mount, and syncs it.
[[nodiscard]] Result<void> anchor_to_file(const std::string& path, std::string_view note);
/// One line to the system log, facility authpriv: the note with " | " for each newline.
void anchor_to_syslog(std::string_view note);
/// HTTPS PUT of the note; the server must answer 200, 201 or 204. `ca_file` may be empty: the system's own.
[[nodiscard]] Result<void> anchor_to_url(const std::string& url, std::string_view note, const std::string& ca_file);

/// Runs a program (searched in PATH, no shell), feeds `input`, gives its standard output (at most 256 KiB) when it
/// exits with 0 or 1. It has a minute. For a witness that is reached through ssh(1).
[[nodiscard]] Result<std::string> run_filter(const std::vector<std::string>& command, std::string_view input);

}  // namespace sshkeep::storage
