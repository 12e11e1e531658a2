#pragma once

#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

/// Files of records that were moved out of the database (docs/formats/ledger.md, Archive).
namespace sshkeep::storage {

struct ArchiveHeader {
    std::string origin;
    std::uint64_t first = 0;
    std::uint64_t end = 0;  ///< one past the last
};

struct CloseFile {
    void operator()(std::FILE* file) const {
        std::fclose(file);  // NOLINT(cert-err33-c): finish() has told of every error that matters
    }
};

/// Writes DIRECTORY/records-FIRST-END.archive by way of a temporary file.
class ArchiveWriter {
public:
    [[nodiscard]] static Result<ArchiveWriter> create(const std::string& directory, const ArchiveHeader& header);
    [[nodiscard]] Result<void> add(std::string_view record);
    /// Synced to the disk and under its final name.
    [[nodiscard]] Result<void> finish();
    [[nodiscard]] const std::string& path() const { return path_; }

private:
    std::string directory_;
    std::string path_;
    std::unique_ptr<std::FILE, CloseFile> file_;
};

/// Every record of an archive in order; `visit` returns false to stop. What is cut short or malformed is an Error.
[[nodiscard]] Result<ArchiveHeader> read_archive(
    const std::string& path, const std::function<bool(std::uint64_t sequence, std::string_view bytes)>& visit);

}  // namespace sshkeep::storage
