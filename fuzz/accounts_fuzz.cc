#include <algorithm>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "facts/accounts.h"
#include "facts/assignments.h"
#include "facts/package.h"

/// The small databases of a host: passwd, shadow, os-release, package status, program bytes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace sshkeep;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto lines = static_cast<std::size_t>(std::ranges::count(bytes, '\n')) + 1;
    const auto passwd = facts::parse_passwd(bytes);
    CHECK(passwd.size() <= lines);
    CHECK(std::ranges::all_of(passwd, [&](const auto& entry) {
        return !entry.first.empty() && entry.second.line >= 1 && entry.second.line <= lines;
    }));
    for (const auto& [name, shadow] : facts::parse_shadow(bytes)) {
        CHECK(!name.empty() && shadow.expires >= -1 && shadow.changed >= -1 && shadow.max_days >= -1);
        const auto state = facts::password_state_of(shadow.password);
        CHECK(state != facts::PasswordState::hashed || !facts::hash_scheme_of(shadow.password).empty());
    }
    CHECK(facts::parse_os_release(bytes).id.size() <= size);
    if (const auto version = facts::find_dpkg_version(bytes, "openssh-server")) {
        CHECK(version->size() <= size);
    }
    if (const auto marker = facts::find_version_marker(bytes)) {
        CHECK(marker->version.portable > 0);
    }
    return 0;
}
