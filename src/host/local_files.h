#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "ports/files.h"

namespace sshkeep::host {

/// The running host's files. `root` stands for "/" (tests name a directory of their own); what lies above it is
/// trusted. Only root, or who runs the program, may own the directories on the way.
[[nodiscard]] Result<std::unique_ptr<ports::Files>> make_local_files(const std::string& root = "/");

}  // namespace sshkeep::host
