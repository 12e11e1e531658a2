#include "app/scratch_server.h"

#include <chrono>
#include <thread>

#include <fmt/format.h>

#include "app/config_source.h"
#include "base/text.h"
#include "sshdconf/edit.h"

namespace sshkeep::app {
namespace {

constexpr const char* privilege_separation_directory = "/run/sshd";
constexpr std::uint16_t first_port = 20022;
constexpr int port_tries = 5;

/// What sshd said, on one line.
std::string said(const ports::CommandResult& result) {
    auto text = result.errors.empty() ? result.output : result.errors;
    while (text.ends_with('\n') || text.ends_with('\r')) {
        text.pop_back();
    }
    for (auto& c : text) {
        c = c == '\n' || c == '\r' ? ' ' : c;
    }
    return text.empty() ? "status " + std::to_string(result.status) : text;
}

}  // namespace

std::string program_of(const facts::HostFacts& facts) {
    if (facts.units) {
        for (const auto& unit : *facts.units) {
            if (unit.name != "ssh.service" && unit.name != "sshd.service") {
                continue;
            }
            for (const auto& line : unit.exec_start) {
                const auto words = split_words(line);
                if (!words.empty() && words[0].starts_with('/') && words[0].ends_with("/sshd")) {
                    return std::string(words[0]);
                }
            }
        }
    }
    return "/usr/sbin/sshd";
}

ScratchServer::ScratchServer(ports::Host& planned, const facts::HostFacts& facts, std::string config_path,
                             const transaction::World& world, std::string directory)
    : planned_(planned),
      config_path_(std::move(config_path)),
      build_(facts.build),
      program_(program_of(facts)),
      world_(world),
      directory_(std::move(directory)) {}

Result<std::string> ScratchServer::write_stage(const std::string& name, const std::vector<std::string>& drop) const {
    ConfigSource source(planned_);
    const auto folder = directory_ + "/" + name;
    TRY(world_.files.make_directory(folder, 0700));
    std::size_t count = 0;
    const auto place = [&](const std::string&) { return folder + "/" + std::to_string(count++) + ".conf"; };
    const auto staged = TRY(sshdconf::stage(config_path_, source, build_, place, drop));
    for (const auto& file : staged) {
        TRY(world_.files.write(file.path, file.bytes, ports::Attributes{.mode = 0600}));
    }
    return staged.at(0).path;
}

Result<void> ScratchServer::check() const {
    // Where only socket activation runs sshd, systemd makes this directory for each connection.
    TRY(world_.files.make_directory(privilege_separation_directory, 0755));
    const auto main = TRY(write_stage("check", {}));
    const auto result = TRY(world_.commands.run({.argv = {program_, "-t", "-f", main}}));
    if (result.status != 0) {
        return fail(ErrorCode::invalid, "sshd refuses the new configuration: " + said(result));
    }
    return {};
}

Result<void> ScratchServer::serve(const std::optional<LoginProbe>& probe) const {
    const auto main = TRY(write_stage("serve", {"port", "listenaddress", "addressfamily", "pidfile"}));
    // Where the login will come from in the end: AllowUsers and Match may look at it.
    const auto address = probe ? probe->address : "127.0.0.1";
    for (int attempt = 0; attempt < port_tries; ++attempt) {
        const auto port = static_cast<std::uint16_t>(first_port + world_.now() % 9973 + 101 * attempt);
        const auto log = fmt::format("{}/serve-{}.log", directory_, attempt);
        const auto server = TRY(
            world_.commands.start({.argv = {program_, "-D", "-e", "-f", main, "-o", "ListenAddress=" + address, "-o",
                                            fmt::format("Port={}", port), "-o", "PidFile=none", "-o", "LogLevel=INFO"}},
                                  log));
        constexpr int tries = 100;
        std::string text;
        for (int i = 0; i < tries && server->running() && !text.contains("Server listening on"); ++i) {
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
            text = world_.files.read(log).value_or("");
        }
        if (text.contains("Server listening on") && server->running()) {
            return probe ? try_login(*probe, world_, address, port) : Result<void>();
        }
        if (!text.contains("Address already in use")) {
            return fail(ErrorCode::invalid, "a second sshd with the new configuration does not start: " +
                                                said({.status = 255, .output = {}, .errors = text}));
        }
    }
    return fail(ErrorCode::io, "no free port for a second sshd");
}

}  // namespace sshkeep::app
