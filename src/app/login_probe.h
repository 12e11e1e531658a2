#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/harden.h"
#include "ports/account_files.h"
#include "ports/commands.h"
#include "ports/files.h"

/// The key with which a transaction proves that a login works: made for one transaction, valid from this host alone and
/// for a day, able to do nothing but print a word, and taken away before the transaction waits.
namespace sshkeep::app {

struct LoginProbe {
    ports::AppendedLine line;  ///< what goes into the account's authorized_keys
    std::string login;         ///< the account
    std::string address;       ///< where the running sshd is reached from this host
    std::uint16_t port = 22;
    bool partial = false;                ///< a further method must follow the key: the test ends with the key accepted
    std::string private_key;             ///< path
    std::string word;                    ///< what the forced command prints; empty: another forced command wins
    std::vector<std::string> host_keys;  ///< "TYPE BASE64"
};

/// Chooses the account: the operator's, else one with administrative power, else any that the plan's model lets in with
/// a key from this host. nullopt: nobody can log in from this host itself (AllowUsers with hosts, ...); the reason is
/// added to `notes`. `directory` is a new private one that holds the key; it lies in memory.
[[nodiscard]] Result<std::optional<LoginProbe>> prepare_login_probe(ports::Host& host, const HardenPlan& plan,
                                                                    const HardenRequest& request,
                                                                    const transaction::World& world,
                                                                    const std::string& directory,
                                                                    std::vector<std::string>& notes);

/// Logs in with the real ssh. `address` and `port` of the server that is tested. Error: what ssh said.
[[nodiscard]] Result<void> try_login(const LoginProbe& probe, const transaction::World& world,
                                     const std::string& address, std::uint16_t port);

/// Removes the private key and what lies beside it.
void forget_login_probe(const transaction::World& world, const std::string& directory);

/// Where sshd will be reached from this host once the plan is applied: loopback addresses first.
struct Endpoint {
    std::string address;
    std::uint16_t port = 22;
};
[[nodiscard]] std::vector<Endpoint> planned_endpoints(const HardenPlan& plan);

}  // namespace sshkeep::app
