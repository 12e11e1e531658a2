#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace sshkeep::support {

/// A directory of its own below the system's temporary one, removed at the end. Paths are absolute within the tree.
class TempTree {
public:
    TempTree();
    ~TempTree();
    TempTree(const TempTree&) = delete;
    TempTree& operator=(const TempTree&) = delete;

    [[nodiscard]] std::string root() const { return root_.string(); }
    /// Where a path of the tree lies on this machine.
    [[nodiscard]] std::filesystem::path at(std::string_view path) const;

    /// Directories on the way are made.
    void add_file(std::string_view path, std::string_view bytes, unsigned mode = 0644) const;
    void add_directory(std::string_view path, unsigned mode = 0755) const;
    void add_link(std::string_view path, std::string_view target) const;
    void add_fifo(std::string_view path) const;

private:
    std::filesystem::path root_;
};

}  // namespace sshkeep::support
