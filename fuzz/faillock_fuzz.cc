#include <algorithm>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "facts/faillock.h"

/// The bytes are read as a configuration and as a tally.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace sshkeep;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto settings = facts::parse_faillock_conf(bytes);
    CHECK(settings.dir.starts_with('/') && settings.unlock_time <= 604800);
    const auto times = facts::parse_faillock_tally(bytes);
    CHECK(times.size() <= size / 64 && std::ranges::all_of(times, [](auto time) { return time >= 0; }));
    return 0;
}
