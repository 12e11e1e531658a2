#include "app/root_notice.h"

#include <algorithm>

#include <fmt/format.h>

#include "app/account_name.h"

namespace sshkeep::app {
namespace {

constexpr std::uint64_t file_limit = 8ULL << 20U;

std::string notice_options(std::string_view name) {
    return fmt::format(
        "no-port-forwarding,no-agent-forwarding,no-X11-forwarding,"
        "command=\"echo 'Please login as the user \\\"{}\\\" rather than the user \\\"root\\\".';"
        "echo;sleep 10;exit 142\"",
        name);
}

/// The file with the notice in front of each accepted key without a command. A line that begins with options gets the
/// new ones before them.
std::string with_notice(std::string_view bytes, const std::vector<keyfmt::AuthorizedKey>& entries,
                        std::string_view name) {
    std::string out;
    std::uint32_t number = 0;
    for (std::size_t at = 0; at < bytes.size();) {
        const auto end = std::min(bytes.find('\n', at), bytes.size() - 1) + 1;
        const auto line = bytes.substr(at, end - at);
        at = end;
        ++number;
        const auto entry = std::ranges::find(entries, number, &keyfmt::AuthorizedKey::line);
        const bool plain =
            entry != entries.end() && entry->key && !entry->options.command && !entry->options.cert_authority;
        if (!plain) {
            out += line;
            continue;
        }
        const auto start = std::min(line.find_first_not_of(" \t"), line.size());
        out.append(line.substr(0, start)).append(notice_options(name));
        out.append(entry->options.any ? "," : " ").append(line.substr(start));
    }
    return out;
}

}  // namespace

Result<void> plan_root_notice(ports::Host& host, const facts::HostFacts& facts, const std::string& name,
                              plan::Plan& plan) {
    if (!is_plain_account_name(name)) {
        return fail(ErrorCode::invalid, "the notice must name an account: letters, digits, '.', '_' and '-'");
    }
    const auto& accounts = *facts.accounts;
    const auto named = std::ranges::find(accounts, name, &facts::Account::name);
    if (named == accounts.end() || named->uid == 0) {
        return fail(ErrorCode::invalid, "there is no account " + name + " besides root; make it first");
    }
    bool found = false;
    for (const auto& file : facts.authorized_keys) {
        const auto owner = std::ranges::find(accounts, file.account, &facts::Account::name);
        if (owner == accounts.end() || owner->uid != 0 || !file.entries || !file.walk || !file.walk->exists()) {
            continue;
        }
        const auto& path = file.walk->steps.front().path;
        const auto bytes = TRY(host.read_file(path, ports::Links::refuse, file_limit)).bytes;
        auto after = with_notice(bytes, *file.entries, name);
        found = true;
        if (after != bytes) {
            plan.changes.push_back({.path = path, .before = bytes, .after = std::move(after)});
        }
    }
    if (!found) {
        plan.left_out.push_back({"root's notice", "root has no authorized_keys file"});
    }
    return {};
}

}  // namespace sshkeep::app
