#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sshkeep::facts {

/// What pam_faillock goes by: faillock.conf(5), or the arguments of its lines.
struct FaillockSettings {
    std::string dir = "/var/run/faillock";
    std::uint32_t deny = 3;
    std::uint32_t fail_interval = 900;  ///< seconds
    std::uint32_t unlock_time = 600;    ///< seconds; 0: an administrator has to do it
    std::uint32_t root_unlock_time = 600;
    bool root_unlock_time_set = false;
    bool even_deny_root = false;
    bool local_users_only = false;
    std::string admin_group;
};

/// When attempts failed, by account: seconds since the epoch, only records that still count.
using FaillockTallies = std::map<std::string, std::vector<std::int64_t>, std::less<>>;

struct Faillock {
    FaillockSettings settings;  ///< of /etc/security/faillock.conf
    FaillockTallies tallies;
    std::string unread;  ///< why tallies are not known; empty when they are
};

/// One setting, "deny=3" or "even_deny_root". Unknown ones change nothing.
void apply_faillock_setting(FaillockSettings& settings, std::string_view word);
[[nodiscard]] FaillockSettings parse_faillock_conf(std::string_view text);
/// A tally file of pam_faillock: records of 64 bytes. Invalid records are left out.
[[nodiscard]] std::vector<std::int64_t> parse_faillock_tally(std::string_view bytes);

}  // namespace sshkeep::facts
