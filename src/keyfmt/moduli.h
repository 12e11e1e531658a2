#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sshkeep::keyfmt {

/// One line of /etc/ssh/moduli, without the number itself: moduli(5).
struct ModuliLine {
    std::uint32_t line = 0;   ///< from 1
    unsigned bits = 0;        ///< of the modulus: the file's size column plus one (2047 there is 2048 bits)
    unsigned generator = 0;
    bool usable = false;      ///< type safe (2), tested not composite, and the size column agrees with the number's length
};

struct Moduli {
    std::vector<ModuliLine> lines;
    std::vector<std::uint32_t> malformed;  ///< line numbers that sshd skips with a complaint
};

/// Reads a moduli file; the numbers' lengths are checked, not their primality.
[[nodiscard]] Moduli parse_moduli(std::string_view bytes);

}  // namespace sshkeep::keyfmt
