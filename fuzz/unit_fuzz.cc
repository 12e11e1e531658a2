#include <algorithm>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "facts/unit.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace sshkeep;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    facts::Unit unit;
    facts::merge_unit_text(unit, bytes);
    const auto lines = static_cast<std::size_t>(std::ranges::count(bytes, '\n')) + 1;
    CHECK(unit.exec_start.size() + unit.listen_streams.size() <= lines);
    CHECK(std::ranges::none_of(unit.exec_start, &std::string::empty));
    facts::merge_unit_text(unit, "[Service]\nExecStart=\n[Socket]\nListenStream=\n");
    CHECK(unit.exec_start.empty() && unit.listen_streams.empty());
    return 0;
}
