#include "app/account_name.h"

#include <algorithm>

namespace sshkeep::app {

bool is_plain_account_name(std::string_view name) noexcept {
    constexpr std::size_t longest = 32;
    const auto plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
               c == '.';
    };
    return !name.empty() && name.size() <= longest && name[0] != '-' && std::ranges::all_of(name, plain);
}

}  // namespace sshkeep::app
