#include <algorithm>
#include <chrono>
#include <thread>

#include <fmt/format.h>

#include "app/config_source.h"
#include "app/harden.h"
#include "app/login_probe.h"
#include "app/overlay_host.h"
#include "app/scratch_server.h"
#include "base/check.h"
#include "base/text.h"

namespace sshkeep::app {
namespace {

constexpr const char* probe_directory = "/run/sshkeep/login-test";

transaction::Manifest manifest_of(const HardenPlan& plan, const ApplyOptions& options, bool systemd) {
    transaction::Manifest manifest;
    std::vector<std::string> directives;
    for (const auto& wanted : plan.plan.wanted) {
        directives.insert(directives.end(), wanted.lines.begin(), wanted.lines.end());
    }
    constexpr std::size_t most = 3500;  // a record of the ledger takes 4096 bytes
    manifest.summary = join(directives, "; ").substr(0, most);
    manifest.by = options.by;
    manifest.session = options.session;
    manifest.service = plan.service;
    manifest.systemd = systemd;
    for (const auto& change : plan.plan.changes) {
        manifest.changes.push_back(
            {change.path, change.before, change.after, ports::Attributes{.mode = change.mode, .uid = 0, .gid = 0}});
    }
    return manifest;
}

/// The listening sockets as the kernel shows them, with their inodes: sshd that has taken up a new configuration has
/// new ones.
std::string listening_sockets(ports::Host& host) {
    constexpr std::uint64_t limit = 64ULL << 20U;
    std::string all;
    for (const auto* table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
        const auto file = host.read_file(table, ports::Links::follow, limit);
        const std::string text = file ? file->bytes : "";
        for (const auto line : split(text, '\n')) {
            const auto fields = split_words(line);
            if (fields.size() > 9 && fields[3] == "0A") {
                all.append(fields[1]).append(" ").append(fields[9]).append("\n");
            }
        }
    }
    return all;
}

/// Until sshd has opened its sockets anew, or for three seconds.
void await_new_sockets(ports::Host& host, const std::string& before) {
    constexpr int tries = 150;
    for (int i = 0; i < tries && listening_sockets(host) == before; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
}

/// sshd may need a moment to come up again; a refusal is final.
Result<void> try_running_server(const LoginProbe& probe, const transaction::World& world) {
    constexpr int tries = 20;
    for (int i = 0;; ++i) {
        auto result = try_login(probe, world, probe.address, probe.port);
        if (result || i == tries || !result.error().message.contains("Connection refused")) {
            return result;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(250));
    }
}

}  // namespace

Result<Applied> apply_hardening(ports::Host& host, const HardenPlan& plan, const HardenRequest& request,
                                const transaction::World& world, const ApplyOptions& options) {
    CHECK(plan.dangers.empty() && plan.not_in_force.empty() && !plan.plan.empty());
    Applied applied;
    const auto tell = [&](const std::string& step) { world.tell ? world.tell(step) : void(); };
    TRY(world.files.make_directory(probe_directory, 0700));
    auto probe = TRY(prepare_login_probe(host, plan, request, world, probe_directory, applied.notes));

    transaction::Request wanted;
    wanted.manifest = manifest_of(plan, options, TRY(world.files.exists("/run/systemd/system")));
    wanted.confirm_within = options.confirm_within;
    if (probe) {
        wanted.manifest.probe = probe->line;
    }
    OverlayHost planned(host);
    for (const auto& change : plan.plan.changes) {
        TRY(planned.put(change.path, change.after, change.mode));
    }
    wanted.try_before = [&](const std::string& directory) -> Result<void> {
        tell("sshd -t with the new configuration");
        const ScratchServer scratch{planned, plan.after->facts, request.observe.config_path, world, directory};
        TRY(scratch.check());
        tell("a login through a second sshd with the new configuration");
        return scratch.serve(probe);
    };
    const auto sockets = listening_sockets(host);
    wanted.try_after = [&](const std::string&) -> Result<void> {
        if (!plan.service.unit.empty()) {
            await_new_sockets(host, sockets);
        }
        if (probe && host.running() && !planned_endpoints(plan).empty()) {
            tell(fmt::format("a login as {} at {} port {}", probe->login, probe->address, probe->port));
            return try_running_server(*probe, world);
        }
        return {};
    };
    auto status = transaction::Transactions(world, options.transactions).apply(std::move(wanted));
    forget_login_probe(world, probe_directory);
    applied.status = TRY(std::move(status));
    return applied;
}

}  // namespace sshkeep::app
