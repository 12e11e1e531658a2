#include "facts/faillock.h"

#include <algorithm>

#include "base/text.h"

namespace sshkeep::facts {
namespace {

void set_seconds(std::uint32_t& number, std::string_view value, std::uint64_t most) {
    if (const auto parsed = parse_uint(value); parsed && *parsed <= most) {
        number = static_cast<std::uint32_t>(*parsed);
    }
}

}  // namespace

void apply_faillock_setting(FaillockSettings& settings, std::string_view word) {
    constexpr std::uint64_t week = 604800;
    const auto equals = word.find('=');
    const auto name = trim(word.substr(0, equals));
    const auto value = equals == std::string_view::npos ? std::string_view{} : trim(word.substr(equals + 1));
    const auto unlock = value == "never" ? std::string_view("0") : value;
    if (name == "dir" && value.starts_with('/')) {
        settings.dir = value;
    } else if (name == "deny") {
        set_seconds(settings.deny, value, UINT16_MAX);
    } else if (name == "fail_interval") {
        set_seconds(settings.fail_interval, value, week);
    } else if (name == "unlock_time") {
        set_seconds(settings.unlock_time, unlock, week);
        if (!settings.root_unlock_time_set) {
            settings.root_unlock_time = settings.unlock_time;
        }
    } else if (name == "root_unlock_time") {
        set_seconds(settings.root_unlock_time, unlock, week);
        settings.root_unlock_time_set = true;
    } else if (name == "even_deny_root") {
        settings.even_deny_root = true;
    } else if (name == "local_users_only") {
        settings.local_users_only = true;
    } else if (name == "admin_group") {
        settings.admin_group = value;
    }
}

FaillockSettings parse_faillock_conf(std::string_view text) {
    FaillockSettings settings;
    while (!text.empty()) {
        auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        line = trim(line.substr(0, line.find('#')));
        if (!line.empty()) {
            apply_faillock_setting(settings, line);
        }
    }
    return settings;
}

std::vector<std::int64_t> parse_faillock_tally(std::string_view bytes) {
    // struct tally: 52 bytes of source, 2 reserved, 2 of status, 8 of time in the machine's own order.
    constexpr std::size_t record_size = 64;
    constexpr std::size_t status_at = 54;
    constexpr std::size_t time_at = 56;
    constexpr std::size_t max_records = 4096;
    std::vector<std::int64_t> times;
    for (std::size_t at = 0; at + record_size <= bytes.size() && times.size() < max_records; at += record_size) {
        if ((static_cast<unsigned char>(bytes[at + status_at]) & 1U) == 0) {
            continue;
        }
        std::uint64_t time = 0;
        for (std::size_t i = record_size; i > time_at; --i) {
            time = time << 8U | static_cast<unsigned char>(bytes[at + i - 1]);
        }
        times.push_back(static_cast<std::int64_t>(std::min<std::uint64_t>(time, INT64_MAX / 2)));
    }
    return times;
}

}  // namespace sshkeep::facts
