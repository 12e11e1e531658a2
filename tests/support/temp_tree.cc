#include "support/temp_tree.h"

#include <stdlib.h>  // NOLINT(modernize-deprecated-headers): mkdtemp is POSIX's
#include <sys/stat.h>

#include <fstream>
#include <system_error>

#include "base/check.h"

namespace sshkeep::support {

namespace fs = std::filesystem;

TempTree::TempTree() {
    auto name = (fs::temp_directory_path() / "sshkeep-test-XXXXXX").string();
    CHECK(::mkdtemp(name.data()) != nullptr);
    root_ = name;
}

TempTree::~TempTree() {
    std::error_code ignored;
    for (fs::recursive_directory_iterator at(root_, fs::directory_options::skip_permission_denied, ignored), end;
         at != end; at.increment(ignored)) {
        if (at->is_directory(ignored) && !at->is_symlink(ignored)) {
            fs::permissions(at->path(), fs::perms::owner_all, fs::perm_options::add, ignored);
        }
    }
    fs::remove_all(root_, ignored);
}

fs::path TempTree::at(std::string_view path) const { return root_ / fs::path(path).relative_path(); }

void TempTree::add_file(std::string_view path, std::string_view bytes, unsigned mode) const {
    fs::create_directories(at(path).parent_path());
    std::ofstream(at(path), std::ios::binary) << bytes;
    fs::permissions(at(path), static_cast<fs::perms>(mode));
}

void TempTree::add_directory(std::string_view path, unsigned mode) const {
    fs::create_directories(at(path));
    fs::permissions(at(path), static_cast<fs::perms>(mode));
}

void TempTree::add_link(std::string_view path, std::string_view target) const {
    fs::create_directories(at(path).parent_path());
    fs::create_symlink(target, at(path));
}

void TempTree::add_fifo(std::string_view path) const {
    fs::create_directories(at(path).parent_path());
    CHECK(::mkfifo(at(path).c_str(), 0666) == 0);
}

}  // namespace sshkeep::support
