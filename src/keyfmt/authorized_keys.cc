#include "keyfmt/authorized_keys.h"

#include <algorithm>

#include "keyfmt/key_options.h"
#include "keyfmt/key_text.h"
#include "keyfmt/key_type.h"

namespace sshkeep::keyfmt {
namespace {

/// The next line as sshd's C strings see it: up to the first NUL, without leading blanks.
std::string_view take_line(std::string_view& bytes) {
    const auto end = std::min(bytes.find('\n'), bytes.size());
    auto line = bytes.substr(0, end);
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
    return without_leading_blanks(line.substr(0, line.find('\0')));
}

/// The key first, or else options and the key. The options are judged only when a key follows them, as sshd does it.
Result<AuthorizedKey> parse_entry(std::string_view text, std::int32_t utc_offset) {
    std::string_view options;
    auto key = take_key(text);
    // What starts with a key's type is a damaged key, not options: no option is called so.
    if (!key && find_key_type(first_word(text)) == nullptr) {
        const auto length = length_of_options(text);
        if (length == std::string_view::npos) {
            return fail(ErrorCode::invalid, "a double quote in the options is not closed");
        }
        options = text.substr(0, length);
        text = without_leading_blanks(text.substr(length));
        if (find_key_type(first_word(text)) == nullptr) {
            return fail(ErrorCode::invalid, "neither a key nor options and a key");
        }
        key = take_key(text);
    }
    if (!key) {
        return std::unexpected(std::move(key).error());
    }
    AuthorizedKey entry;
    entry.options = TRY(parse_key_options(options, utc_offset));
    if (key->certificate) {
        return fail(ErrorCode::invalid, "a certificate stands where only a plain key is ever matched");
    }
    entry.key = *std::move(key);
    entry.comment = comment_from(text);
    return entry;
}

}  // namespace

std::vector<AuthorizedKey> parse_authorized_keys(std::string_view bytes, std::int32_t utc_offset) {
    // An accepted entry has 80 characters at least, so that what hostile lines make us reserve stays in proportion.
    constexpr std::size_t shortest_entry = 80;
    const auto lines = static_cast<std::size_t>(std::ranges::count(bytes, '\n')) + 1;
    std::vector<AuthorizedKey> entries;
    entries.reserve(std::min(lines, bytes.size() / shortest_entry + 1));
    std::size_t rejected = 0;
    for (std::uint32_t number = 1; !bytes.empty(); ++number) {
        const auto line = take_line(bytes);
        if (line.empty() || line.starts_with('#')) {
            continue;
        }
        if (auto entry = parse_entry(line, utc_offset)) {
            entry->line = number;
            entries.push_back(*std::move(entry));
        } else if (rejected <= max_rejected_lines) {
            ++rejected;
            auto& last = entries.emplace_back();
            last.line = number;
            last.rejected = rejected > max_rejected_lines
                                ? "sshd ignores this line and others below, which are not listed"
                                : std::move(entry).error().message;
        }
    }
    return entries;
}

}  // namespace sshkeep::keyfmt
