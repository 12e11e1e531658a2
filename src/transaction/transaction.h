#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ports/account_files.h"
#include "ports/commands.h"
#include "ports/files.h"
#include "ports/ledger.h"

/// Changes of files that are made together and undone by themselves unless somebody confirms them.
namespace sshkeep::transaction {

/// A file before and after. Its directory is one that only root can write.
struct FileChange {
    std::string path;
    std::optional<std::string> before;  ///< what must be there; absent: there must be no such file
    std::string after;
    ports::Attributes attributes;  ///< for a new file; an old one keeps its own
};

/// How the service takes up its files.
struct Service {
    std::string unit;                  ///< "ssh.service"; empty: nothing to tell (socket activation, or not running)
    std::vector<std::string> reload;   ///< {"systemctl", "reload", "ssh.service"}
    std::vector<std::string> restart;  ///< when it does not run any more after an undo
};

/// Everything that is needed to undo or finish a transaction without the process that began it.
struct Manifest {
    std::string id;  ///< "20261124-101500-17": UTC, and the number of its record in the ledger
    std::string summary;
    std::int64_t deadline = 0;  ///< seconds since the epoch
    std::string by;             ///< who began it, in words
    std::string session;        ///< identity of the login session that began it; empty: none
    std::vector<FileChange> changes;
    std::vector<std::string> made_directories;
    std::optional<ports::AppendedLine> probe;
    Service service;
    bool systemd = false;
    ports::Ticket ticket;
};

enum class State : std::uint8_t {
    begun,        ///< nothing of the host is changed yet
    applying,     ///< files are being changed
    waiting,      ///< for a confirmation
    confirmed,    ///< for good
    reverting,    ///< being undone
    rolled_back,  ///< undone
    failed,       ///< ended before anything was changed
};
[[nodiscard]] std::string_view name_of(State state) noexcept;

struct Status {
    Manifest manifest;
    State state = State::begun;
    std::string detail;      ///< why it was rolled back, or failed; who confirmed it
    std::int64_t since = 0;  ///< seconds since the epoch: when it began to wait; 0: it does not
    bool recorded = false;
};

/// The outside world of a transaction.
struct World {
    ports::Files& files;
    ports::Commands& commands;
    ports::AccountFiles& account_files;
    ports::Ledger& ledger;
    std::function<std::int64_t()> now;                            ///< seconds since the epoch
    std::function<ports::Digest(std::string_view bytes)> digest;  ///< SHA-256
    std::function<void(const std::string& step)> tell = nullptr;  ///< progress
};

/// What to do, and the proofs that the caller wants in between.
struct Request {
    Manifest manifest;  ///< id, ticket, session and deadline are filled in
    std::string action = "harden.apply";
    std::chrono::seconds confirm_within{120};
    /// Before anything is changed: an error ends the transaction. `directory` may hold files of the proof.
    std::function<Result<void>(const std::string& directory)> try_before;
    /// After the service took up the change: an error undoes it.
    std::function<Result<void>(const std::string& directory)> try_after;
};

/// Where transactions are kept, one directory each.
inline constexpr const char* default_directory = "/var/lib/sshkeep/tx";

class Transactions {
public:
    explicit Transactions(World world, std::string directory = default_directory)
        : world_(std::move(world)), directory_(std::move(directory)) {}

    /// Applies and returns the transaction that now waits for its confirmation, guarded by a timer that needs neither
    /// this process nor this program. On an error the host is what it was, or is about to be (the message says so).
    [[nodiscard]] Result<Status> apply(Request request);
    /// All of them, oldest first. Unreadable ones are left out.
    [[nodiscard]] Result<std::vector<Status>> list();
    /// The change stays. Error invalid: it does not wait (any more).
    [[nodiscard]] Result<Status> confirm(const std::string& id, const std::string& detail);
    /// Undoes a waiting one, or a confirmed one whose files are still as it left them.
    [[nodiscard]] Result<Status> roll_back(const std::string& id, const std::string& why);
    /// Finishes or undoes what a crash left behind: nothing when another process is at work. Gives what it dealt with.
    [[nodiscard]] Result<std::vector<Status>> recover();

private:
    [[nodiscard]] std::string place(const std::string& id, std::string_view name = {}) const;
    [[nodiscard]] Result<Status> read(const std::string& id);
    [[nodiscard]] Result<std::unique_ptr<ports::Files::Lock>> lock();
    [[nodiscard]] Result<void> mark(const Manifest& manifest, std::string_view marker, std::string_view text = {});

    [[nodiscard]] Result<void> carry_out(Request& request);
    [[nodiscard]] Result<void> save(Manifest& manifest);
    [[nodiscard]] Result<void> arm(const Manifest& manifest);
    [[nodiscard]] Result<void> make_changes(const Manifest& manifest);
    [[nodiscard]] Result<void> run(const std::vector<std::string>& argv, std::chrono::seconds timeout);

    /// What an error or a crash left: undone when it had changed anything, else ended.
    [[nodiscard]] Result<Status> undo(const Manifest& manifest, std::string_view how, const std::string& why);
    [[nodiscard]] Result<void> disarm(const Manifest& manifest);
    [[nodiscard]] Result<void> record(Status& status);
    [[nodiscard]] Result<bool> recover_one(Status& status);
    void tell(const std::string& step) const;

    World world_;
    std::string directory_;
};

/// Whether the files are as the transaction left them: the paths of those that are not.
[[nodiscard]] Result<std::vector<std::string>> changed_since(ports::Files& files, const Manifest& manifest);

}  // namespace sshkeep::transaction
