// From the intent to the wait for a confirmation.

#include <algorithm>

#include <fmt/format.h>

#include "transaction/layout.h"
#include "transaction/manifest.h"
#include "transaction/revert_script.h"
#include "transaction/transaction.h"

namespace sshkeep::transaction {
namespace {

constexpr auto command_timeout = std::chrono::seconds(30);

/// "20261124-101500"
std::string stamp_of(std::int64_t now) {
    const std::chrono::sys_seconds time{std::chrono::seconds(now)};
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(time - day);
    return fmt::format("{:04}{:02}{:02}-{:02}{:02}{:02}", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                       clock.minutes().count(), clock.seconds().count());
}

/// Of all changed files together: path, length and bytes of each.
ports::Digest digest_of(const World& world, const std::vector<FileChange>& changes, bool after) {
    std::string all;
    for (const auto& change : changes) {
        const auto& bytes = after ? std::optional(change.after) : change.before;
        all += fmt::format("{}\n{}\n", change.path, bytes ? std::to_string(bytes->size()) : "absent");
        all += bytes.value_or("");
    }
    return world.digest(all);
}

/// What is there must be what the plan was made for.
Result<void> check_unchanged(ports::Files& files, const FileChange& change) {
    const auto now = files.read(change.path);
    if (!now && now.error().code != ErrorCode::not_found) {
        return std::unexpected(now.error());
    }
    if (now.has_value() != change.before.has_value() || (now && *now != *change.before)) {
        return fail(ErrorCode::invalid, change.path + " was changed since the plan was made; make a new one");
    }
    return {};
}

}  // namespace

Result<Status> Transactions::apply(Request request) {
    auto& manifest = request.manifest;
    const auto held = TRY(lock());
    if (!held) {
        return fail(ErrorCode::io, "another sshkeep is applying a change");
    }
    for (const auto& other : TRY(list())) {
        if (other.state != State::confirmed && other.state != State::rolled_back && other.state != State::failed) {
            return fail(ErrorCode::invalid, fmt::format("transaction {} is {}: confirm it or roll it back first",
                                                        other.manifest.id, name_of(other.state)));
        }
    }
    manifest.ticket = TRY(world_.ledger.begin({.action = request.action,
                                               .target = manifest.changes.at(0).path,
                                               .before = digest_of(world_, manifest.changes, false),
                                               .detail = manifest.summary}));
    const auto now = world_.now();
    manifest.id = fmt::format("{}-{}", stamp_of(now), manifest.ticket.sequence);
    manifest.deadline = now + request.confirm_within.count();
    if (auto done = carry_out(request); !done) {
        const auto undone = undo(manifest, "command", done.error().message);
        if (!undone) {
            return std::unexpected(Error(done.error()).in(undone.error().message + "; what began it"));
        }
        return std::unexpected(std::move(done).error());
    }
    return read(manifest.id);
}

Result<void> Transactions::carry_out(Request& request) {
    auto& manifest = request.manifest;
    TRY(save(manifest));
    const auto directory = place(manifest.id);
    if (manifest.probe) {
        TRY(world_.account_files.append(*manifest.probe));
    }
    if (request.try_before) {
        TRY(request.try_before(directory));
    }
    tell("arming the timer that undoes the change by itself");
    TRY(arm(manifest));
    tell("writing the files");
    TRY(make_changes(manifest));
    if (!manifest.service.reload.empty()) {
        tell("reloading " + manifest.service.unit);
        TRY(run(manifest.service.reload, command_timeout));
    }
    if (request.try_after) {
        TRY(request.try_after(directory));
    }
    if (manifest.probe) {
        TRY(world_.account_files.withdraw(*manifest.probe));
    }
    return mark(manifest, marker::waiting, std::to_string(world_.now()));
}

/// Everything that an undo needs, before anything is changed.
Result<void> Transactions::save(Manifest& manifest) {
    tell("saving the originals in " + place(manifest.id));
    for (const auto& directory : directories_of(manifest)) {
        if (!TRY(world_.files.exists(directory))) {
            manifest.made_directories.push_back(directory);
        }
    }
    TRY(world_.files.make_directory(place(manifest.id), 0700));
    // First the manifest: what a crash leaves behind after it can be told and ended.
    TRY(world_.files.write(place(manifest.id, "manifest.json"), render_manifest(manifest), ports::Attributes{}));
    TRY(world_.files.make_directory(place(manifest.id, "originals"), 0700));
    TRY(world_.files.make_directory(place(manifest.id, "planned"), 0700));
    for (std::size_t i = 0; i < manifest.changes.size(); ++i) {
        const auto& change = manifest.changes[i];
        TRY(check_unchanged(world_.files, change));
        TRY(world_.files.write(place(manifest.id, "planned/" + std::to_string(i)), change.after, ports::Attributes{}));
        if (change.before) {
            TRY(world_.files.copy(change.path, place(manifest.id, "originals/" + std::to_string(i))));
        }
    }
    const auto directories = directories_of(manifest);
    for (std::size_t i = 0; i < directories.size(); ++i) {
        if (std::ranges::find(manifest.made_directories, directories[i]) == manifest.made_directories.end()) {
            TRY(world_.files.stamp(directories[i], place(manifest.id, "stamp-" + std::to_string(i))));
        }
    }
    return world_.files.write(place(manifest.id, "revert.sh"), render_revert_script(manifest, place(manifest.id)),
                              ports::Attributes{.mode = 0700});
}

Result<void> Transactions::arm(const Manifest& manifest) {
    TRY(mark(manifest, marker::armed));
    const auto script = place(manifest.id, "revert.sh");
    const auto left = std::max<std::int64_t>(1, manifest.deadline - world_.now());
    if (!manifest.systemd) {
        return world_.commands.detach({.argv = {"/bin/sh", script, "timer", std::to_string(left)}});
    }
    TRY(world_.files.write(boot_unit(manifest), boot_unit_text(manifest, place(manifest.id)),
                           ports::Attributes{.mode = 0644}));
    TRY(world_.files.make_directory(directory_of(boot_link(manifest)), 0755));
    TRY(world_.files.make_symlink(boot_unit(manifest), boot_link(manifest)));
    return run({"systemd-run", "--quiet", "--unit=" + unit_name(manifest), fmt::format("--on-active={}s", left),
                "--timer-property=AccuracySec=100ms", "--description=Undo the unconfirmed SSH change " + manifest.id,
                "/bin/sh", script, "timer"},
               command_timeout);
}

Result<void> Transactions::make_changes(const Manifest& manifest) {
    for (const auto& directory : manifest.made_directories) {
        TRY(world_.files.make_directory(directory, 0755));
    }
    for (std::size_t i = 0; i < manifest.changes.size(); ++i) {
        const auto& change = manifest.changes[i];
        TRY(check_unchanged(world_.files, change));
        // An undo leaves alone what was not reached.
        TRY(mark(manifest, "touched-" + std::to_string(i)));
        if (!change.before) {
            TRY(world_.files.write(change.path, change.after, change.attributes));
            continue;
        }
        // Some file systems have no hard links; the copy serves as well, only it needs space.
        disregard(world_.files.link(change.path, beside(manifest, i)));
        TRY(world_.files.write(change.path, change.after, std::nullopt));
    }
    return {};
}

}  // namespace sshkeep::transaction
