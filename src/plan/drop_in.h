#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plan/goal.h"

namespace sshkeep::plan {

/// The file of our own that is read before others. Private to the room.
class DropIn {
public:
    /// Nothing: this sshd has no Include, or every place for such a file is inside a Match block.
    [[nodiscard]] static std::optional<DropIn> find(const View& view, const facts::HostFacts& facts);

    [[nodiscard]] const std::string& path() const { return path_; }
    /// Among the files of the configuration; nullptr: it is new.
    [[nodiscard]] const sshdconf::File* file() const { return file_; }
    /// In front of which line of the main file an Include for it has to be written; 0: one is there.
    [[nodiscard]] std::uint32_t include_before() const { return include_before_; }
    /// Whether its lines are read before this one.
    [[nodiscard]] bool comes_before(const View& view, const sshdconf::Origin& origin) const;
    [[nodiscard]] std::uint32_t mode() const { return mode_; }
    /// Something a person should know about the choice; mostly empty.
    [[nodiscard]] const std::string& note() const { return note_; }

private:
    [[nodiscard]] bool probe(const View& view);

    std::string path_;
    const sshdconf::File* file_ = nullptr;
    std::uint32_t include_before_ = 0;
    std::uint32_t mode_ = 0600;
    std::string note_;
    std::vector<sshdconf::Origin> earlier_;  ///< directives of the configuration that are read before it; sorted
};

/// In front of which line text for the end of a file's part outside of Match goes (number of lines + 1: at its end).
[[nodiscard]] std::uint32_t end_of_global_part(const sshdconf::File& file, const sshdconf::Build& build);
/// A line "# sshkeep: ..." right above belongs to the line below it.
[[nodiscard]] std::uint32_t with_comment_above(const sshdconf::File& file, std::uint32_t line);

}  // namespace sshkeep::plan
