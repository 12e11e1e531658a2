#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/difference.h"
#include "bin/cli_support.h"
#include "bin/display.h"
#include "bin/log_support.h"
#include "host/login_session.h"
#include "ports/account_files.h"
#include "ports/commands.h"
#include "ports/files.h"
#include "transaction/transaction.h"

/// What the commands of `sshkeep harden` share.
namespace sshkeep::bin {

/// The adapters that a transaction needs; the one way in which commands change a host.
class ChangeWorld {
public:
    /// With the ledger in its usual place: without it nothing is changed. `tell`: whether steps are shown.
    [[nodiscard]] static Result<std::unique_ptr<ChangeWorld>> open(bool tell);
    [[nodiscard]] transaction::World world();
    [[nodiscard]] transaction::Transactions transactions() { return transaction::Transactions(world()); }

private:
    ChangeWorld() = default;

    bool tell_ = false;
    std::unique_ptr<LedgerWriter> ledger_;
    std::unique_ptr<ports::Files> files_;
    std::unique_ptr<ports::Commands> commands_;
    std::unique_ptr<ports::AccountFiles> account_files_;
};

/// Transactions of this host, for reading; needs root only.
[[nodiscard]] Result<std::vector<transaction::Status>> read_transactions();

/// Finishes or undoes what a crash left behind, when there is something and this is root. Says what it did.
void recover_transactions();

/// Who runs this command and how he is connected; nullopt at a console.
[[nodiscard]] std::optional<access::Operator> current_operator(ports::Host& host,
                                                               const std::optional<host::LoginSession>& session);
/// "alice from 192.0.2.7", "root at the console"
[[nodiscard]] std::string describe_operator(const std::optional<access::Operator>& by);

[[nodiscard]] std::string render_status(const std::vector<transaction::Status>& all, std::int64_t now);
[[nodiscard]] std::string render_status_json(const std::vector<transaction::Status>& all);
/// What became of a transaction; with what `plan` says of it when that is not empty.
[[nodiscard]] std::string render_applied_json(const transaction::Status& status, const std::vector<std::string>& notes,
                                              std::string_view plan = {});

void add_harden_plan(CLI::App& harden, ExitCode& status);
void add_harden_apply(CLI::App& harden, ExitCode& status);
void add_harden_confirm(CLI::App& harden, ExitCode& status);
void add_harden_rollback(CLI::App& harden, ExitCode& status);
void add_harden_status(CLI::App& harden, ExitCode& status);
void add_harden_admin(CLI::App& harden, ExitCode& status);

}  // namespace sshkeep::bin
