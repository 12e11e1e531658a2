#include "keyfmt/wire.h"

#include <algorithm>
#include <array>
#include <bit>

namespace sshkeep::keyfmt {
namespace {

constexpr std::size_t max_mpint = 16384 / 8;

bool has_high_bit(std::string_view number) noexcept {
    return !number.empty() && (static_cast<unsigned char>(number.front()) & 0x80U) != 0;
}

}  // namespace

std::optional<std::uint64_t> WireReader::unsigned_number(std::size_t size) noexcept {
    if (failed_ || rest_.size() < size) {
        failed_ = true;
        return std::nullopt;
    }
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < size; ++i) {
        number = number << 8 | static_cast<unsigned char>(rest_[i]);
    }
    rest_.remove_prefix(size);
    return number;
}

std::optional<std::uint32_t> WireReader::u32() noexcept {
    const auto number = unsigned_number(4);
    return number ? std::optional(static_cast<std::uint32_t>(*number)) : std::nullopt;
}

std::optional<std::uint64_t> WireReader::u64() noexcept { return unsigned_number(8); }

std::optional<std::string_view> WireReader::string() noexcept {
    const auto size = u32();
    if (!size || rest_.size() < *size) {
        failed_ = true;
        return std::nullopt;
    }
    const auto bytes = rest_.substr(0, *size);
    rest_.remove_prefix(*size);
    return bytes;
}

std::optional<std::string_view> WireReader::text() noexcept {
    auto bytes = string();
    if (!bytes) {
        return std::nullopt;
    }
    const auto nul = bytes->find('\0');
    if (nul == std::string_view::npos) {
        return bytes;
    }
    if (nul != bytes->size() - 1) {
        failed_ = true;
        return std::nullopt;
    }
    bytes->remove_suffix(1);
    return bytes;
}

std::optional<std::string_view> WireReader::mpint() noexcept {
    const auto bytes = string();
    if (!bytes) {
        return std::nullopt;
    }
    const bool signed_zero = bytes->starts_with('\0');
    if (has_high_bit(*bytes) || bytes->size() > max_mpint + (signed_zero ? 1 : 0)) {
        failed_ = true;
        return std::nullopt;
    }
    return without_leading_zeros(*bytes);
}

void append_string(std::string& out, std::string_view bytes) {
    const auto size = static_cast<std::uint32_t>(bytes.size());
    const std::array<char, 4> length{static_cast<char>(size >> 24 & 0xFFU), static_cast<char>(size >> 16 & 0xFFU),
                                     static_cast<char>(size >> 8 & 0xFFU), static_cast<char>(size & 0xFFU)};
    out.append(length.data(), length.size()).append(bytes);
}

void append_mpint(std::string& out, std::string_view magnitude) {
    if (!has_high_bit(magnitude)) {
        append_string(out, magnitude);
        return;
    }
    std::string with_sign(1, '\0');
    append_string(out, with_sign.append(magnitude));
}

std::string_view without_leading_zeros(std::string_view number) noexcept {
    return number.substr(std::min(number.find_first_not_of('\0'), number.size()));
}

unsigned bit_length(std::string_view magnitude) noexcept {
    if (magnitude.empty()) {
        return 0;
    }
    const auto leading = std::bit_width(static_cast<unsigned>(static_cast<unsigned char>(magnitude.front())));
    return static_cast<unsigned>((magnitude.size() - 1) * 8) + static_cast<unsigned>(leading);
}

}  // namespace sshkeep::keyfmt
