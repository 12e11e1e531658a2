#pragma once

#include <string>

#include "ledger/store.h"

namespace sshkeep::storage {

/// The running system: its clocks, its name, who started this process.
class SystemSurroundings final : public ledger::Surroundings {
public:
    SystemSurroundings();

    [[nodiscard]] ledger::Moment now() override;
    [[nodiscard]] ledger::Actor actor() override { return actor_; }
    [[nodiscard]] std::string host() override { return host_; }
    [[nodiscard]] Result<void> fill_random(std::span<std::uint8_t> bytes) override;

private:
    ledger::Id boot_{};
    ledger::Actor actor_;
    std::string host_;
};

/// "SHA256:..." of the last public key that a file of sshd's ExposeAuthInfo names; empty when it names none.
[[nodiscard]] std::string fingerprint_of_auth_info(std::string_view text);

}  // namespace sshkeep::storage
