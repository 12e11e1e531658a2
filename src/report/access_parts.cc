#include "report/access_parts.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <array>
#include <ctime>

#include "base/text.h"

namespace sshkeep::report {
namespace {

constexpr std::size_t path_indent = 2;
constexpr std::size_t detail_indent = 6;

std::string limits_of(const access::Path& path) {
    std::vector<std::string> limits;
    if (!path.from.empty()) {
        limits.push_back("from " + join(path.from, " or "));
    }
    if (path.expires) {
        limits.push_back("until " + time_of(*path.expires));
    }
    if (!path.session.restrictions.empty()) {
        limits.push_back(join(path.session.restrictions, ", "));
    }
    return join(limits, "; ");
}

std::vector<Span> credential_of(const access::Path& path) {
    std::vector<Span> spans{{join(path.methods, ","), Style::bold}};
    if (path.key.empty()) {
        return spans;
    }
    if (path.authority) {
        spans.push_back({"any certificate of"});
    }
    spans.push_back({path.key_bits == 0 ? path.key_type : fmt::format("{} {}", path.key_type, path.key_bits)});
    spans.push_back({path.key});
    spans.push_back({std::string(path.comment.raw())});
    if (path.authority) {
        spans.push_back({path.principals.empty() ? "for any principal" : "for " + join(path.principals, ", ")});
    }
    return spans;
}

}  // namespace

std::string_view name_of(access::Power::Kind kind) noexcept {
    constexpr std::array<std::string_view, 5> names{"none", "some", "all", "root", "unknown"};
    return names[static_cast<std::size_t>(kind)];
}

std::string_view name_of(access::Session::Kind kind) noexcept {
    constexpr std::array<std::string_view, 4> names{"shell", "command", "sftp", "none"};
    return names[static_cast<std::size_t>(kind)];
}

std::string_view name_of(access::Answer answer) noexcept {
    constexpr std::array<std::string_view, 3> names{"refused", "admitted", "unknown"};
    return names[static_cast<std::size_t>(answer)];
}

std::string time_of(std::int64_t seconds) {
    constexpr std::int64_t last = 253'402'300'799;  // the end of the year 9999
    if (seconds < 0 || seconds > last) {
        return fmt::format("{} s after 1970", seconds);
    }
    return fmt::format("{:%Y-%m-%d %H:%M} UTC", fmt::gmtime(static_cast<std::time_t>(seconds)));
}

Span power_of(const access::Power& power) {
    using Kind = access::Power::Kind;
    const auto because = [&](std::string text) {
        return power.via.empty() ? text : fmt::format("{} ({})", text, power.via);
    };
    switch (power.kind) {
        case Kind::none:
            return {};
        case Kind::root:
            return {because("full power"), Style::high};
        case Kind::all:
            if (power.password_needed && !power.password_usable) {
                return {because("everything by sudo, which asks for a password that is not set"), Style::medium};
            }
            return {because(power.password_needed ? "everything by sudo with the password" : "everything by sudo"),
                    Style::high};
        case Kind::some:
            return {because("some commands by sudo"), Style::medium};
        case Kind::unknown:
            return {because("power unknown"), Style::unknown};
    }
    return {};
}

std::vector<Span> session_of(const access::Session& session) {
    using Kind = access::Session::Kind;
    std::vector<Span> spans;
    if (session.kind == Kind::none) {
        spans.push_back({"no session"});
    } else if (session.kind == Kind::sftp) {
        spans.push_back({"sftp only"});
    } else if (session.kind == Kind::command) {
        spans.push_back({"runs only"});
        spans.push_back({session.command, Style::bold});
    }
    if (!session.chroot.empty()) {
        spans.push_back({"below " + session.chroot});
    }
    if (!session.ends.empty()) {
        spans.push_back({"ends at once:", Style::low});
        spans.push_back({session.ends});
    }
    return spans;
}

void add_path(Page& page, const access::Path& path) {
    page.paragraph(credential_of(path), path_indent);
    auto details = session_of(path.session);
    if (const auto limits = limits_of(path); !limits.empty()) {
        if (!details.empty()) {
            details.back().text += ";";
        }
        details.push_back({limits});
    }
    // A session's words and the place share a line: a way in takes two lines, three when it is uncertain.
    details.push_back({fmt::format("[{}]", path.via), Style::dim});
    page.paragraph(details, detail_indent);
    if (!path.uncertain.empty()) {
        page.paragraph({{"uncertain:", Style::unknown}, {path.uncertain}}, detail_indent);
    }
}

}  // namespace sshkeep::report
