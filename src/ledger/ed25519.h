#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

#include "base/result.h"
#include "ledger/hash.h"

struct evp_pkey_st;

namespace sshkeep::ledger {

using PublicKey = std::array<std::uint8_t, 32>;
using Signature = std::array<std::uint8_t, 64>;

/// An Ed25519 private key (RFC 8032). Move-only; OpenSSL wipes its copy when it goes.
class PrivateKey {
public:
    /// Any 32 bytes are a key; the caller makes them and wipes them.
    [[nodiscard]] static Result<PrivateKey> from_seed(const std::array<std::uint8_t, 32>& seed);

    [[nodiscard]] const PublicKey& public_key() const noexcept { return public_; }
    [[nodiscard]] Signature sign(std::string_view message) const;

private:
    struct Free {
        void operator()(evp_pkey_st* key) const;
    };
    PrivateKey() = default;

    std::unique_ptr<evp_pkey_st, Free> key_;
    PublicKey public_{};
};

[[nodiscard]] bool is_signed(const PublicKey& key, std::string_view message, const Signature& signature);

}  // namespace sshkeep::ledger
