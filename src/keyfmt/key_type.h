#pragma once

#include <cstdint>
#include <string_view>

#include "keyfmt/public_key.h"

namespace sshkeep::keyfmt {

enum class Curve : std::uint8_t { none, nistp256, nistp384, nistp521 };

/// A name that may stand in front of a key, in text and on the wire.
struct KeyType {
    std::string_view name;
    std::string_view plain;  ///< the name that the same key has without certificate or signature algorithm
    KeyKind kind = KeyKind::unknown;
    Curve curve = Curve::none;
    bool certificate = false;
    unsigned bits = 256;  ///< where the key itself has no size to tell: as ssh-keygen prints it

    /// sshd compares kind and curve, not the names: "rsa-sha2-512" may stand in front of an ssh-rsa blob.
    [[nodiscard]] bool agrees_with(const KeyType& other) const noexcept {
        return plain == other.plain && certificate == other.certificate;
    }
};

/// Null when no OpenSSH release that Debian built knows the name.
[[nodiscard]] const KeyType* find_key_type(std::string_view name) noexcept;
[[nodiscard]] std::string_view name_of(Curve curve) noexcept;
[[nodiscard]] unsigned bits_of(Curve curve) noexcept;
/// An uncompressed point (SEC 1) of the curve; each coordinate is within the field.
[[nodiscard]] bool is_point_on(Curve curve, std::string_view point);

}  // namespace sshkeep::keyfmt
