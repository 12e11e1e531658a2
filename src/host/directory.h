#pragma once

#include <string>

#include "base/result.h"
#include "host/unique_fd.h"

/// Directories that only root can change, and names in them.
namespace sshkeep::host {

/// An Error of errno with the path in front.
[[nodiscard]] Error system_failure(const std::string& path);

/// A directory, and the name of something in it.
struct Place {
    UniqueFd directory;  ///< opened for reading, so that it can be synced
    std::string name;
    std::string path;  ///< for messages
};

/// Walks from `root`: no component may be a link or belong to anybody but root and this process, and nobody else may
/// write to it.
[[nodiscard]] Result<UniqueFd> open_trusted_directory(int root, const std::string& path);
/// The directory of a path, walked like that, and the path's last component.
[[nodiscard]] Result<Place> open_place(int root, const std::string& path);
[[nodiscard]] Result<void> sync(const Place& place);

}  // namespace sshkeep::host
