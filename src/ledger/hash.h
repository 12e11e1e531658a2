#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace sshkeep::ledger {

/// SHA-256.
using Hash = std::array<std::uint8_t, 32>;

[[nodiscard]] Hash sha256(std::string_view bytes);
/// SHA-256 of several pieces one after the other.
[[nodiscard]] Hash sha256(std::span<const std::string_view> pieces);

/// RFC 6962, 2.1: SHA-256(0x00 || leaf).
[[nodiscard]] Hash leaf_hash(std::string_view leaf);
/// RFC 6962, 2.1: SHA-256(0x01 || left || right).
[[nodiscard]] Hash node_hash(const Hash& left, const Hash& right);
/// The root of a tree without leaves: SHA-256 of nothing.
[[nodiscard]] const Hash& empty_root();

[[nodiscard]] std::string_view as_text(std::span<const std::uint8_t> bytes);
[[nodiscard]] std::span<const std::uint8_t> as_bytes(std::string_view text);

}  // namespace sshkeep::ledger
