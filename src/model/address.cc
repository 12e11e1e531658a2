#include "model/address.h"

#include <arpa/inet.h>

#include "base/text.h"

namespace sshkeep {

std::optional<Address> Address::parse(std::string_view text) {
    const std::string zero_ended(text);
    if (zero_ended.find('\0') != std::string::npos) {
        return std::nullopt;
    }
    Address address;
    if (inet_pton(AF_INET, zero_ended.c_str(), address.bytes_.data()) == 1) {
        return address;
    }
    if (inet_pton(AF_INET6, zero_ended.c_str(), address.bytes_.data()) == 1) {
        address.family_ = Family::v6;
        return address;
    }
    return std::nullopt;
}

std::string Address::text() const {
    std::array<char, INET6_ADDRSTRLEN> buffer{};
    inet_ntop(family_ == Family::v4 ? AF_INET : AF_INET6, bytes_.data(), buffer.data(), buffer.size());
    return buffer.data();
}

std::optional<Cidr> Cidr::parse(std::string_view text) {
    const auto slash = text.find('/');
    const auto address = Address::parse(text.substr(0, slash));
    if (!address) {
        return std::nullopt;
    }
    if (slash == std::string_view::npos) {
        return Cidr{*address, address->bits()};
    }
    const auto prefix = parse_uint(text.substr(slash + 1));
    if (!prefix || *prefix > address->bits()) {
        return std::nullopt;
    }
    return Cidr{*address, static_cast<unsigned>(*prefix)};
}

bool Cidr::contains(const Address& candidate) const noexcept {
    if (candidate.family() != address.family()) {
        return false;
    }
    for (unsigned bit = 0; bit < prefix; bit += 8) {
        const unsigned left = prefix - bit;
        const unsigned mask = left >= 8 ? 0xFFU : 0xFFU << (8 - left) & 0xFFU;
        if (((address.bytes()[bit / 8] ^ candidate.bytes()[bit / 8]) & mask) != 0) {
            return false;
        }
    }
    return true;
}

bool Cidr::strict() const noexcept {
    for (unsigned bit = prefix; bit < address.bits(); ++bit) {
        if ((address.bytes()[bit / 8] >> (7 - bit % 8) & 1) != 0) {
            return false;
        }
    }
    return true;
}

std::string Cidr::text() const { return address.text() + '/' + std::to_string(prefix); }

}  // namespace sshkeep
