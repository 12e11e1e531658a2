#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sshkeep {

/// An IPv4 or IPv6 address. IPv4-mapped IPv6 stays IPv6, as the text said.
class Address {
public:
    enum class Family : std::uint8_t { v4, v6 };

    /// Numeric text only ("192.0.2.1", "2001:db8::1"; a zone such as %eth0 is refused); never a name look-up.
    [[nodiscard]] static std::optional<Address> parse(std::string_view text);

    [[nodiscard]] Family family() const noexcept { return family_; }
    [[nodiscard]] unsigned bits() const noexcept { return family_ == Family::v4 ? 32 : 128; }
    /// Network byte order; an IPv4 address uses the first four.
    [[nodiscard]] const std::array<std::uint8_t, 16>& bytes() const noexcept { return bytes_; }
    [[nodiscard]] std::string text() const;

    friend auto operator<=>(const Address&, const Address&) = default;

private:
    Family family_ = Family::v4;
    std::array<std::uint8_t, 16> bytes_{};
};

/// A network: ADDRESS/PREFIX. Host bits may be set in the text; `contains` ignores them, `strict` tells.
struct Cidr {
    Address address;
    unsigned prefix = 0;  ///< 0 to 32 or 128

    /// "ADDRESS/PREFIX", or an address alone as a network of one.
    [[nodiscard]] static std::optional<Cidr> parse(std::string_view text);
    [[nodiscard]] bool contains(const Address& candidate) const noexcept;
    /// No bit set beyond the prefix.
    [[nodiscard]] bool strict() const noexcept;
    [[nodiscard]] std::string text() const;

    friend auto operator<=>(const Cidr&, const Cidr&) = default;
};

}  // namespace sshkeep
