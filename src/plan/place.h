#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "plan/drop_in.h"
#include "plan/goal.h"
#include "sshdconf/edit.h"

namespace sshkeep::plan {

/// Gathers the edits that reach goals; private to the room.
class Placement {
public:
    /// Keeps references.
    Placement(const View& view, const std::optional<DropIn>& drop_in) : view_(view), drop_in_(drop_in) {}

    /// Error: a file that had to change cannot be changed safely; nothing is done for the goal then.
    [[nodiscard]] Result<void> place(const Goal& goal);
    /// The files before and after, in the order in which they are to be written: what includes comes after what it
    /// names.
    [[nodiscard]] Result<std::vector<FileChange>> changes() const;

private:
    struct Change {
        std::uint32_t file = 0;
        sshdconf::Edit edit;
    };
    using Origins = std::vector<sshdconf::Origin>;

    [[nodiscard]] Origins lines_in_blocks(const Goal& goal) const;
    [[nodiscard]] bool is_wanted_outside(const Goal& goal) const;
    [[nodiscard]] Origins lines_outside(const Goal& goal) const;
    void replace(const Goal& goal, const Origins& lines, std::vector<Change>& changes) const;
    void add(const Goal& goal, std::vector<Change>& changes, std::string& drop_in) const;
    [[nodiscard]] sshdconf::Edit edit_of(const sshdconf::Origin& line, const std::string& text) const;

    const View& view_;
    const std::optional<DropIn>& drop_in_;
    std::map<std::uint32_t, std::vector<sshdconf::Edit>> edits_;  ///< by file of the configuration
    std::string new_drop_in_;
};

}  // namespace sshkeep::plan
