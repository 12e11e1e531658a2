#include <algorithm>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "facts/tcp_wrappers.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace sshkeep;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto rules = facts::parse_wrapper_rules(bytes);
    CHECK(rules.size() <= static_cast<std::size_t>(std::ranges::count(bytes, '\n')) + 1);
    CHECK(std::ranges::is_sorted(rules, {}, &facts::WrapperRule::line));
    return 0;
}
