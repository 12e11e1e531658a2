#include "keyfmt/moduli.h"

#include <algorithm>
#include <array>
#include <bit>
#include <optional>

#include "base/text.h"
#include "keyfmt/option_values.h"

namespace sshkeep::keyfmt {
namespace {

constexpr std::int64_t type_safe = 2;
constexpr std::int64_t tested_composite = 1;
constexpr std::int64_t max_size = std::int64_t{64} * 1024;

enum Field : std::size_t { time, type, tests, trials, size, generator, modulus, field_count };
using Fields = std::array<std::string_view, field_count>;

/// The first field ends at white space, the others at exactly one blank: an empty field is a fault.
std::optional<Fields> split_fields(std::string_view line) {
    Fields fields;
    const auto first_end = line.find_first_of(" \t\r");
    if (first_end == std::string_view::npos) {
        return std::nullopt;
    }
    fields[time] = line.substr(0, first_end);
    line.remove_prefix(std::min(line.find_first_not_of(" \t\r", first_end), line.size()));
    for (std::size_t field = type; field < modulus; ++field) {
        const auto end = line.find(' ');
        if (end == std::string_view::npos) {
            return std::nullopt;
        }
        fields.at(field) = line.substr(0, end);
        line.remove_prefix(end + 1);
    }
    fields[modulus] = line;
    const bool extra = line.find(' ') != std::string_view::npos;
    const bool gap = std::ranges::any_of(fields, [](std::string_view field) { return field.empty(); });
    return extra || gap ? std::nullopt : std::optional(fields);
}

/// The hexadecimal digits that a number starts with; what follows them is passed over, as BN_hex2bn(3) does.
std::string_view hex_digits(std::string_view text) {
    return text.substr(0, text.find_first_not_of("0123456789abcdefABCDEF"));
}

unsigned bit_length_of_hex(std::string_view digits) {
    digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
    if (digits.empty()) {
        return 0;
    }
    const auto leading = parse_uint(digits.substr(0, 1), 16).value_or(0);
    return static_cast<unsigned>((digits.size() - 1) * 4) + static_cast<unsigned>(std::bit_width(leading));
}

std::optional<ModuliLine> parse_line(std::string_view text) {
    const auto fields = split_fields(text);
    if (!fields) {
        return std::nullopt;
    }
    const auto kind = parse_c_number((*fields)[type], 0, 5);
    const auto tested = parse_c_number((*fields)[tests], 0, 0x1F);
    const auto tried = parse_c_number((*fields)[trials], 0, 1 << 30);
    const auto bits = parse_c_number((*fields)[size], 1, max_size);
    const auto base = parse_uint(hex_digits((*fields)[generator]), 16);
    const auto digits = hex_digits((*fields)[modulus]);
    if (!kind || !tested || !tried || !bits || !base || *base > UINT32_MAX || digits.empty()) {
        return std::nullopt;
    }
    ModuliLine line;
    line.bits = static_cast<unsigned>(*bits) + 1;
    line.generator = static_cast<unsigned>(*base);
    line.usable = *kind == type_safe && (*tested & tested_composite) == 0 && (*tested & ~tested_composite) != 0 &&
                  *tried != 0 && *base > 1 && bit_length_of_hex(digits) == line.bits;
    return line;
}

}  // namespace

Moduli parse_moduli(std::string_view bytes) {
    Moduli moduli;
    for (std::uint32_t number = 1; !bytes.empty(); ++number) {
        const auto end = std::min(bytes.find('\n'), bytes.size());
        auto text = bytes.substr(0, end);
        bytes.remove_prefix(std::min(end + 1, bytes.size()));
        text = text.substr(0, text.find('\0'));
        text.remove_prefix(std::min(text.find_first_not_of(" \t\r"), text.size()));
        if (text.empty() || text.starts_with('#')) {
            continue;
        }
        if (auto line = parse_line(text)) {
            line->line = number;
            moduli.lines.push_back(*line);
        } else {
            moduli.malformed.push_back(number);
        }
    }
    return moduli;
}

}  // namespace sshkeep::keyfmt
