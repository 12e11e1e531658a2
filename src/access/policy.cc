#include "access/policy.h"

#include <algorithm>
#include <initializer_list>

#include "base/text.h"

namespace sshkeep::access {
namespace {

using sshdconf::Effective;

bool is_yes(const Effective& effective, std::string_view option) { return effective.value(option) == "yes"; }

/// The text of an option that may be "none".
std::string text_of(const Effective& effective, std::string_view option) {
    const auto value = trim(effective.value(option));
    return iequals(value, "none") ? std::string{} : std::string(value);
}

/// The "none" of a Match block does not undo what the first part sets: sshd forgets to look for the word there, and
/// takes it for the name of a file.
bool names_none(const Effective& effective, std::string_view option, const sshdconf::Config* config) {
    const auto* setting = effective.find(option);
    if (config == nullptr || setting == nullptr || setting->is_default() || !iequals(setting->value(), "none")) {
        return false;
    }
    const auto& origin = setting->origins.front();
    return std::ranges::any_of(config->directives, [&](const sshdconf::Config::Directive& directive) {
        return directive.block != 0 && directive.origin == origin;
    });
}

/// Words of all values; a value may hold several.
std::vector<std::string> words_of(const Effective& effective, std::string_view option) {
    std::vector<std::string> words;
    if (const auto* setting = effective.find(option)) {
        for (const auto& value : setting->values) {
            for (const auto word : split_words(value)) {
                words.emplace_back(word);
            }
        }
    }
    return words;
}

/// Each value whole: names in the four lists may hold blanks.
std::vector<std::string> values_of(const Effective& effective, std::string_view option) {
    const auto* setting = effective.find(option);
    return setting == nullptr ? std::vector<std::string>{} : setting->values;
}

std::int64_t number_of(const Effective& effective, std::string_view option, std::int64_t fallback) {
    return parse_int(effective.value(option)).value_or(fallback);
}

std::string doubt_of(const Effective& effective, std::initializer_list<std::string_view> options) {
    for (const auto option : options) {
        const auto* setting = effective.find(option);
        if (setting != nullptr && !setting->uncertain.empty()) {
            return std::string(option) + " " + setting->uncertain;
        }
    }
    return {};
}

RootLogin root_login_of(std::string_view value) {
    if (value == "yes") {
        return RootLogin::yes;
    }
    if (value == "no") {
        return RootLogin::no;
    }
    return value == "forced-commands-only" ? RootLogin::forced_commands_only : RootLogin::without_password;
}

std::vector<std::vector<std::string>> chains_of(const Effective& effective) {
    std::vector<std::vector<std::string>> chains;
    const auto words = words_of(effective, "authenticationmethods");
    if (words.size() == 1 && words.front() == "any") {
        return chains;
    }
    for (const auto& word : words) {
        auto& chain = chains.emplace_back();
        for (const auto method : split(word, ',')) {
            chain.emplace_back(method);
        }
    }
    return chains;
}

std::vector<std::string> restrictions_of(const Effective& effective) {
    std::vector<std::string> found;
    const bool no_forwarding = is_yes(effective, "disableforwarding");
    const auto add_if = [&](bool holds, const char* name) {
        if (holds) {
            found.emplace_back(name);
        }
    };
    add_if(no_forwarding || effective.value("allowagentforwarding") == "no", "no-agent-forwarding");
    add_if(no_forwarding || effective.value("allowtcpforwarding") == "no", "no-port-forwarding");
    add_if(effective.value("permittty") == "no", "no-pty");
    add_if(effective.value("permituserrc") == "no", "no-user-rc");
    add_if(no_forwarding || effective.value("x11forwarding") == "no", "no-x11-forwarding");
    return found;
}

}  // namespace

Policy::Policy(const Effective& effective, int version, const sshdconf::Config* config)
    : use_pam(is_yes(effective, "usepam")),
      use_dns(is_yes(effective, "usedns")),
      doubt_pam(doubt_of(effective, {"usepam", "pamservicename"})),
      deny_users(values_of(effective, "denyusers")),
      allow_users(values_of(effective, "allowusers")),
      deny_groups(values_of(effective, "denygroups")),
      allow_groups(values_of(effective, "allowgroups")),
      doubt_lists(doubt_of(effective, {"denyusers", "allowusers", "denygroups", "allowgroups"})),
      chroot(text_of(effective, "chrootdirectory")),
      doubt_chroot(doubt_of(effective, {"chrootdirectory"})),
      root(root_login_of(effective.value("permitrootlogin"))),
      doubt_root(doubt_of(effective, {"permitrootlogin"})),
      publickey(is_yes(effective, "pubkeyauthentication")),
      password(is_yes(effective, "passwordauthentication")),
      keyboard_interactive(is_yes(effective, "kbdinteractiveauthentication")),
      hostbased(is_yes(effective, "hostbasedauthentication")),
      gssapi(is_yes(effective, "gssapiauthentication")),
      kerberos(is_yes(effective, "kerberosauthentication")),
      empty_passwords(is_yes(effective, "permitemptypasswords")),
      chains(chains_of(effective)),
      doubt_methods(
          doubt_of(effective, {"pubkeyauthentication", "passwordauthentication", "kbdinteractiveauthentication",
                               "authenticationmethods", "maxauthtries", "permitemptypasswords"})),
      max_tries(number_of(effective, "maxauthtries", 6)),
      key_files(words_of(effective, "authorizedkeysfile")),
      strict_modes(effective.value("strictmodes") != "no"),
      keys_command(!text_of(effective, "authorizedkeyscommand").empty()),
      ca_keys(text_of(effective, "trustedusercakeys")),
      principals_file(text_of(effective, "authorizedprincipalsfile")),
      principals_none(names_none(effective, "authorizedprincipalsfile", config)),
      principals_command(!text_of(effective, "authorizedprincipalscommand").empty()),
      revoked_none(names_none(effective, "revokedkeys", config)),
      revoked_keys(version >= 1003 ? words_of(effective, "revokedkeys")
                                   : std::vector{text_of(effective, "revokedkeys")}),
      key_algorithms(effective.value("pubkeyacceptedalgorithms")),
      ca_algorithms(effective.value("casignaturealgorithms")),
      rsa_bits(std::max<std::int64_t>(number_of(effective, "requiredrsasize", 1024), 1024)),
      doubt_keys(doubt_of(effective, {"authorizedkeysfile", "strictmodes", "authorizedkeyscommand", "trustedusercakeys",
                                      "authorizedprincipalsfile", "authorizedprincipalscommand", "revokedkeys",
                                      "pubkeyacceptedalgorithms", "casignaturealgorithms", "requiredrsasize"})),
      forced_command(text_of(effective, "forcecommand")),
      restrictions(restrictions_of(effective)),
      max_sessions(number_of(effective, "maxsessions", 10)),
      subsystems(values_of(effective, "subsystem")),
      doubt_session(doubt_of(effective, {"forcecommand", "maxsessions", "permittty"})) {
    std::erase_if(key_files, [](const std::string& file) { return iequals(file, "none") || file == "(null)"; });
    std::erase_if(revoked_keys, [](const std::string& file) { return file.empty() || iequals(file, "none"); });
}

const Policy& Policies::of(const Effective& effective) {
    auto& policy = known_[&effective];
    if (!policy) {
        policy = std::make_unique<Policy>(effective, version_, config_);
    }
    return *policy;
}

}  // namespace sshkeep::access
