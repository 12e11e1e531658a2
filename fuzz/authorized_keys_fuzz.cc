#include <algorithm>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "keyfmt/authorized_keys.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto entries = sshkeep::keyfmt::parse_authorized_keys(bytes, 3600);
    CHECK(entries.size() <= static_cast<std::size_t>(std::ranges::count(bytes, '\n')) + 1);
    std::uint32_t last = 0;
    for (const auto& entry : entries) {
        CHECK(entry.line > last);
        last = entry.line;
        CHECK(entry.key.has_value() == entry.rejected.empty());
        CHECK(entry.options.principals.empty() || entry.options.cert_authority);
        CHECK(!entry.options.expiry_time || *entry.options.expiry_time > 0);
    }
    return 0;
}
