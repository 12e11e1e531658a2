#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sshkeep::keyfmt {

/// Tags of the few ASN.1 types that key files use.
enum class DerTag : std::uint8_t {
    integer = 0x02,
    bit_string = 0x03,
    octet_string = 0x04,
    object_identifier = 0x06,
    sequence = 0x30,
    context_0 = 0xA0,
    context_1 = 0xA1,
};

/// Reads the items of one DER level one after the other; the views point into the bytes given.
class DerReader {
public:
    explicit DerReader(std::string_view bytes) noexcept : rest_(bytes) {}

    /// The contents of the next item when it has this tag; otherwise nothing, and the reader stays where it is.
    [[nodiscard]] std::optional<std::string_view> take(DerTag tag) noexcept;
    /// The magnitude of a number that is not negative, without leading zeros.
    [[nodiscard]] std::optional<std::string_view> take_integer() noexcept;
    [[nodiscard]] std::optional<DerReader> take_sequence() noexcept;

private:
    std::string_view rest_;
};

/// OpenSSL's number of an object identifier (its DER contents); NID_undef when it has none.
[[nodiscard]] int nid_of(std::string_view object_identifier);
/// OpenSSL's long name in lower case, "aes-256-cbc"; "unknown" when it has none.
[[nodiscard]] std::string name_of_object(std::string_view object_identifier);

}  // namespace sshkeep::keyfmt
