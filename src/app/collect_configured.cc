#include <algorithm>
#include <array>
#include <set>
#include <tuple>

#include "app/collect.h"
#include "base/text.h"

namespace sshkeep::app {
namespace {

using sshdconf::Effective;
using sshdconf::Setting;

/// How the value of an option names a path.
enum class Names : std::uint8_t {
    path,          ///< the whole value is the path
    program,       ///< its first word is a program, when that is absolute
    second_word,   ///< "sftp /usr/lib/openssh/sftp-server"
    account_path,  ///< may hold tokens, and be relative to the home
    chroot,        ///< may hold tokens
};

struct PathOption {
    std::string_view name;
    Names names;
};

constexpr std::array<PathOption, 14> path_options{{{"trustedusercakeys", Names::path},
                                                   {"revokedkeys", Names::path},
                                                   {"banner", Names::path},
                                                   {"xauthlocation", Names::path},
                                                   {"hostcertificate", Names::path},
                                                   {"securitykeyprovider", Names::path},
                                                   {"sshdsessionpath", Names::path},
                                                   {"sshdauthpath", Names::path},
                                                   {"authorizedkeyscommand", Names::program},
                                                   {"authorizedprincipalscommand", Names::program},
                                                   {"forcecommand", Names::program},
                                                   {"subsystem", Names::second_word},
                                                   {"authorizedprincipalsfile", Names::account_path},
                                                   {"chrootdirectory", Names::chroot}}};

bool is_per_account(const PathOption& option, std::string_view value) {
    if (option.names == Names::account_path) {
        return value.contains('%') || !value.starts_with('/');
    }
    return option.names == Names::chroot && value.contains('%');
}

/// A word with the quotes around it removed.
std::string_view word_at(std::string_view value, std::size_t index) {
    const auto words = split_words(value);
    if (index >= words.size()) {
        return {};
    }
    auto word = words[index];
    if (word.size() >= 2 && word.starts_with('"') && word.ends_with('"')) {
        word = word.substr(1, word.size() - 2);
    }
    return word;
}

/// The absolute path that a value names without regard to an account; empty when it names none.
std::string_view shared_path(const PathOption& option, std::string_view value) {
    auto path = trim(value);
    if (option.names == Names::program) {
        path = word_at(value, 0);
    } else if (option.names == Names::second_word) {
        path = word_at(value, 1);
    }
    return path.starts_with('/') ? path : std::string_view{};
}

class NamedPaths {
public:
    explicit NamedPaths(Collection& collection) : collection_(collection) {}

    void add(const PathOption& option, const Setting& setting, const std::string& path, const std::string& account) {
        if (!seen_.emplace(option.name, path, account).second) {
            return;
        }
        facts::NamedPath named{.option = std::string(option.name), .account = account};
        if (!setting.origins.empty()) {
            named.origin = setting.origins.front();
        }
        named.walk = collection_.paths.walk(path);
        if (option.name == "trustedusercakeys") {
            add_ca_file(path);
        } else if (option.name == "revokedkeys") {
            add_revoked_keys(path);
        } else if (option.name == "authorizedprincipalsfile") {
            add_principals(path, named.walk);
        }
        collection_.facts.named_paths.push_back(std::move(named));
    }

private:
    void add_ca_file(const std::string& path) {
        facts::CaFile file{.path = path};
        const auto text = read_small_file(collection_.host, path, limits::authorized_keys);
        if (text) {
            file.keys = keyfmt::parse_authorized_keys(text->value_or(std::string{}));
        } else {
            file.keys = std::unexpected(text.error());
        }
        collection_.facts.ca_files.push_back(std::move(file));
    }

    void add_revoked_keys(const std::string& path) {
        facts::RevokedKeysFile file{.path = path};
        const auto text = read_small_file(collection_.host, path, limits::authorized_keys);
        if (text) {
            file.exists = text->has_value();
            file.keys = keyfmt::parse_revoked_keys(text->value_or(std::string{}));
        } else {
            file.keys = std::unexpected(text.error());
        }
        collection_.facts.revoked_keys.push_back(std::move(file));
    }

    void add_principals(const std::string& path, const facts::Fact<facts::PathWalk>& walk) {
        facts::PrincipalsFile file{.path = path, .walk = walk};
        const auto text = read_small_file(collection_.host, path);
        if (text) {
            file.lines = keyfmt::parse_authorized_principals(text->value_or(std::string{}));
        } else {
            file.lines = std::unexpected(text.error());
        }
        collection_.facts.principals.push_back(std::move(file));
    }

    Collection& collection_;
    std::set<std::tuple<std::string_view, std::string, std::string>> seen_;
};

void add_shared(NamedPaths& paths, const Effective& view) {
    for (const auto& option : path_options) {
        const auto* setting = view.find(option.name);
        if (setting == nullptr) {
            continue;
        }
        for (const auto& value : setting->values) {
            const auto path = is_per_account(option, value) ? std::string_view{} : shared_path(option, value);
            if (!path.empty()) {
                paths.add(option, *setting, std::string(path), {});
            }
        }
    }
}

void add_of_account(NamedPaths& paths, const Effective& view, const facts::Account& account) {
    for (const auto& option : path_options) {
        if (option.names != Names::account_path && option.names != Names::chroot) {
            continue;
        }
        const auto* setting = view.find(option.name);
        if (setting == nullptr || setting->values.empty() || iequals(setting->value(), "none") ||
            !is_per_account(option, setting->value())) {
            continue;
        }
        const auto path = expand_tokens(trim(setting->value()), account);
        paths.add(option, *setting, path.starts_with('/') ? path : account.home + "/" + path, account.name);
    }
}

/// A session in a chroot needs the account's shell there.
void add_shell_in_chroot(Collection& collection, const Effective& view, const facts::Account& account) {
    const auto value = trim(view.value("chrootdirectory"));
    if (value.empty() || iequals(value, "none")) {
        return;
    }
    const auto path = expand_tokens(value, account) + (account.shell.empty() ? "/bin/sh" : account.shell);
    if (!collection.facts.other_paths.contains(path)) {
        if (auto info = collection.paths.info(path)) {
            collection.facts.other_paths.emplace(path, *std::move(info));
        }
    }
}

}  // namespace

void collect_named_paths(Collection& collection, Views& views) {
    NamedPaths paths(collection);
    for (const auto* view : views.all(collection.facts)) {
        add_shared(paths, *view);
    }
    if (!collection.facts.accounts) {
        return;
    }
    for (const auto& account : *collection.facts.accounts) {
        for (const auto* view : views.of(account)) {
            add_of_account(paths, *view, account);
            add_shell_in_chroot(collection, *view, account);
        }
    }
}

}  // namespace sshkeep::app
