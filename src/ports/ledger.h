#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"

namespace sshkeep::ports {

/// SHA-256 of a file before or after a change.
using Digest = std::array<std::uint8_t, 32>;

/// What is about to be done. Texts up to 4096 bytes.
struct Intent {
    std::string action;  ///< "config.apply", "key.revoke"
    std::string target;  ///< a path, an account, an address
    std::optional<Digest> before;
    std::string detail;
    std::optional<std::string> payload;  ///< personal data: kept beside the record, can be erased; up to 64 KiB
};

enum class Ending : std::uint8_t { succeeded, failed, refused, rolled_back };

struct Outcome {
    Ending ending = Ending::succeeded;
    std::optional<Digest> after;
    std::string detail;
};

/// A begun action. finish() wants it back.
struct Ticket {
    std::uint64_t sequence = 0;
    std::array<std::uint8_t, 16> request{};
    std::string action;
    std::string target;
};

/// The one way in which a capability that changes something is recorded. begin() returns when the intent is on the
/// disk; when it fails the action must not run. A crash in between leaves an intent without outcome, which `log verify`
/// shows. Thread-safe.
class Ledger {
public:
    virtual ~Ledger() = default;
    Ledger() = default;
    Ledger(const Ledger&) = delete;
    Ledger& operator=(const Ledger&) = delete;

    [[nodiscard]] virtual Result<Ticket> begin(const Intent& intent) = 0;
    [[nodiscard]] virtual Result<void> finish(const Ticket& ticket, const Outcome& outcome) = 0;
};

}  // namespace sshkeep::ports
