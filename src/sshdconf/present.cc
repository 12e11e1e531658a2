#include "sshdconf/present.h"

#include <algorithm>

#include "base/text.h"
#include "sshdconf/algorithms.h"
#include "sshdconf/per_source_penalties.h"
#include "sshdconf/version_number.h"

namespace sshkeep::sshdconf {

namespace {

using Lines = std::vector<std::string>;

/// An option after both passes.
struct Merged {
    Option option;
    Slot slot;             ///< values as stored; empty when nothing was set
    bool from_connection;  ///< the pass for the connection set it
    const Build& build;
    int version;
};

bool copied_from_match(Option option, int version) {
    switch (option) {
        case Option::set_env:
            return version >= 805;
        case Option::permit_open:
            return version >= 706;
        case Option::pam_service_name:
            return version <= 1003 || version >= 1006;
        default:
            return true;
    }
}

/// Whether what the second pass has read of an option takes the place of what the first has. After "Match all" a line
/// may set an option of the whole server; of those it is dropped, but for the patterns of PermitUserEnvironment, which
/// 7.8 to 10.3 copied although they did not copy its yes and no.
bool replaces(Option option, const Slot& later, const Build& build) {
    const int version = version_number(build);
    if (option == Option::permit_user_environment) {
        return version >= 708 && version <= 1003 && later.set() && later.values.front() != "yes" &&
               later.values.front() != "no";
    }
    return copied_from_match(option, version) && allowed_in_match(option, build);
}

Merged merge(Option option, const Slots& start, const Slots& connection, const Build& build) {
    const int version = version_number(build);
    Merged merged{option, start[option], false, build, version};
    const Slot& later = connection[option];
    if (!replaces(option, later, build)) {
        return merged;
    }
    if (later.set()) {
        Slot before = std::exchange(merged.slot, later);
        merged.from_connection = true;
        if (option == Option::rekey_limit && later.values[1].empty() && before.set()) {
            merged.slot.values[1] = before.values[1];
            merged.slot.origins.insert(merged.slot.origins.begin(), before.origins.begin(), before.origins.end());
        }
    } else if (!later.uncertain.empty()) {
        merged.slot.uncertain = later.uncertain;
    }
    return merged;
}

Lines values_or_default(const Merged& merged) {
    return merged.slot.set() ? merged.slot.values : default_values(merged.option, merged.build);
}

/// Options that hold nothing when set to "none" before the first Match; sshd then says "none" whatever the case.
bool cleared_by_none(Option option) {
    switch (option) {
        case Option::authorized_principals_file:
        case Option::banner:
        case Option::chroot_directory:
        case Option::force_command:
        case Option::host_key_agent:
        case Option::per_source_penalty_exempt_list:
        case Option::pid_file:
        case Option::rdomain:
        case Option::revoked_keys:
        case Option::security_key_provider:
        case Option::trusted_user_ca_keys:
        case Option::xauth_location:
            return true;
        default:
            return false;
    }
}

Lines text_lines(const Merged& merged) {
    Lines values = values_or_default(merged);
    const bool always =
        merged.option == Option::force_command || merged.option == Option::chroot_directory || merged.version >= 1006;
    const bool clears = cleared_by_none(merged.option) && (always || !merged.from_connection);
    const bool none = values.empty() || (clears && iequals(values.front(), "none"));
    if (!none) {
        return values;
    }
    return merged.version == 704 ? Lines{} : Lines{"none"};
}

Lines one_line(const Lines& words) { return words.empty() ? Lines{} : Lines{join(words, " ")}; }

/// A list on one line that a lone `nothing` before the first Match clears.
Lines list_line(const Merged& merged, std::string_view nothing, bool printed_when_empty) {
    Lines words = values_or_default(merged);
    const bool cleared = !merged.from_connection && words.size() == 1 && iequals(words.front(), nothing);
    if (words.empty() || cleared) {
        return printed_when_empty ? Lines{std::string(nothing)} : Lines{};
    }
    return one_line(words);
}

std::optional<AlgorithmList> algorithm_list_of(Option option) {
    switch (option) {
        case Option::ciphers:
            return AlgorithmList::ciphers;
        case Option::macs:
            return AlgorithmList::macs;
        case Option::kex_algorithms:
            return AlgorithmList::kex;
        case Option::ca_signature_algorithms:
            return AlgorithmList::plain_keys;
        case Option::hostbased_accepted_algorithms:
        case Option::host_key_algorithms:
        case Option::pubkey_accepted_algorithms:
            return AlgorithmList::keys;
        default:
            return std::nullopt;
    }
}

Lines algorithm_lines(const Merged& merged, AlgorithmList list) {
    if (!merged.slot.set()) {
        return {default_algorithms(list, merged.build)};
    }
    std::string names = assemble_algorithms(list, merged.slot.values.front(), merged.build).value_or("");
    // A list that lost everything counts as unset when it is assembled again for the connection.
    return {names.empty() && !merged.from_connection ? default_algorithms(list, merged.build) : std::move(names)};
}

/// Each part that is unset has its default.
Lines with_default_parts(const Merged& merged) {
    Lines parts = merged.slot.values;
    const Lines defaults = default_values(merged.option, merged.build);
    parts.resize(defaults.size());
    for (std::size_t i = 0; i < parts.size(); ++i) {
        parts[i] = parts[i].empty() ? defaults[i] : parts[i];
    }
    return parts;
}

Lines subsystem_lines(const Merged& merged) {
    Lines lines;
    for (const std::string& element : merged.slot.values) {
        const auto parts = parts_of(element);
        lines.push_back(parts[0] + " " + parts[1]);
    }
    return lines;
}

Lines key_file_lines(const Merged& merged) {
    Lines files = values_or_default(merged);
    std::ranges::replace(files, std::string("none"), std::string("(null)"));  // what printf makes of no name
    return files;
}

Lines pubkey_option_lines(const Merged& merged) {
    if (merged.slot.set()) {
        return merged.slot.values;
    }
    return {merged.version >= 1006 ? "none max-pk-ok:6" : "none"};
}

Lines lines_of(const Merged& merged) {
    if (const auto list = algorithm_list_of(merged.option)) {
        return algorithm_lines(merged, *list);
    }
    switch (merged.option) {
        case Option::authentication_methods:
            return list_line(merged, "any", true);
        case Option::channel_timeout:
            return list_line(merged, "none", merged.version >= 903);
        case Option::authorized_keys_file:
            return merged.version >= 1003 ? list_line(merged, "none", false) : one_line(values_or_default(merged));
        case Option::revoked_keys:
            return merged.version >= 1003 ? list_line(merged, "none", false) : text_lines(merged);
        case Option::log_verbose:
            return one_line(merged.slot.values);
        case Option::permit_listen:
        case Option::permit_open:
            return list_line(merged, "any", true);
        case Option::ip_qos:
            return one_line(values_or_default(merged));
        case Option::rekey_limit:
            return one_line(with_default_parts(merged));
        case Option::max_startups:
        case Option::per_source_net_block_size:
            return {join(with_default_parts(merged), ":")};
        case Option::per_source_penalties:
            return {render_penalties(merged.slot.values, merged.version)};
        case Option::subsystem:
            return subsystem_lines(merged);
        case Option::host_certificate:
        case Option::host_key:
            return key_file_lines(merged);
        case Option::pubkey_auth_options:
            return pubkey_option_lines(merged);
        case Option::accept_env:
        case Option::allow_groups:
        case Option::allow_users:
        case Option::deny_groups:
        case Option::deny_users:
        case Option::set_env:
            return merged.slot.values;
        case Option::port:
            return values_or_default(merged);
        default:
            return text_lines(merged);
    }
}

Setting present_setting(Option option, const Slots& start, const Slots& connection, const Build& build) {
    Merged merged = merge(option, start, connection, build);
    Setting setting;
    setting.name = name_of(option);
    setting.uncertain = merged.slot.uncertain;
    if (option == Option::listen_address) {
        auto addresses = listen_addresses(start, build);
        setting.values = std::move(addresses.lines);
        if (!addresses.unresolved.empty() && setting.uncertain.empty()) {
            setting.uncertain = "depends on the addresses of the name " + addresses.unresolved;
        }
    } else {
        setting.values = lines_of(merged);
    }
    setting.origins = std::move(merged.slot.origins);
    return setting;
}

}  // namespace

void let_challenge_response_decide(Slots& start, const Build& build) {
    const Slot& challenge = start[Option::challenge_response_authentication];
    if (version_number(build) < 807 && (!challenge.set() || challenge.values.front() == "yes")) {
        Slot& interactive = start[Option::kbd_interactive_authentication];
        interactive.values = {"yes"};
        interactive.origins = challenge.origins;
        interactive.uncertain = challenge.uncertain;
    }
}

std::vector<Setting> present_settings(const Slots& start, const Build& build) {
    const Slots untouched;
    std::vector<Setting> settings;
    for (const Option option : print_order(build)) {
        settings.push_back(present_setting(option, start, untouched, build));
    }
    return settings;
}

std::vector<Setting> present_touched(const Slots& start, const Slots& connection, const Build& build) {
    const auto is_touched = [&](Option option) {
        return connection[option].set() || !connection[option].uncertain.empty();
    };
    std::vector<Setting> settings;
    for (const Option option : print_order(build)) {
        if (is_touched(option)) {
            settings.push_back(present_setting(option, start, connection, build));
        }
    }
    return settings;
}

}  // namespace sshkeep::sshdconf
