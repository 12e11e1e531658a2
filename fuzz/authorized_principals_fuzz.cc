#include <algorithm>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "keyfmt/authorized_principals.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace sshkeep;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto lines = keyfmt::parse_authorized_principals(bytes);
    CHECK(lines.size() <= static_cast<std::size_t>(std::ranges::count(bytes, '\n')) + 1);
    CHECK(std::ranges::all_of(lines, [](const auto& line) { return !line.rejected.empty() || !line.name.empty(); }));
    return 0;
}
