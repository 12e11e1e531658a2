#include "model/version.h"

#include <algorithm>

#include "base/text.h"

namespace sshkeep {
namespace {

/// Takes the digits at the front of `text`.
std::optional<int> take_number(std::string_view& text) {
    const auto end = std::min(text.find_first_not_of("0123456789"), text.size());
    const auto number = end <= 4 ? parse_int(text.substr(0, end)) : std::nullopt;
    if (!number) {
        return std::nullopt;
    }
    text.remove_prefix(end);
    return static_cast<int>(*number);
}

}  // namespace

std::optional<OpensshVersion> parse_openssh_version(std::string_view text) {
    constexpr std::string_view prefix = "OpenSSH_";
    if (text.starts_with(prefix)) {
        text.remove_prefix(prefix.size());
    }
    OpensshVersion version;
    const auto major = take_number(text);
    if (!major || !text.starts_with('.')) {
        return std::nullopt;
    }
    text.remove_prefix(1);
    const auto minor = take_number(text);
    if (!minor) {
        return std::nullopt;
    }
    version.major = *major;
    version.minor = *minor;
    if (text.starts_with('p')) {
        text.remove_prefix(1);
        version.portable = take_number(text).value_or(0);
    }
    return version;
}

std::string render_openssh_version(const OpensshVersion& version) {
    auto text = std::to_string(version.major) + '.' + std::to_string(version.minor);
    return version.portable == 0 ? text : text + 'p' + std::to_string(version.portable);
}

}  // namespace sshkeep
