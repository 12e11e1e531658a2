#include "plan/planned_source.h"

#include <algorithm>

#include "sshdconf/glob.h"

namespace sshkeep::plan {

Result<std::string> KnownFiles::read(const std::string& path) {
    const auto file = std::ranges::find(config_.files, path, &sshdconf::File::path);
    return file == config_.files.end() ? Result<std::string>(fail(ErrorCode::not_found, path + ": not read before"))
                                       : file->bytes;
}

Result<std::vector<std::string>> KnownFiles::glob(const std::string& pattern) {
    std::vector<std::string> paths;
    for (const sshdconf::File& file : config_.files) {
        if (sshdconf::path_matches(pattern, file.path)) {
            paths.push_back(file.path);
        }
    }
    std::ranges::sort(paths);
    return paths;
}

PlannedSource::PlannedSource(sshdconf::FileSource& base, const std::vector<FileChange>& changes) : base_(base) {
    for (const FileChange& change : changes) {
        planned_[change.path] = change.after;
    }
}

Result<std::string> PlannedSource::read(const std::string& path) {
    const auto planned = planned_.find(path);
    return planned == planned_.end() ? base_.read(path) : Result<std::string>(planned->second);
}

Result<std::vector<std::string>> PlannedSource::glob(const std::string& pattern) {
    std::vector<std::string> paths = TRY(base_.glob(pattern));
    for (const auto& [path, bytes] : planned_) {
        if (sshdconf::path_matches(pattern, path) && std::ranges::find(paths, path) == paths.end()) {
            paths.push_back(path);
        }
    }
    std::ranges::sort(paths);
    return paths;
}

}  // namespace sshkeep::plan
