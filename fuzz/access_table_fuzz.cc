#include <algorithm>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "facts/access_table.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace sshkeep;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto table = facts::parse_access_table(bytes);
    const auto lines = static_cast<std::size_t>(std::ranges::count(bytes, '\n')) + 1;
    CHECK(table.rules.size() + table.refused.size() <= lines);
    CHECK(std::ranges::all_of(table.rules,
                              [](const auto& rule) { return !rule.users.empty() && !rule.origins.empty(); }));
    return 0;
}
