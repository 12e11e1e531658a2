#include "transaction/transaction.h"

#include <algorithm>

#include "base/text.h"
#include "transaction/layout.h"
#include "transaction/manifest.h"

namespace sshkeep::transaction {
namespace {

/// Text of a small file; nothing when it is not there.
std::string text_of(ports::Files& files, const std::string& path) {
    auto text = files.read(path);
    if (!text) {
        return {};
    }
    while (text->ends_with('\n')) {
        text->pop_back();
    }
    return *std::move(text);
}

}  // namespace

std::string_view name_of(State state) noexcept {
    switch (state) {
        case State::begun:
            return "begun";
        case State::applying:
            return "applying";
        case State::waiting:
            return "waiting";
        case State::confirmed:
            return "confirmed";
        case State::reverting:
            return "reverting";
        case State::rolled_back:
            return "rolled-back";
        case State::failed:
            return "failed";
    }
    return "";
}

std::string Transactions::place(const std::string& id, std::string_view name) const {
    return directory_ + "/" + id + (name.empty() ? "" : "/" + std::string(name));
}

void Transactions::tell(const std::string& step) const {
    if (world_.tell) {
        world_.tell(step);
    }
}

Result<std::unique_ptr<ports::Files::Lock>> Transactions::lock() {
    TRY(world_.files.make_directory(directory_, 0700));
    return world_.files.lock(directory_ + "/lock");
}

Result<void> Transactions::mark(const Manifest& manifest, std::string_view marker, std::string_view text) {
    return world_.files.write(place(manifest.id, marker), text, ports::Attributes{.mode = 0600});
}

Result<void> Transactions::run(const std::vector<std::string>& argv, std::chrono::seconds timeout) {
    const auto result = TRY(world_.commands.run({.argv = argv, .timeout = timeout}));
    if (result.status != 0) {
        const auto& said = result.errors.empty() ? result.output : result.errors;
        return fail(ErrorCode::io, argv[0] + (argv.size() > 1 ? " " + argv[1] : "") + " ended with status " +
                                       std::to_string(result.status) + (said.empty() ? "" : ": " + said));
    }
    return {};
}

Result<Status> Transactions::read(const std::string& id) {
    Status status;
    status.manifest = TRY(parse_manifest(TRY(world_.files.read(place(id, "manifest.json")))));
    const auto has = [&](std::string_view marker) { return world_.files.exists(place(id, marker)); };
    if (TRY(has(marker::failed))) {
        status.state = State::failed;
        status.detail = text_of(world_.files, place(id, marker::failed));
    } else if (TRY(has(marker::rolled_back))) {
        status.state = State::rolled_back;
        status.detail = text_of(world_.files, place(id, "why"));
    } else if (TRY(has(marker::reverting))) {
        status.state = State::reverting;
    } else if (TRY(has(marker::confirmed))) {
        status.state = State::confirmed;
        status.detail = text_of(world_.files, place(id, "by"));
    } else if (TRY(has(marker::armed))) {
        status.state = TRY(has(marker::waiting)) ? State::waiting : State::applying;
        status.since = parse_int(text_of(world_.files, place(id, marker::waiting))).value_or(0);
    }
    status.recorded = TRY(has(marker::recorded));
    return status;
}

Result<std::vector<Status>> Transactions::list() {
    std::vector<Status> all;
    for (const auto& id : TRY(world_.files.list(directory_))) {
        if (auto status = read(id)) {
            all.push_back(*std::move(status));
        }
    }
    return all;
}

Result<std::vector<std::string>> changed_since(ports::Files& files, const Manifest& manifest) {
    std::vector<std::string> changed;
    for (const auto& change : manifest.changes) {
        const auto now = files.read(change.path);
        if (!now && now.error().code != ErrorCode::not_found) {
            return std::unexpected(now.error());
        }
        if (!now || *now != change.after) {
            changed.push_back(change.path);
        }
    }
    return changed;
}

Result<void> Transactions::disarm(const Manifest& manifest) {
    for (std::size_t i = 0; i < manifest.changes.size(); ++i) {
        TRY(world_.files.remove(beside(manifest, i)));
    }
    if (!manifest.systemd) {
        return {};
    }
    TRY(world_.files.remove(boot_link(manifest)));
    TRY(world_.files.remove(boot_unit(manifest)));
    // A timer that has run down already, or was never started, cannot be stopped: the marker is what counts.
    disregard(world_.commands.run({.argv = {"systemctl", "stop", unit_name(manifest) + ".timer"}}));
    return {};
}

Result<Status> Transactions::confirm(const std::string& id, const std::string& detail) {
    const auto held = TRY(lock());
    if (!held) {
        return fail(ErrorCode::io, "another sshkeep is working on a transaction; try again");
    }
    auto status = TRY(read(id));
    if (status.state != State::waiting) {
        return fail(ErrorCode::invalid,
                    id + " does not wait for a confirmation: it is " + std::string(name_of(status.state)));
    }
    TRY(world_.files.write(place(id, "by"), detail + "\n", ports::Attributes{.mode = 0600}));
    if (auto renamed = world_.files.rename(place(id, marker::armed), place(id, marker::confirmed)); !renamed) {
        return renamed.error().code == ErrorCode::not_found
                   ? fail(ErrorCode::invalid, id + " is being rolled back: the confirmation came too late")
                   : std::unexpected(renamed.error());
    }
    TRY(disarm(status.manifest));
    status = TRY(read(id));
    TRY(record(status));
    return status;
}

Result<Status> Transactions::roll_back(const std::string& id, const std::string& why) {
    const auto held = TRY(lock());
    if (!held) {
        return fail(ErrorCode::io, "another sshkeep is working on a transaction; try again");
    }
    const auto status = TRY(read(id));
    if (status.state == State::waiting || status.state == State::applying || status.state == State::reverting) {
        return undo(status.manifest, "command", why);
    }
    if (status.state != State::confirmed) {
        return fail(ErrorCode::invalid, id + " cannot be rolled back: it is " + std::string(name_of(status.state)));
    }
    if (const auto changed = TRY(changed_since(world_.files, status.manifest)); !changed.empty()) {
        return fail(ErrorCode::invalid, changed[0] + " was changed after " + id + "; its old text is in " + place(id) +
                                            "/originals, nothing was undone");
    }
    const auto ticket = TRY(world_.ledger.begin({.action = "harden.rollback",
                                                 .target = status.manifest.ticket.target,
                                                 .before = {},
                                                 .detail = id + ": " + why}));
    auto undone = undo(status.manifest, "confirmed", why);
    TRY(world_.ledger.finish(ticket, {.ending = undone ? ports::Ending::succeeded : ports::Ending::failed,
                                      .after = {},
                                      .detail = undone ? "" : undone.error().message}));
    return undone;
}

}  // namespace sshkeep::transaction
