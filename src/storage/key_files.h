#pragma once

#include <string>

#include "ledger/store.h"

namespace sshkeep::storage {

/// The private keys as files of 32 bytes and mode 0600: DIRECTORY/signing.key, and signing.key.next during a change of
/// epoch.
class KeyFiles final : public ledger::KeyStore {
public:
    explicit KeyFiles(std::string directory) : directory_(std::move(directory)) {}

    [[nodiscard]] Result<std::optional<ledger::PrivateKey>> read_current() override;
    [[nodiscard]] Result<std::optional<ledger::PrivateKey>> read_next() override;
    [[nodiscard]] Result<ledger::PrivateKey> create_next() override;
    [[nodiscard]] Result<void> promote_next() override;

private:
    [[nodiscard]] std::string current_path() const { return directory_ + "/signing.key"; }
    [[nodiscard]] std::string next_path() const { return directory_ + "/signing.key.next"; }

    std::string directory_;
};

}  // namespace sshkeep::storage
