#include <algorithm>
#include <array>
#include <ranges>
#include <unordered_map>

#include "app/collect.h"
#include "base/escape.h"
#include "base/text.h"

namespace sshkeep::app {
namespace {

constexpr std::size_t max_files_in_dot_ssh = 256;

using Entries = std::vector<keyfmt::AuthorizedKey>;

/// A parsed line takes many times its own bytes, so lines are counted before: `budget` is what is left for all files.
facts::Fact<Entries> read_entries(Collection& collection, const facts::PathWalk& walk, std::size_t& budget) {
    if (!walk.exists()) {
        return Entries{};
    }
    const auto& path = walk.steps.front().path;
    const auto file = TRY(collection.host.read_file(path, ports::Links::refuse, limits::authorized_keys));
    const auto lines = static_cast<std::size_t>(std::ranges::count(file.bytes, '\n')) + 1;
    if (lines > std::min(limits::key_lines, budget)) {
        return fail(ErrorCode::too_large, escape_for_terminal(path, 256) + ": too many lines");
    }
    budget -= lines;
    return keyfmt::parse_authorized_keys(file.bytes);
}

/// The paths that an AuthorizedKeysFile names for an account.
std::vector<std::string> key_paths(const sshdconf::Effective& effective, const facts::Account& account) {
    std::vector<std::string> paths;
    const auto* setting = effective.find("authorizedkeysfile");
    if (setting == nullptr) {
        return paths;
    }
    for (const auto& value : setting->values) {
        for (const auto word : split_words(value)) {
            if (iequals(word, "none")) {
                continue;
            }
            const auto path = expand_tokens(word, account);
            paths.push_back(path.starts_with('/') ? path : account.home + "/" + path);
        }
    }
    return paths;
}

/// Looks for private keys in ~/.ssh by their content. What could not be looked into leaves a reason in the facts.
class PrivateKeyFinder {
public:
    explicit PrivateKeyFinder(Collection& collection) : collection_(collection) {}

    void find(facts::HomeDirectory& home) {
        const auto directory = home.dot_ssh->path;
        const auto listing = collection_.paths.list(directory);
        if (!listing) {
            home.private_keys_unread = listing.error().message;
            return;
        }
        const auto& names = **listing;
        if (names.size() > max_files_in_dot_ssh) {
            home.private_keys_unread = "only the first 256 files were looked into";
        }
        for (const auto& name : names | std::views::take(max_files_in_dot_ssh)) {
            if (!is_text_file(name)) {
                look_into(home, directory + "/" + name);
            }
        }
    }

private:
    /// What ssh itself keeps there as text is not opened again.
    static bool is_text_file(std::string_view name) {
        constexpr std::array<std::string_view, 5> names{"authorized_keys", "authorized_keys2", "known_hosts",
                                                        "known_hosts.old", "config"};
        return std::ranges::find(names, name) != names.end();
    }

    void look_into(facts::HomeDirectory& home, const std::string& path) {
        const auto file = collection_.host.read_file(path, ports::Links::refuse, std::min(limits::key, budget_));
        if (!file) {
            const auto code = file.error().code;
            const bool no_key = code == ErrorCode::wrong_type || code == ErrorCode::not_found ||
                                (code == ErrorCode::too_large && budget_ >= limits::key);
            if (!no_key) {
                home.private_keys_unread = file.error().message;
            }
            return;
        }
        budget_ -= file->bytes.size();
        if (!keyfmt::looks_like_private_key(file->bytes)) {
            return;
        }
        const auto info = collection_.paths.link_info(path);
        auto header = keyfmt::parse_private_key_header(file->bytes);
        if (info && header) {
            home.private_keys.push_back({*info, *std::move(header)});
        }
    }

    Collection& collection_;
    std::uint64_t budget_ = limits::all_dot_ssh;
};

bool is_directory(const facts::Fact<facts::PathInfo>& info) {
    return info && info->exists && info->type == facts::FileType::directory;
}

facts::HomeDirectory read_home(Collection& collection, PrivateKeyFinder& finder, const std::string& path) {
    const auto absent = [](std::string where) { return facts::PathInfo{.path = std::move(where)}; };
    const auto base = path.ends_with('/') ? path.substr(0, path.size() - 1) : path;
    facts::HomeDirectory home;
    home.home = collection.paths.info(path);
    if (!is_directory(home.home)) {
        const bool known = home.home.has_value();
        const auto below = [&](const char* name) {
            return known ? facts::Fact<facts::PathInfo>(absent(base + name)) : std::unexpected(home.home.error());
        };
        home.dot_ssh = below("/.ssh");
        home.rc = below("/.ssh/rc");
        home.environment = below("/.ssh/environment");
        home.rhosts = below("/.rhosts");
        return home;
    }
    home.dot_ssh = collection.paths.info(base + "/.ssh");
    home.rhosts = collection.paths.info(base + "/.rhosts");
    if (home.rhosts && !home.rhosts->exists) {
        home.rhosts = collection.paths.info(base + "/.shosts");
    }
    if (!is_directory(home.dot_ssh)) {
        const bool known = home.dot_ssh.has_value();
        home.rc = known ? facts::Fact<facts::PathInfo>(absent(base + "/.ssh/rc")) : home.dot_ssh;
        home.environment = known ? facts::Fact<facts::PathInfo>(absent(base + "/.ssh/environment")) : home.dot_ssh;
        return home;
    }
    finder.find(home);
    home.rc = collection.paths.info(base + "/.ssh/rc");
    home.environment = collection.paths.info(base + "/.ssh/environment");
    return home;
}

facts::Fact<keyfmt::PublicKey> read_public_key(ports::Host& host, const std::string& path,
                                               const facts::Fact<keyfmt::PrivateKeyHeader>& header) {
    auto file = host.read_file(path, ports::Links::follow, limits::key);
    if (file) {
        const std::string_view text = file->bytes;
        auto line = keyfmt::parse_public_key_line(text.substr(0, text.find('\n')));
        if (line) {
            return std::move(line->key);
        }
        return std::unexpected(std::move(line).error().in(path));
    }
    if (header && header->public_key) {
        return *header->public_key;
    }
    return std::unexpected(std::move(file).error());
}

facts::HostKey read_host_key(Collection& collection, const std::string& path) {
    facts::HostKey key{.path = path};
    key.private_walk = collection.paths.walk(path);
    const auto file = collection.host.read_file(path, ports::Links::follow, limits::key);
    if (file) {
        key.header = keyfmt::parse_private_key_header(file->bytes);
    } else {
        key.header = std::unexpected(file.error());
    }
    key.public_info = collection.paths.info(path + ".pub");
    key.public_key = read_public_key(collection.host, path + ".pub", key.header);
    return key;
}

}  // namespace

std::string expand_tokens(std::string_view text, const facts::Account& account) {
    std::string expanded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char token = text[i] == '%' && i + 1 < text.size() ? text[i + 1] : '\0';
        switch (token) {
            case 'h':
                expanded += account.home;
                break;
            case 'u':
                expanded += account.name;
                break;
            case 'U':
                expanded += std::to_string(account.uid);
                break;
            case '%':
                expanded += '%';
                break;
            default:
                expanded += text[i];
                continue;
        }
        ++i;
    }
    return expanded;
}

void collect_authorized_keys(Collection& collection, Views& views) {
    auto& facts = collection.facts;
    if (!facts.accounts) {
        return;
    }
    std::size_t budget = limits::all_key_lines;
    std::unordered_map<std::string, std::size_t> known;
    facts.authorized_keys.reserve(2 * facts.accounts->size());
    for (const auto& account : *facts.accounts) {
        for (const auto* view : views.of(account)) {
            for (const auto& path : key_paths(*view, account)) {
                const auto [at, is_new] = known.try_emplace(path, facts.authorized_keys.size());
                if (!is_new) {
                    auto& file = facts.authorized_keys[at->second];
                    const auto& last = file.shared_with.empty() ? file.account : file.shared_with.back();
                    if (last != account.name) {
                        file.shared_with.push_back(account.name);
                    }
                    continue;
                }
                facts::AuthorizedKeysFile file{.path = path, .account = account.name};
                file.walk = collection.paths.walk(path);
                file.entries =
                    file.walk ? read_entries(collection, *file.walk, budget) : std::unexpected(file.walk.error());
                facts.authorized_keys.push_back(std::move(file));
            }
        }
    }
}

void collect_homes(Collection& collection) {
    auto& facts = collection.facts;
    if (!facts.accounts) {
        return;
    }
    PrivateKeyFinder finder(collection);
    std::unordered_map<std::string_view, std::size_t> known;
    facts.homes.reserve(facts.accounts->size());
    for (const auto& account : *facts.accounts) {
        const auto [at, is_new] = known.try_emplace(account.home, facts.homes.size());
        auto home = is_new ? read_home(collection, finder, account.home) : facts.homes[at->second];
        home.account = account.name;
        if (!is_new) {
            home.private_keys.clear();  // told once, with the first account of that home
        }
        facts.homes.push_back(std::move(home));
    }
}

void collect_host_keys(Collection& collection, const sshdconf::Effective& effective) {
    const auto* setting = effective.find("hostkey");
    if (setting == nullptr) {
        return;
    }
    for (const auto& path : setting->values) {
        collection.facts.host_keys.push_back(read_host_key(collection, path));
    }
}

}  // namespace sshkeep::app
