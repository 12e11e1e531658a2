#include <algorithm>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "facts/sudoers.h"

/// A file that may include its own second half.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace sshkeep;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    facts::Sudoers sudoers;
    bool included = false;
    facts::parse_sudoers(sudoers, bytes, "f", [&](const facts::SudoersInclude&) {
        if (!included) {
            included = true;
            facts::parse_sudoers(sudoers, bytes.substr(size / 2), "g", [](const facts::SudoersInclude&) {});
        }
    });
    CHECK(std::ranges::all_of(sudoers.rules, [](const auto& rule) {
        return !rule.users.empty() && !rule.hosts.empty() && !rule.commands.empty() && rule.line > 0;
    }));
    return 0;
}
