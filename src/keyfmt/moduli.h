#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sshkeep::keyfmt {

/// One line of /etc/ssh/moduli, without the number itself: moduli(5).
struct ModuliLine {
    std::uint32_t line = 0;  ///< from 1
    unsigned bits = 0;       ///< of the modulus: the file's size column plus one (2047 there is 2048 bits)
    unsigned generator = 0;
    /// sshd would use it: type safe (2), tested and not composite, generator above 1, and the size column agrees with
    /// the number's length.
    bool usable = false;
};

struct Moduli {
    std::vector<ModuliLine> lines;
    std::vector<std::uint32_t>
        malformed;  ///< numbers of lines that are not seven fields; sshd skips them with a complaint
};

/// Reads a moduli file; the numbers' lengths are checked, not their primality.
[[nodiscard]] Moduli parse_moduli(std::string_view bytes);

}  // namespace sshkeep::keyfmt
