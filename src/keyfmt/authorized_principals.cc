#include "keyfmt/authorized_principals.h"

#include <algorithm>

#include "keyfmt/key_options.h"
#include "keyfmt/key_text.h"

namespace sshkeep::keyfmt {
namespace {

/// What stands before the last blank is options.
AuthorizedPrincipal parse_principal(std::string_view text, std::int32_t utc_offset) {
    AuthorizedPrincipal principal;
    // sshd looks for the last space, and for a tab only where there is no space.
    auto blank = text.rfind(' ');
    blank = blank == std::string_view::npos ? text.rfind('\t') : blank;
    std::string_view options;
    if (blank != std::string_view::npos) {
        options = text.substr(0, blank);
        text = without_leading_blanks(text.substr(blank));
        // The options end where the first blank outside quotes stands; what follows makes sshd refuse the line.
        const auto length = length_of_options(options);
        const bool more = length != std::string_view::npos && !without_leading_blanks(options.substr(length)).empty();
        if (length == std::string_view::npos || more) {
            principal.rejected = "more than options and a name stand there";
            return principal;
        }
        options = options.substr(0, length);
    }
    auto parsed = parse_key_options(options, utc_offset);
    if (!parsed) {
        principal.rejected = std::move(parsed).error().message;
        return principal;
    }
    principal.options = *std::move(parsed);
    principal.name = Untrusted(std::string(text));
    return principal;
}

}  // namespace

std::vector<AuthorizedPrincipal> parse_authorized_principals(std::string_view bytes, std::int32_t utc_offset) {
    std::vector<AuthorizedPrincipal> lines;
    std::size_t rejected = 0;
    for (std::uint32_t number = 1; !bytes.empty(); ++number) {
        auto line = bytes.substr(0, bytes.find('\n'));
        bytes.remove_prefix(std::min(line.size() + 1, bytes.size()));
        line = line.substr(0, line.find('\0'));
        line = without_leading_blanks(line.substr(0, line.find('#')));
        line = line.substr(0, line.find_last_not_of(" \t\n") + 1);
        if (line.empty()) {
            continue;
        }
        auto principal = parse_principal(line, utc_offset);
        principal.line = number;
        if (principal.rejected.empty() || ++rejected <= max_rejected_lines) {
            lines.push_back(std::move(principal));
        }
    }
    return lines;
}

}  // namespace sshkeep::keyfmt
