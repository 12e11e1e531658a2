#include <algorithm>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "keyfmt/moduli.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto moduli = sshkeep::keyfmt::parse_moduli(bytes);
    const auto lines = static_cast<std::size_t>(std::ranges::count(bytes, '\n')) + 1;
    CHECK(moduli.lines.size() + moduli.malformed.size() <= lines);
    CHECK(std::ranges::all_of(moduli.lines, [](const auto& line) { return line.bits >= 2 && line.bits <= 65537; }));
    CHECK(std::ranges::all_of(moduli.lines, [](const auto& line) { return !line.usable || line.generator > 1; }));
    return 0;
}
