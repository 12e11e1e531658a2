#include "base/escape.h"

#include <array>
#include <cstdint>

namespace sshkeep {
namespace {

struct CodePoint {
    std::uint32_t value = 0;
    std::size_t length = 0;  ///< bytes used; 0 = not valid UTF-8 here
};

/// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
CodePoint decode_utf8(std::string_view bytes) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(bytes[i]); };
    if (byte(0) < 0x80) {
        return {byte(0), 1};
    }
    const std::size_t length = byte(0) >= 0xF0 ? 4 : byte(0) >= 0xE0 ? 3 : 2;
    if (byte(0) < 0xC2 || byte(0) > 0xF4 || bytes.size() < length) {
        return {};
    }
    std::uint32_t value = byte(0) & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0) != 0x80) {
            return {};
        }
        value = value << 6 | (byte(i) & 0x3FU);
    }
    constexpr std::array<std::uint32_t, 5> smallest{0, 0, 0x80, 0x800, 0x10000};
    if (value < smallest[length] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) {
        return {};
    }
    return {value, length};
}

/// C0 and C1 controls, DEL, and the invisible or direction-changing characters that make a line read as something else.
bool misleads(std::uint32_t c) {
    return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0xAD || c == 0x61C || (c >= 0x200B && c <= 0x200F) ||
           (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF ||
           (c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0xE0000 && c <= 0xE007F);
}

void append_hex(std::string& out, std::uint32_t value) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string reversed;
    do {
        reversed += digits[value & 0xF];
        value >>= 4;
    } while (value != 0);
    out.append(reversed.rbegin(), reversed.rend());
}

void append_escaped(std::string& out, std::uint32_t value) {
    if (value >= 0x80) {
        out += "\\u{";
        append_hex(out, value);
        out += '}';
        return;
    }
    out += value < 0x10 ? "\\x0" : "\\x";
    append_hex(out, value);
}

}  // namespace

std::string escape_for_terminal(std::string_view bytes, std::size_t limit) {
    const bool cut = limit != 0 && bytes.size() > limit;
    if (cut) {
        bytes = bytes.substr(0, limit);
    }
    std::string out;
    out.reserve(bytes.size());
    while (!bytes.empty()) {
        const auto point = decode_utf8(bytes);
        if (point.length == 0) {
            out += "\\x";
            append_hex(out, static_cast<std::uint8_t>(bytes[0]));
            bytes.remove_prefix(1);
            continue;
        }
        if (misleads(point.value)) {
            append_escaped(out, point.value);
        } else {
            out.append(bytes.substr(0, point.length));
        }
        bytes.remove_prefix(point.length);
    }
    return cut ? out + "\xE2\x80\xA6" : out;
}

std::string escape_for_terminal(const Untrusted& text, std::size_t limit) {
    return escape_for_terminal(text.raw(), limit);
}

std::string valid_utf8(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size());
    while (!bytes.empty()) {
        const auto point = decode_utf8(bytes);
        out.append(point.length == 0 ? std::string_view("\xEF\xBF\xBD") : bytes.substr(0, point.length));
        bytes.remove_prefix(point.length == 0 ? 1 : point.length);
    }
    return out;
}

std::string valid_utf8(const Untrusted& text) { return valid_utf8(text.raw()); }

}  // namespace sshkeep
