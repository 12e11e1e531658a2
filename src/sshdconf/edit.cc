#include "sshdconf/edit.h"

#include <algorithm>
#include <tuple>

#include "base/text.h"

namespace sshkeep::sshdconf {

namespace {

[[nodiscard]] Result<void> check_edits(const File& file, const std::vector<Edit>& edits) {
    std::size_t next = 1;  // the first line that may still be touched
    for (const Edit& edit : edits) {
        if (edit.first < next || edit.first + std::size_t{edit.removed} > file.lines.size() + 1) {
            return fail(ErrorCode::invalid, file.path + ": edits overlap or lie outside the file");
        }
        if (!edit.inserted.empty() && !edit.inserted.ends_with('\n')) {
            return fail(ErrorCode::invalid, file.path + ": an inserted line does not end");
        }
        next = edit.first + std::size_t{edit.removed};
    }
    return {};
}

}  // namespace

bool is_marked(const File& file, std::uint32_t line) {
    return line >= 2 && trim(file.text(line - 2)).starts_with(written_mark);
}

Result<std::string> apply_edits(const File& file, std::vector<Edit> edits) {
    // What only inserts goes first, so that it stands in front of the line that another edit takes away.
    std::ranges::stable_sort(edits, {}, [](const Edit& edit) { return std::tuple(edit.first, edit.removed != 0); });
    TRY(check_edits(file, edits));
    const auto begin_of = [&](std::size_t line) {
        return line <= file.lines.size() ? file.lines[line - 1].begin : file.bytes.size();
    };
    std::string text;
    std::size_t at = 0;
    for (const Edit& edit : edits) {
        text.append(file.bytes, at, begin_of(edit.first) - at);
        if (!edit.inserted.empty() && !text.empty() && !text.ends_with('\n')) {
            text += '\n';
        }
        text += edit.inserted;
        at = begin_of(edit.first + std::size_t{edit.removed});
    }
    text.append(file.bytes, at);
    return text;
}

}  // namespace sshkeep::sshdconf
