// Copies of a configuration whose Include lines name the copies.
#include <algorithm>
#include <set>

#include "sshdconf/edit.h"
#include "sshdconf/options.h"
#include "sshdconf/tokenizer.h"
#include "sshdconf/version_number.h"

namespace sshkeep::sshdconf {

namespace {

constexpr std::size_t max_file_bytes = std::size_t{1} << 20;
constexpr std::size_t max_files = 4096;
constexpr std::size_t max_total_bytes = std::size_t{16} << 20;

using Meaning = Keyword::Meaning;

class Stager {
public:
    Stager(FileSource& source, const Build& build, const std::function<std::string(const std::string&)>& name,
           const std::vector<std::string>& drop)
        : source_(source), build_(build), name_(name), drop_(drop) {}

    [[nodiscard]] Result<std::vector<Staged>> run(const std::string& main) {
        TRY(copy_of(main));
        std::vector<Staged> staged;
        for (std::size_t i = 0; i < originals_.size(); ++i) {  // grows while it runs
            const std::string path = originals_[i];
            staged.push_back({TRY(copy_of(path)), TRY(rewritten(path))});
        }
        return staged;
    }

private:
    /// Where the copy goes, as one word of an Include line that no glob character changes.
    [[nodiscard]] Result<std::string> copy_of(const std::string& path) {
        std::string copy = name_(path);
        const bool plain = copy.find_first_of(std::string_view("\0\n\r\t \"'\\#=*?[]{}", 16)) == std::string::npos;
        if (!copy.starts_with('/') || !plain) {
            return fail(ErrorCode::invalid, "cannot write the path of a copy into a configuration: " + copy);
        }
        if (seen_.insert(path).second) {
            if (originals_.size() >= max_files) {
                return fail(ErrorCode::too_large, path + ": more than 4096 files of configuration");
            }
            originals_.push_back(path);
        }
        return copy;
    }

    [[nodiscard]] Result<std::string> rewritten(const std::string& path) {
        const std::string bytes = TRY(source_.read(path));
        total_bytes_ += bytes.size();
        if (bytes.size() > max_file_bytes || total_bytes_ > max_total_bytes) {
            return fail(ErrorCode::too_large, path + ": more than 1 MiB, or 16 MiB in all");
        }
        if (bytes.find('\0') != std::string::npos) {  // glues lines together
            return fail(ErrorCode::invalid, path + ": holds a NUL byte");
        }
        std::string text;
        for (const Line& line : parse_lines(bytes, version_number(build_))) {
            const std::string_view original = std::string_view(bytes).substr(line.begin, line.end - line.begin);
            text += TRY(rewritten(line, original));
        }
        return text;
    }

    /// As many lines as before, so that what sshd says of a line of the copy is true of the original.
    [[nodiscard]] Result<std::string> rewritten(const Line& line, std::string_view original) {
        const std::string end(original.ends_with('\n') ? "\n" : "");
        if (const auto keyword = find_keyword(line.keyword, build_)) {
            const bool is_option = keyword->meaning == Meaning::option;
            if (is_option && std::ranges::find(drop_, name_of(keyword->option)) != drop_.end()) {
                return end;
            }
            if (keyword->meaning == Meaning::include && !line.malformed) {
                return rewritten_include(line, original, end);
            }
        }
        return std::string(original);
    }

    [[nodiscard]] Result<std::string> rewritten_include(const Line& line, std::string_view original,
                                                        const std::string& end) {
        const auto empty = std::ranges::find(line.arguments, std::string());
        if (empty == line.arguments.begin()) {
            return std::string(original);  // sshd refuses it here and there
        }
        std::string copies;
        for (auto pattern = line.arguments.begin(); pattern != empty; ++pattern) {
            const bool anchored = pattern->starts_with('/') || pattern->starts_with('~');
            for (const std::string& path : TRY(source_.glob(anchored ? *pattern : "/etc/ssh/" + *pattern))) {
                copies += " " + TRY(copy_of(path));
            }
        }
        if (empty != line.arguments.end() && version_number(build_) >= 807) {  // refused, too
            return copies.empty() ? std::string(original) : "Include" + copies + " \"\"" + end;
        }
        return copies.empty() ? "#" + std::string(original) : "Include" + copies + end;
    }

    FileSource& source_;
    const Build& build_;
    const std::function<std::string(const std::string&)>& name_;
    const std::vector<std::string>& drop_;
    std::vector<std::string> originals_;
    std::set<std::string> seen_;
    std::size_t total_bytes_ = 0;
};

}  // namespace

Result<std::vector<Staged>> stage(const std::string& main, FileSource& planned, const Build& build,
                                  const std::function<std::string(const std::string&)>& name,
                                  const std::vector<std::string>& drop) {
    return Stager(planned, build, name, drop).run(main);
}

}  // namespace sshkeep::sshdconf
