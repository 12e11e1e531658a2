#include "keyfmt/base64.h"

#include <array>
#include <cstdint>

namespace sshkeep::keyfmt {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t not_base64 = 0xFF;
constexpr std::uint8_t space = 0xFE;
constexpr std::uint8_t padding = 0xFD;

constexpr std::array<std::uint8_t, 256> value_of = [] {
    std::array<std::uint8_t, 256> values{};
    values.fill(not_base64);
    for (std::size_t i = 0; i < alphabet.size(); ++i) {
        values.at(static_cast<unsigned char>(alphabet[i])) = static_cast<std::uint8_t>(i);
    }
    for (const char c : std::string_view(" \t\n\v\f\r")) {
        values.at(static_cast<unsigned char>(c)) = space;
    }
    values.at('=') = padding;
    return values;
}();

std::uint8_t value_at(std::string_view text, std::size_t at) { return value_of[static_cast<unsigned char>(text[at])]; }

char byte_of(std::uint32_t bits) { return static_cast<char>(static_cast<unsigned char>(bits & 0xFFU)); }

/// What may follow the data: the padding that `digits` digits of an unfinished group ask for, and white space.
bool is_right_padding(std::string_view rest, unsigned digits) {
    unsigned wanted = 4 - digits;
    for (std::size_t i = 0; i < rest.size(); ++i) {
        const auto value = value_at(rest, i);
        if (value == padding && wanted > 0) {
            --wanted;
        } else if (value != space) {
            return false;
        }
    }
    return wanted == 0;
}

}  // namespace

bool decode_base64(std::string_view text, std::string& bytes) {
    bytes.clear();
    bytes.reserve(text.size() / 4 * 3 + 3);
    std::uint32_t group = 0;
    unsigned digits = 0;
    std::size_t at = 0;
    for (; at < text.size(); ++at) {
        const auto value = value_at(text, at);
        if (value < 64) {
            group = group << 6 | value;
            if (++digits == 4) {
                const std::array<char, 3> triple{byte_of(group >> 16), byte_of(group >> 8), byte_of(group)};
                bytes.append(triple.data(), triple.size());
                digits = 0;
                group = 0;
            }
        } else if (value != space) {
            break;
        }
    }
    const auto rest = text.substr(at);
    if (digits == 0) {
        return rest.empty();
    }
    // Two digits hold one byte and four bits to spare, three hold two bytes and two bits.
    const unsigned spare = digits == 2 ? 4 : 2;
    if (digits == 1 || !is_right_padding(rest, digits) || (group & ((1U << spare) - 1)) != 0) {
        return false;
    }
    group >>= spare;
    if (digits == 3) {
        bytes.push_back(byte_of(group >> 8));
    }
    bytes.push_back(byte_of(group));
    return true;
}

std::string encode_base64_unpadded(std::string_view bytes) {
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    std::uint32_t bits = 0;
    unsigned pending = 0;
    for (const char c : bytes) {
        bits = bits << 8 | static_cast<unsigned char>(c);
        for (pending += 8; pending >= 6; pending -= 6) {
            text.push_back(alphabet[bits >> (pending - 6) & 0x3FU]);
        }
    }
    if (pending > 0) {
        text.push_back(alphabet[bits << (6 - pending) & 0x3FU]);
    }
    return text;
}

}  // namespace sshkeep::keyfmt
