#include "sshdconf/patterns.h"

#include <array>
#include <string>

#include "base/text.h"

namespace sshkeep::sshdconf {

bool match_pattern(std::string_view text, std::string_view pattern) noexcept {
    std::size_t t = 0;
    std::size_t p = 0;
    std::size_t star = std::string_view::npos;
    std::size_t star_text = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            star_text = t;
        } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
            ++p;
            ++t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++star_text;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*') {
        ++p;
    }
    return p == pattern.size();
}

ListMatch match_pattern_list(std::string_view text, std::string_view list, bool lower_pattern) {
    constexpr std::size_t longest = 1022;  // sshd's buffer; a longer piece ends the search without a match
    ListMatch found = ListMatch::none;
    std::size_t at = 0;
    while (at < list.size()) {
        const bool negated = list[at] == '!';
        at += negated ? 1 : 0;
        const std::size_t end = std::min(list.find(',', at), list.size());
        if (end - at > longest) {
            return ListMatch::none;
        }
        const std::string_view piece = list.substr(at, end - at);
        if (lower_pattern ? match_pattern(text, ascii_lower(piece)) : match_pattern(text, piece)) {
            if (negated) {
                return ListMatch::negated;
            }
            found = ListMatch::positive;
        }
        at = end + 1;
    }
    return found;
}

namespace {

/// One to four numbers, decimal, octal or hexadecimal, the last filling the remaining bytes: inet_aton(3).
std::optional<Address> parse_classic_v4(std::string_view text) {
    std::array<std::uint64_t, 4> parts{};
    const auto pieces = split(text, '.');
    if (pieces.size() > parts.size()) {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        std::string_view piece = pieces[i];
        int base = 10;
        if (piece.size() > 2 && piece[0] == '0' && (piece[1] == 'x' || piece[1] == 'X')) {
            base = 16;
            piece.remove_prefix(2);
        } else if (piece.size() > 1 && piece[0] == '0') {
            base = 8;
            piece.remove_prefix(1);
        }
        const auto number = parse_uint(piece, base);
        const bool last = i + 1 == pieces.size();
        const std::uint64_t most = last ? (std::uint64_t{1} << (8 * (5 - pieces.size()))) - 1 : 255;
        if (!number || *number > most) {
            return std::nullopt;
        }
        parts[i] = *number;
    }
    std::uint64_t value = parts[pieces.size() - 1];
    for (std::size_t i = 0; i + 1 < pieces.size(); ++i) {
        value |= parts[i] << (8 * (3 - i));
    }
    std::string dotted;
    for (int shift = 24; shift >= 0; shift -= 8) {
        dotted += std::to_string((value >> shift) & 255U);
        dotted += shift == 0 ? "" : ".";
    }
    return Address::parse(dotted);
}

enum class CidrForm : std::uint8_t { not_one, inconsistent, ok };

CidrForm parse_network(std::string_view text, Cidr& network, int version) {
    const std::size_t slash = text.find('/');
    const auto address = parse_numeric_address(text.substr(0, slash));
    if (text.size() > 63) {
        return CidrForm::not_one;
    }
    std::uint64_t prefix = 999;
    if (slash != std::string_view::npos) {
        const auto length = parse_uint(text.substr(slash + 1));
        if (!length || *length > (version < 908 ? 128U : 2147483647U)) {
            return CidrForm::not_one;
        }
        prefix = *length;
    }
    if (!address) {
        return CidrForm::not_one;
    }
    if (slash == std::string_view::npos) {
        prefix = address->bits();
    }
    if (prefix > address->bits()) {
        return CidrForm::inconsistent;
    }
    network = Cidr{*address, static_cast<unsigned>(prefix)};
    return network.strict() ? CidrForm::ok : CidrForm::inconsistent;
}

}  // namespace

std::optional<Address> parse_numeric_address(std::string_view text) {
    if (auto address = Address::parse(text)) {
        return address;
    }
    return text.find(':') == std::string_view::npos ? parse_classic_v4(text) : std::nullopt;
}

AddressMatch match_address_list(std::string_view address, std::string_view list, int version) {
    const auto candidate = parse_numeric_address(address);
    if (!address.empty() && !candidate) {
        return AddressMatch::none;
    }
    AddressMatch found = AddressMatch::none;
    for (std::string_view piece : split(list, ',')) {
        const bool negated = piece.starts_with('!');
        piece.remove_prefix(negated ? 1 : 0);
        if (piece.empty()) {
            return AddressMatch::invalid;
        }
        Cidr network;
        const CidrForm form = parse_network(piece, network, version);
        if (form == CidrForm::inconsistent) {
            return AddressMatch::invalid;
        }
        const bool hit =
            candidate && (form == CidrForm::ok ? network.contains(*candidate) : match_pattern(address, piece));
        if (hit && negated) {
            return AddressMatch::negated;
        }
        if (hit) {
            found = AddressMatch::positive;
        }
    }
    return found;
}

bool valid_user_pattern(std::string_view pattern, int version) {
    const std::size_t at = version < 1004 ? pattern.find('@') : pattern.rfind('@');
    return at == std::string_view::npos ||
           match_address_list({}, pattern.substr(at + 1), version) != AddressMatch::invalid;
}

}  // namespace sshkeep::sshdconf
