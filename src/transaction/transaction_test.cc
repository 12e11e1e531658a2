#include "transaction/transaction.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "host/account_files.h"
#include "host/local_commands.h"
#include "host/local_files.h"
#include "support/temp_tree.h"
#include "transaction/layout.h"
#include "transaction/manifest.h"
#include "transaction/revert_script.h"

namespace sshkeep::transaction {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

/// Thrown where a crash is imitated: nothing after it happens, in this process.
struct Crash {};

/// Lets a number of calls to the outside world through, then crashes before or after one of them.
struct Fuse {
    int left = -1;  ///< negative: never
    bool after = false;
    int calls = 0;

    template <class Work>
    auto through(Work work) {
        ++calls;
        const bool burns = left == 0;
        left -= left >= 0 ? 1 : 0;
        if (burns && !after) {
            throw Crash{};
        }
        auto result = work();
        if (burns) {
            throw Crash{};
        }
        return result;
    }
};

class FusedFiles final : public ports::Files {
public:
    FusedFiles(ports::Files& files, Fuse& fuse) : files_(files), fuse_(fuse) {}
    Result<std::string> read(const std::string& path) override { return files_.read(path); }
    Result<bool> exists(const std::string& path) override { return files_.exists(path); }
    Result<std::vector<std::string>> list(const std::string& directory) override { return files_.list(directory); }
    Result<void> make_directory(const std::string& path, std::uint32_t mode) override {
        return fuse_.through([&] { return files_.make_directory(path, mode); });
    }
    Result<void> write(const std::string& path, std::string_view bytes,
                       std::optional<ports::Attributes> attributes) override {
        if (attributes) {  // tests may run without root
            attributes->uid = ::geteuid();
            attributes->gid = ::getegid();
        }
        return fuse_.through([&] { return files_.write(path, bytes, attributes); });
    }
    Result<void> copy(const std::string& from, const std::string& to) override {
        return fuse_.through([&] { return files_.copy(from, to); });
    }
    Result<void> stamp(const std::string& of, const std::string& to) override {
        return fuse_.through([&] { return files_.stamp(of, to); });
    }
    Result<void> link(const std::string& existing, const std::string& path) override {
        return fuse_.through([&] { return files_.link(existing, path); });
    }
    Result<void> make_symlink(const std::string& target, const std::string& path) override {
        return fuse_.through([&] { return files_.make_symlink(target, path); });
    }
    Result<void> rename(const std::string& from, const std::string& to) override {
        return fuse_.through([&] { return files_.rename(from, to); });
    }
    Result<void> remove(const std::string& path) override {
        return fuse_.through([&] { return files_.remove(path); });
    }
    Result<std::unique_ptr<Lock>> lock(const std::string& path) override { return files_.lock(path); }

private:
    ports::Files& files_;
    Fuse& fuse_;
};

/// Runs revert.sh for real; everything else is only noted.
class NotedCommands final : public ports::Commands {
public:
    explicit NotedCommands(Fuse& fuse) : fuse_(fuse) {}
    Result<ports::CommandResult> run(const ports::Command& command) override {
        return fuse_.through([&]() -> Result<ports::CommandResult> {
            if (command.argv[0] == "/bin/sh") {
                return real_->run(command);
            }
            noted.push_back(command.argv);
            return ports::CommandResult{
                .status = failing.contains(command.argv[0]) ? 1 : 0, .output = {}, .errors = {}};
        });
    }
    Result<std::unique_ptr<ports::Process>> start(const ports::Command&, const std::string&) override {
        return fail(ErrorCode::unsupported, "not here");
    }
    Result<void> detach(const ports::Command& command) override {
        return fuse_.through([&]() -> Result<void> {
            detached.push_back(command.argv);
            return {};
        });
    }
    bool installed(const std::string&) override { return true; }

    std::vector<std::vector<std::string>> noted;
    std::vector<std::vector<std::string>> detached;
    std::set<std::string> failing;

private:
    Fuse& fuse_;
    std::unique_ptr<ports::Commands> real_ = host::make_local_commands();
};

class FusedAccountFiles final : public ports::AccountFiles {
public:
    explicit FusedAccountFiles(Fuse& fuse) : fuse_(fuse) {}
    Result<ports::AppendedLine> prepare(const ports::AccountIdentity& account, const std::string& path,
                                        const std::string& line) override {
        return real_->prepare(account, path, line);
    }
    Result<void> append(const ports::AppendedLine& line) override {
        return fuse_.through([&] { return real_->append(line); });
    }
    Result<void> withdraw(const ports::AppendedLine& line) override {
        return fuse_.through([&] { return real_->withdraw(line); });
    }

private:
    Fuse& fuse_;
    std::unique_ptr<ports::AccountFiles> real_ = host::make_account_files();
};

class NotedLedger final : public ports::Ledger {
public:
    Result<ports::Ticket> begin(const ports::Intent& intent) override {
        if (broken) {
            return fail(ErrorCode::io, "the disk is full");
        }
        intents.push_back(intent);
        ports::Ticket ticket;
        ticket.sequence = intents.size();
        ticket.action = intent.action;
        return ticket;
    }
    Result<void> finish(const ports::Ticket& ticket, const ports::Outcome& outcome) override {
        outcomes[ticket.sequence].push_back(outcome.ending);
        return {};
    }
    bool broken = false;
    std::vector<ports::Intent> intents;
    std::map<std::uint64_t, std::vector<ports::Ending>> outcomes;
};

/// Everything that must come back: bytes, mode, owner, times of files and directories, by path.
std::map<std::string, std::string> picture(const std::filesystem::path& root) {
    std::map<std::string, std::string> all;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
        struct stat status{};
        EXPECT_EQ(::lstat(entry.path().c_str(), &status), 0);
        auto text = std::to_string(status.st_mode) + " " + std::to_string(status.st_uid) + " " +
                    std::to_string(status.st_mtim.tv_sec) + "." + std::to_string(status.st_mtim.tv_nsec) + " ";
        if (entry.is_regular_file()) {
            std::ifstream file(entry.path(), std::ios::binary);
            text.append(std::istreambuf_iterator<char>(file), {});
        }
        all[entry.path().string()] = text;
    }
    return all;
}

class TransactionTest : public testing::Test {
protected:
    TransactionTest() {
        tree_.add_file("/etc/ssh/sshd_config", "PermitRootLogin yes\n", 0640);
        tree_.add_file("/etc/ssh/moduli", "old\n", 0644);
        tree_.add_file("/home/alice/.ssh/authorized_keys", "ssh-ed25519 AAAA alice\n", 0600);
        std::filesystem::create_directories(tree_.at("/tx"));
        std::filesystem::permissions(tree_.at("/tx"), std::filesystem::perms::owner_all);
        for (const char* path : {"/etc/ssh/sshd_config", "/etc/ssh/moduli", "/home/alice/.ssh/authorized_keys"}) {
            const std::array times{timespec{1'600'000'000, 123'456'789}, timespec{1'600'000'001, 987'654'321}};
            EXPECT_EQ(::utimensat(AT_FDCWD, tree_.at(path).c_str(), times.data(), 0), 0);
        }
        before_ = picture(tree_.at("/etc"));
        home_before_ = picture(tree_.at("/home"));
    }

    [[nodiscard]] std::string at(std::string_view path) const { return tree_.at(path).string(); }

    [[nodiscard]] Transactions transactions() {
        return Transactions({.files = fused_files_,
                             .commands = commands_,
                             .account_files = account_files_,
                             .ledger = ledger_,
                             .now = [this] { return now_; },
                             .digest = [](std::string_view) { return ports::Digest{}; }},
                            at("/tx"));
    }

    [[nodiscard]] Request request() {
        Request request;
        auto& manifest = request.manifest;
        manifest.summary = "PermitRootLogin no";
        manifest.changes = {
            {at("/etc/ssh/sshd_config"), "PermitRootLogin yes\n", "PermitRootLogin no\n", {}},
            {at("/etc/ssh/sshd_config.d/00-sshkeep.conf"), std::nullopt, "MaxAuthTries 3\n", {.mode = 0600}},
            {at("/etc/ssh/moduli"), "old\n", "new\n", {}},
        };
        manifest.service = {.unit = "ssh.service", .reload = {"true"}, .restart = {}};
        manifest.probe = account_files_
                             .prepare({"alice", ::geteuid(), ::getegid()}, at("/home/alice/.ssh/authorized_keys"),
                                      "restrict ssh-ed25519 BBBB probe")
                             .value();
        request.confirm_within = std::chrono::seconds(60);
        return request;
    }

    [[nodiscard]] bool is_old() const {
        return picture(tree_.at("/etc")) == before_ && picture(tree_.at("/home")) == home_before_;
    }
    [[nodiscard]] bool is_new() const {
        std::ifstream config(at("/etc/ssh/sshd_config"));
        std::string text{std::istreambuf_iterator<char>(config), {}};
        return text == "PermitRootLogin no\n" &&
               std::filesystem::exists(at("/etc/ssh/sshd_config.d/00-sshkeep.conf")) &&
               picture(tree_.at("/home")) == home_before_;
    }

    support::TempTree tree_;
    std::int64_t now_ = 1'763'985'600;
    Fuse fuse_;
    std::unique_ptr<ports::Files> files_ = host::make_local_files().value();
    FusedFiles fused_files_{*files_, fuse_};
    NotedCommands commands_{fuse_};
    FusedAccountFiles account_files_{fuse_};
    NotedLedger ledger_;
    std::map<std::string, std::string> before_;
    std::map<std::string, std::string> home_before_;
};

TEST_F(TransactionTest, WaitsWithItsTimerThenStaysWhenConfirmed) {
    auto all = transactions();
    const auto status = all.apply(request());
    ASSERT_TRUE(status) << status.error().message;
    EXPECT_EQ(status->state, State::waiting);
    EXPECT_EQ(status->manifest.deadline, now_ + 60);
    EXPECT_TRUE(is_new());
    ASSERT_THAT(commands_.detached, SizeIs(1));
    EXPECT_EQ(commands_.detached[0][2], "timer");
    EXPECT_EQ(commands_.detached[0][3], "60");
    EXPECT_THAT(ledger_.outcomes, IsEmpty()) << "an open intent until it is decided";

    const auto confirmed = all.confirm(status->manifest.id, "by alice");
    ASSERT_TRUE(confirmed) << confirmed.error().message;
    EXPECT_EQ(confirmed->state, State::confirmed);
    EXPECT_TRUE(is_new());
    EXPECT_THAT(ledger_.outcomes[1], testing::ElementsAre(ports::Ending::succeeded));
    EXPECT_FALSE(all.confirm(status->manifest.id, "again"));
}

TEST_F(TransactionTest, TheTimerUndoesEveryByte) {
    auto all = transactions();
    const auto status = all.apply(request());
    ASSERT_TRUE(status) << status.error().message;
    const auto undone = host::make_local_commands()->run(
        {.argv = {"/bin/sh", at("/tx/") + status->manifest.id + "/revert.sh", "timer"}});
    ASSERT_TRUE(undone);
    EXPECT_EQ(undone->status, 0) << undone->errors;
    EXPECT_TRUE(is_old());
    EXPECT_FALSE(all.confirm(status->manifest.id, "too late"));
    ASSERT_TRUE(all.recover());
    EXPECT_THAT(ledger_.outcomes[1], testing::ElementsAre(ports::Ending::rolled_back)) << "recorded afterwards";
}

TEST_F(TransactionTest, AnUndoThatCannotReachTheServiceSaysSoAndIsTriedAgain) {
    auto wanted = request();
    wanted.manifest.service.reload = {"false"};
    commands_.failing = {"false"};
    const auto status = transactions().apply(std::move(wanted));
    ASSERT_FALSE(status);
    EXPECT_THAT(status.error().message, HasSubstr("not complete"));
    EXPECT_TRUE(is_old()) << "every file is back all the same";
    EXPECT_EQ(transactions().list().value().at(0).state, State::reverting);
}

TEST_F(TransactionTest, AFailedProofUndoesIt) {
    auto wanted = request();
    wanted.try_after = [](const std::string&) -> Result<void> { return fail(ErrorCode::io, "no login"); };
    const auto status = transactions().apply(std::move(wanted));
    ASSERT_FALSE(status);
    EXPECT_THAT(status.error().message, HasSubstr("no login"));
    EXPECT_TRUE(is_old());
    EXPECT_THAT(ledger_.outcomes[1], testing::ElementsAre(ports::Ending::rolled_back));
}

TEST_F(TransactionTest, AFailedProofBeforehandChangesNothing) {
    auto wanted = request();
    wanted.try_before = [](const std::string&) -> Result<void> { return fail(ErrorCode::io, "sshd -t"); };
    ASSERT_FALSE(transactions().apply(std::move(wanted)));
    EXPECT_TRUE(is_old());
    EXPECT_THAT(commands_.detached, IsEmpty());
    EXPECT_THAT(ledger_.outcomes[1], testing::ElementsAre(ports::Ending::failed));
}

TEST_F(TransactionTest, NothingHappensUnrecorded) {
    ledger_.broken = true;
    ASSERT_FALSE(transactions().apply(request()));
    EXPECT_TRUE(is_old());
    EXPECT_TRUE(std::filesystem::is_empty(at("/tx")) || !std::filesystem::exists(at("/tx/1")));
}

TEST_F(TransactionTest, AFileThatChangedMeanwhileIsNotOverwritten) {
    auto wanted = request();
    wanted.try_before = [this](const std::string&) -> Result<void> {
        std::ofstream(at("/etc/ssh/moduli")) << "somebody else\n";
        return {};
    };
    const auto status = transactions().apply(std::move(wanted));
    ASSERT_FALSE(status);
    EXPECT_THAT(status.error().message, HasSubstr("was changed since"));
    std::ifstream file(at("/etc/ssh/moduli"));
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), "somebody else\n");
}

TEST_F(TransactionTest, OneAtATime) {
    auto all = transactions();
    ASSERT_TRUE(all.apply(request()));
    auto second = request();
    second.manifest.changes[0].before = "PermitRootLogin no\n";
    const auto refused = all.apply(std::move(second));
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr("waiting"));
}

TEST_F(TransactionTest, AConfirmedOneCanBeRolledBackUnlessItsFilesChanged) {
    auto all = transactions();
    const auto id = all.apply(request()).value().manifest.id;
    ASSERT_TRUE(all.confirm(id, "by alice"));
    {
        std::ofstream(at("/etc/ssh/moduli")) << "by hand\n";
    }
    EXPECT_FALSE(all.roll_back(id, "undo"));
    {
        std::ofstream(at("/etc/ssh/moduli")) << "new\n";
    }
    const auto undone = all.roll_back(id, "undo");
    ASSERT_TRUE(undone) << undone.error().message;
    EXPECT_TRUE(is_old());
}

/// Crashes before and after every single call to the outside world; what is left is the old state or the new one, and
/// the ledger says which.
TEST_F(TransactionTest, ACrashAnywhereLeavesTheOldStateOrTheNewOne) {
    for (const bool after : {false, true}) {
        for (int step = 0;; ++step) {
            SCOPED_TRACE("crash " + std::string(after ? "after" : "before") + " call " + std::to_string(step));
            ledger_.intents.clear();
            ledger_.outcomes.clear();
            fuse_ = {.left = step, .after = after};
            bool crashed = false;
            try {
                auto all = transactions();
                const auto status = all.apply(request());
                ASSERT_TRUE(status) << status.error().message;
                ASSERT_TRUE(all.confirm(status->manifest.id, "by alice"));
            } catch (const Crash&) {
                crashed = true;
            }
            fuse_ = {};
            now_ += 3600;  // past the deadline
            const auto found = transactions().recover();
            ASSERT_TRUE(found) << found.error().message;
            const bool old_state = is_old();
            ASSERT_TRUE(old_state || is_new());
            if (!ledger_.intents.empty() && !ledger_.outcomes[1].empty()) {
                // Twice when the crash came between the record and the note of it; never two answers.
                ASSERT_THAT(ledger_.outcomes[1], testing::Each(ledger_.outcomes[1][0]));
                ASSERT_EQ(ledger_.outcomes[1][0] == ports::Ending::succeeded, !old_state);
            } else {
                ASSERT_TRUE(old_state) << "an intent without outcome changed nothing";
            }
            ASSERT_THAT(transactions().recover().value(), IsEmpty()) << "once is enough";
            if (!old_state) {
                const auto all = transactions().list().value();
                for (const auto& status : all) {
                    if (status.state == State::confirmed) {
                        ASSERT_TRUE(transactions().roll_back(status.manifest.id, "next try"));
                    }
                }
            }
            ASSERT_TRUE(is_old());
            std::filesystem::remove_all(at("/tx"));
            std::filesystem::create_directory(at("/tx"));
            if (!crashed) {
                EXPECT_GT(step, 20);
                break;
            }
        }
    }
}

TEST(ManifestTest, KeepsEveryByte) {
    Manifest manifest;
    manifest.id = "20261124-101500-7";
    manifest.by = "al\xff\x80ice";
    std::string bytes;
    for (int i = 0; i < 256; ++i) {
        bytes += static_cast<char>(i);
    }
    manifest.changes = {{"/etc/ssh/\xfe", bytes, bytes + bytes, {.mode = 0644, .uid = 1, .gid = 2}},
                        {"/etc/new", std::nullopt, "", {}}};
    manifest.made_directories = {"/etc/ssh/sshd_config.d"};
    manifest.probe = ports::AppendedLine{.account = {"bob", 7, 8}, .path = "/h", .line = bytes, .size = 9, .mtime = -5};
    manifest.service = {.unit = "ssh.service", .reload = {"a", "b"}, .restart = {"c"}};
    manifest.ticket.sequence = 99;
    manifest.ticket.request[3] = 200;
    const auto again = parse_manifest(render_manifest(manifest));
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(render_manifest(*again), render_manifest(manifest));
    EXPECT_EQ(again->changes[0].before, bytes);
    EXPECT_EQ(again->changes[0].path, "/etc/ssh/\xfe");
    EXPECT_EQ(again->probe->mtime, -5);
    EXPECT_FALSE(parse_manifest("{"));
    EXPECT_FALSE(parse_manifest("{\"schema\": \"sshkeep.transaction/2\"}"));
}

TEST(RevertScriptTest, QuotesAnything) {
    EXPECT_EQ(quoted("a'b $(x)"), "'a'\\''b $(x)'");
    Manifest manifest;
    manifest.id = "x";
    manifest.changes = {{"/etc/$(touch /tmp/pwned)'; echo", "old", "new", {}}};
    const auto script = render_revert_script(manifest, "/var/lib/sshkeep/tx/x");
    EXPECT_THAT(script, HasSubstr("'/etc/$(touch /tmp/pwned)'\\''; echo'"));
}

}  // namespace
}  // namespace sshkeep::transaction
