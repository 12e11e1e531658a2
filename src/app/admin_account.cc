#include "app/admin_account.h"

#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include "app/account_name.h"
#include "base/text.h"

namespace sshkeep::app {
namespace {

/// The steps taken so far, each with its undo; undone in reverse unless all of them succeed.
class Steps {
public:
    explicit Steps(const transaction::World& world) : world_(world) {}

    Result<void> run(std::vector<std::string> argv, std::string sentence, std::vector<std::string> undo) {
        const auto result = TRY(world_.commands.run({.argv = argv}));
        if (result.status != 0) {
            return fail(
                ErrorCode::io,
                argv[0] + ": " + (result.errors.empty() ? "status " + std::to_string(result.status) : result.errors));
        }
        add(std::move(sentence), [this, undo] {
            if (!undo.empty()) {
                disregard(world_.commands.run({.argv = undo}));  // the error that led here is what is told
            }
        });
        return {};
    }
    void add(std::string sentence, std::function<void()> undo) {
        done_.push_back(std::move(sentence));
        undo_.push_back(std::move(undo));
    }
    void undo() {
        for (auto step = undo_.rbegin(); step != undo_.rend(); ++step) {
            (*step)();
        }
    }
    [[nodiscard]] const std::vector<std::string>& done() const noexcept { return done_; }

private:
    const transaction::World& world_;
    std::vector<std::string> done_;
    std::vector<std::function<void()>> undo_;
};

/// What getent says of the account: it may have been made a moment ago.
Result<facts::Account> look_up(const transaction::World& world, const std::string& name) {
    const auto result = TRY(world.commands.run({.argv = {"getent", "passwd", "--", name}}));
    const auto fields = split(std::string_view(result.output).substr(0, result.output.find('\n')), ':');
    if (result.status != 0 || fields.size() != 7) {
        return fail(ErrorCode::not_found, "there is no account " + name);
    }
    facts::Account account;
    account.name = name;
    account.uid = static_cast<std::uint32_t>(parse_uint(fields[2]).value_or(0));
    account.gid = static_cast<std::uint32_t>(parse_uint(fields[3]).value_or(0));
    account.home = fields[5];
    return account;
}

Result<void> add_sudo(const transaction::World& world, const std::string& name, Steps& steps) {
    const auto path = "/etc/sudoers.d/sshkeep-" + name;
    if (TRY(world.files.exists(path))) {
        return {};
    }
    if (!world.commands.installed("visudo")) {
        return fail(ErrorCode::not_found, "sudo is not installed");
    }
    TRY(world.files.make_directory("/run/sshkeep", 0755));
    const auto draft = "/run/sshkeep/sudoers-" + name;
    const auto line = fmt::format(
        "# Written by sshkeep: an administrator who logs in with a key has no password to ask for.\n"
        "{} ALL=(ALL:ALL) NOPASSWD: ALL\n",
        name);
    constexpr ports::Attributes attributes{.mode = 0440, .uid = 0, .gid = 0};
    TRY(world.files.write(draft, line, attributes));
    const auto judged = TRY(world.commands.run({.argv = {"visudo", "-c", "-q", "-f", draft}}));
    TRY(world.files.remove(draft));
    if (judged.status != 0) {
        return fail(ErrorCode::invalid, "visudo refuses the rule for " + name + ": " + judged.errors);
    }
    TRY(world.files.write(path, line, attributes));
    steps.add("wrote " + path, [&world, path] { disregard(world.files.remove(path)); });
    return {};
}

Result<void> add_keys(const transaction::World& world, const AdminRequest& request, const facts::Account& account,
                      const std::vector<std::string>& present, Steps& steps) {
    for (const auto& key : request.keys) {
        if (std::ranges::find(present, key) != present.end()) {
            continue;
        }
        const auto line = TRY(world.account_files.prepare({account.name, account.uid, account.gid},
                                                          account.home + "/.ssh/authorized_keys", key));
        TRY(world.account_files.append(line));
        steps.add("added a key to " + line.path, [&world, line] { disregard(world.account_files.withdraw(line)); });
    }
    return {};
}

/// Key lines without options that the account has already: "TYPE BASE64".
std::vector<std::string> keys_of(const facts::HostFacts& facts, const std::string& name, const AdminRequest& request) {
    std::vector<std::string> present;
    for (const auto& file : facts.authorized_keys) {
        if (file.account != name || !file.entries) {
            continue;
        }
        for (const auto& line : request.keys) {
            const auto key = keyfmt::parse_public_key_line(line);
            const auto same = [&](const keyfmt::AuthorizedKey& entry) {
                return key && entry.key && entry.key->blob == key->key.blob && !entry.options.any;
            };
            if (std::ranges::any_of(*file.entries, same)) {
                present.push_back(line);
            }
        }
    }
    return present;
}

Result<void> make_all(const facts::HostFacts& facts, const AdminRequest& request, const transaction::World& world,
                      Steps& steps) {
    const auto& name = request.name;
    if (!look_up(world, name)) {
        TRY(steps.run({"useradd", "--create-home", "--shell", "/bin/bash", "--comment", "administrator", "--", name},
                      "made the account " + name, {"userdel", "--remove", "--", name}));
    }
    const auto account = TRY(look_up(world, name));
    if (account.uid == 0) {
        return fail(ErrorCode::invalid, name + " is root itself");
    }
    TRY(add_sudo(world, name, steps));
    return add_keys(world, request, account, keys_of(facts, name, request), steps);
}

}  // namespace

Result<std::vector<std::string>> make_admin_account(const facts::HostFacts& facts, const AdminRequest& request,
                                                    const transaction::World& world) {
    if (!is_plain_account_name(request.name) || request.name.contains('.')) {
        return fail(ErrorCode::invalid, "not a name for an account: letters, digits, '_' and '-'");
    }
    for (const auto& key : request.keys) {
        if (auto parsed = keyfmt::parse_public_key_line(key); !parsed) {
            return std::unexpected(std::move(parsed).error().in("the key is not a public key"));
        }
    }
    const auto ticket = TRY(world.ledger.begin({.action = "account.admin",
                                                .target = request.name,
                                                .before = {},
                                                .detail = fmt::format("{} keys", request.keys.size())}));
    Steps steps(world);
    auto made = make_all(facts, request, world, steps);
    if (!made) {
        steps.undo();
    }
    TRY(world.ledger.finish(ticket, {.ending = made ? ports::Ending::succeeded : ports::Ending::rolled_back,
                                     .after = {},
                                     .detail = made ? join(steps.done(), "; ") : made.error().message}));
    TRY(std::move(made));
    return steps.done();
}

std::vector<std::string> keys_of_root(const facts::HostFacts& facts, ports::Files& files) {
    std::vector<std::string> keys;
    for (const auto& file : facts.authorized_keys) {
        if (file.account != "root" || !file.entries || !file.walk || !file.walk->exists()) {
            continue;
        }
        const auto text = files.read(file.walk->steps.front().path);
        const auto lines = text ? split(*text, '\n') : std::vector<std::string_view>();
        for (const auto& entry : *file.entries) {
            // Options bind a key to a purpose: only keys without any are a person's.
            if (entry.key && !entry.options.any && !entry.options.cert_authority && entry.line <= lines.size()) {
                keys.emplace_back(trim(lines[entry.line - 1]));
            }
        }
    }
    return keys;
}

}  // namespace sshkeep::app
