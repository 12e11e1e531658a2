// Undoing, and dealing with what a crash left behind.

#include "transaction/layout.h"
#include "transaction/transaction.h"

namespace sshkeep::transaction {
namespace {

constexpr auto revert_timeout = std::chrono::seconds(90);
/// The timer's own chance to do it.
constexpr std::int64_t patience = 10;

}  // namespace

Result<Status> Transactions::undo(const Manifest& manifest, std::string_view how, const std::string& why) {
    const auto id = manifest.id;
    if (manifest.probe) {
        // The script takes it away as well where this does not succeed.
        disregard(world_.account_files.withdraw(*manifest.probe));
    }
    const bool changed = TRY(world_.files.exists(place(id, marker::armed))) ||
                         TRY(world_.files.exists(place(id, marker::reverting))) || how == "confirmed";
    if (changed) {
        tell("undoing: " + why);
        const auto result = TRY(world_.commands.run(
            {.argv = {"/bin/sh", place(id, "revert.sh"), std::string(how)}, .timeout = revert_timeout}));
        if (result.status != 0) {
            return fail(ErrorCode::io, "the undo of " + id + " is not complete; run: sh " + place(id, "revert.sh") +
                                           (result.errors.empty() ? "" : "; it said: " + result.errors));
        }
        TRY(world_.files.write(place(id, "why"), why + "\n", ports::Attributes{}));
    } else if (TRY(world_.files.exists(place(id)))) {
        TRY(mark(manifest, marker::failed, why + "\n"));
    }
    Status status{.manifest = manifest, .state = changed ? State::rolled_back : State::failed, .detail = why};
    if (how != "confirmed") {
        TRY(record(status));
    }
    return status;
}

/// The outcome of the intent that apply() wrote, once.
Result<void> Transactions::record(Status& status) {
    if (status.recorded) {
        return {};
    }
    ports::Outcome outcome{.ending = ports::Ending::failed, .after = {}, .detail = status.detail};
    if (status.state == State::confirmed) {
        outcome.ending = ports::Ending::succeeded;
    } else if (status.state == State::rolled_back) {
        outcome.ending = ports::Ending::rolled_back;
    }
    TRY(world_.ledger.finish(status.manifest.ticket, outcome));
    if (TRY(world_.files.exists(place(status.manifest.id)))) {
        TRY(mark(status.manifest, marker::recorded));
    }
    status.recorded = true;
    return {};
}

/// The lock is held: whoever was at work is dead.
Result<bool> Transactions::recover_one(Status& status) {
    const auto& manifest = status.manifest;
    switch (status.state) {
        case State::waiting:
            if (world_.now() < manifest.deadline + patience) {
                return false;
            }
            status = TRY(undo(manifest, "command", "no confirmation in time, and the timer did not run"));
            return true;
        case State::begun:
        case State::applying:
        case State::reverting:
            status = TRY(undo(manifest, "command", "interrupted"));
            return true;
        case State::confirmed:
        case State::rolled_back:
        case State::failed:
            break;
    }
    if (status.recorded) {
        return false;
    }
    TRY(disarm(manifest));
    TRY(record(status));
    return true;
}

Result<std::vector<Status>> Transactions::recover() {
    std::vector<Status> dealt_with;
    if (!TRY(world_.files.exists(directory_))) {
        return dealt_with;
    }
    auto all = TRY(list());
    std::erase_if(all, [](const Status& status) { return status.recorded; });
    if (all.empty()) {
        return dealt_with;
    }
    const auto held = TRY(lock());
    if (!held) {
        return dealt_with;
    }
    for (auto& status : all) {
        status = TRY(read(status.manifest.id));
        if (TRY(recover_one(status))) {
            dealt_with.push_back(status);
        }
    }
    return dealt_with;
}

}  // namespace sshkeep::transaction
