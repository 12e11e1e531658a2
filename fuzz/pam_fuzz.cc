#include <algorithm>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "facts/pam.h"

/// The text is a PAM service that may include itself and a second one, which is its own second half.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace sshkeep;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto newlines = static_cast<std::size_t>(std::ranges::count(bytes, '\n'));
    const auto entries = facts::parse_pam(bytes, "sshd");
    CHECK(entries.size() <= newlines + 1);
    CHECK(std::ranges::all_of(entries, [](const auto& entry) {
        return !entry.line.type.empty() && (!entry.line.module.empty() || entry.line.path.ends_with('/'));
    }));
    const auto stack = facts::expand_pam("sshd", [&](const std::string& name) -> Result<facts::PamFile> {
        if (name == "sshd") {
            return facts::PamFile{name, std::string(bytes)};
        }
        if (name == "half") {
            return facts::PamFile{name, std::string(bytes.substr(size / 2))};
        }
        return fail(ErrorCode::not_found, "no such service");
    });
    CHECK(!stack || stack->lines.size() <= 4096);
    return 0;
}
