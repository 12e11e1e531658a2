#include "bin/harden_support.h"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/escape.h"
#include "base/text.h"
#include "host/account_files.h"
#include "host/host_factory.h"
#include "host/local_commands.h"
#include "host/local_files.h"
#include "ledger/encoding.h"

namespace sshkeep::bin {
namespace {

/// Reads transactions without a ledger: nothing that would need one is called.
class NoLedger final : public ports::Ledger {
public:
    Result<ports::Ticket> begin(const ports::Intent&) override { return unavailable(); }
    Result<void> finish(const ports::Ticket&, const ports::Outcome&) override { return unavailable(); }

private:
    static std::unexpected<Error> unavailable() { return fail(ErrorCode::unsupported, "opened for reading"); }
};

std::string name_of_user(uid_t uid) {
    const auto* entry = ::getpwuid(uid);
    return entry != nullptr ? entry->pw_name : "uid " + std::to_string(uid);
}

/// Keys in the agent that is forwarded into this session: a client offers them all.
std::uint32_t keys_in_agent() {
    const char* socket = std::getenv("SSH_AUTH_SOCK");
    if (socket == nullptr) {
        return 1;
    }
    const auto listed = host::make_local_commands()->run({.argv = {"ssh-add", "-l"},
                                                          .environment = {std::string("SSH_AUTH_SOCK=") + socket},
                                                          .timeout = std::chrono::seconds(2)});
    if (!listed || listed->status != 0) {
        return 1;
    }
    const auto lines = std::ranges::count(listed->output, '\n');
    return static_cast<std::uint32_t>(std::max<std::ptrdiff_t>(1, lines));
}

std::string left_of(const transaction::Status& status, std::int64_t now) {
    const auto left = status.manifest.deadline - now;
    return left > 0 ? fmt::format("{} s left", left) : "its time is over";
}

nlohmann::json json_of(const transaction::Status& status) {
    nlohmann::json json{{"transaction", status.manifest.id},
                        {"state", transaction::name_of(status.state)},
                        {"summary", valid_utf8(status.manifest.summary)},
                        {"by", valid_utf8(status.manifest.by)},
                        {"deadline", ledger::render_time(status.manifest.deadline * 1'000'000'000)},
                        {"detail", valid_utf8(status.detail)}};
    json["files"] = nlohmann::json::array();
    for (const auto& change : status.manifest.changes) {
        json["files"].push_back(valid_utf8(change.path));
    }
    return json;
}

}  // namespace

Result<std::unique_ptr<ChangeWorld>> ChangeWorld::open(bool tell) {
    if (::geteuid() != 0) {
        return fail(ErrorCode::permission, "changing this host needs root");
    }
    std::unique_ptr<ChangeWorld> opened(new ChangeWorld);
    opened->tell_ = tell;
    opened->ledger_ = TRY(LedgerWriter::open({}));
    opened->files_ = TRY(host::make_local_files());
    opened->commands_ = host::make_local_commands();
    opened->account_files_ = host::make_account_files();
    return opened;
}

transaction::World ChangeWorld::world() {
    return {.files = *files_,
            .commands = *commands_,
            .account_files = *account_files_,
            .ledger = ledger_->recorder(),
            .now = [] { return static_cast<std::int64_t>(std::time(nullptr)); },
            .digest = [](std::string_view bytes) { return ledger::sha256(bytes); },
            .tell =
                [shown = tell_](const std::string& step) {
                    if (shown) {
                        complain(step);
                    }
                }};
}

Result<std::vector<transaction::Status>> read_transactions() {
    if (::geteuid() != 0) {
        return fail(ErrorCode::permission, "the transactions of this host can be read by root alone");
    }
    const auto files = TRY(host::make_local_files());
    const auto commands = host::make_local_commands();
    const auto account_files = host::make_account_files();
    NoLedger ledger;
    return transaction::Transactions({.files = *files,
                                      .commands = *commands,
                                      .account_files = *account_files,
                                      .ledger = ledger,
                                      .now = [] { return static_cast<std::int64_t>(std::time(nullptr)); },
                                      .digest = nullptr})
        .list();
}

void recover_transactions() {
    if (::geteuid() != 0 || ::access(transaction::default_directory, F_OK) != 0) {
        return;
    }
    const auto all = read_transactions();
    if (!all || std::ranges::all_of(*all, &transaction::Status::recorded)) {
        return;
    }
    auto world = ChangeWorld::open(true);
    if (!world) {
        complain("an unfinished transaction is left as it is: " + world.error().message);
        return;
    }
    const auto dealt_with = (*world)->transactions().recover();
    if (!dealt_with) {
        complain("an unfinished transaction: " + dealt_with.error().message);
        return;
    }
    for (const auto& status : *dealt_with) {
        complain(fmt::format("transaction {} is {}{}", status.manifest.id, transaction::name_of(status.state),
                             status.detail.empty() ? "" : " (" + status.detail + ")"));
    }
}

std::optional<access::Operator> current_operator(ports::Host& host, const std::optional<host::LoginSession>& session) {
    if (!host.running() || !session) {
        return std::nullopt;
    }
    access::Operator by{.user = session->user, .address = session->address};
    if (by.user.empty()) {
        const char* sudo = std::getenv("SUDO_USER");
        by.user = sudo != nullptr ? sudo : name_of_user(::getuid());
    }
    if (!session->local_address.empty()) {
        by.local_address = session->local_address;
        by.local_port = session->local_port;
    }
    by.key = storage::SystemSurroundings().actor().key;
    by.offers = keys_in_agent();
    return by;
}

std::string describe_operator(const std::optional<access::Operator>& by) {
    return by ? by->user + " from " + by->address : name_of_user(::getuid()) + " at the console";
}

std::string render_status(const std::vector<transaction::Status>& all, std::int64_t now) {
    if (all.empty()) {
        return "no transaction was made on this host\n";
    }
    std::string text;
    for (const auto& status : all) {
        text += fmt::format("{}  {}", status.manifest.id, transaction::name_of(status.state));
        if (status.state == transaction::State::waiting) {
            text += " (" + left_of(status, now) + ")";
        }
        text += "  " + escape_for_terminal(status.manifest.by) + "\n";
        text += "    " + escape_for_terminal(status.manifest.summary, 160) + "\n";
        if (!status.detail.empty()) {
            text += "    " + escape_for_terminal(status.detail, 400) + "\n";
        }
    }
    return text;
}

std::string render_status_json(const std::vector<transaction::Status>& all) {
    nlohmann::json json{{"schema", "sshkeep.harden-status/1"}, {"transactions", nlohmann::json::array()}};
    for (const auto& status : all) {
        json["transactions"].push_back(json_of(status));
    }
    return json.dump(2, ' ', true) + "\n";
}

std::string render_applied_json(const transaction::Status& status, const std::vector<std::string>& notes,
                                std::string_view plan) {
    auto json = plan.empty() ? nlohmann::json::object() : nlohmann::json::parse(plan);
    json.update(json_of(status));
    json["schema"] = "sshkeep.harden/1";
    if (!json.contains("notes")) {
        json["notes"] = nlohmann::json::array();
    }
    for (const auto& note : notes) {
        json["notes"].push_back(valid_utf8(note));
    }
    return json.dump(2, ' ', true) + "\n";
}

}  // namespace sshkeep::bin
