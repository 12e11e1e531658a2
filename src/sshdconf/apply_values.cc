// Options of one value, and lists that grow with every line.
#include <algorithm>

#include "base/text.h"
#include "sshdconf/algorithms.h"
#include "sshdconf/patterns.h"
#include "sshdconf/task.h"
#include "sshdconf/values.h"
#include "sshdconf/version_number.h"

namespace sshkeep::sshdconf {

namespace {

/// Relative paths hang below the directory that sshd is started in: `/` for a daemon.
std::string absolute_path(const std::string& path) {
    if (iequals(path, "none")) {
        return "none";
    }
    std::string expanded = expand_tilde(path);
    return expanded.starts_with('/') || expanded.starts_with('~') ? expanded : "//" + expanded;
}

std::string left_trimmed(std::string_view text) {
    return std::string(text.substr(std::min(text.find_first_not_of(" \t\r\n"), text.size())));
}

AlgorithmList list_of(Option option) {
    switch (option) {
        case Option::ciphers:
            return AlgorithmList::ciphers;
        case Option::macs:
            return AlgorithmList::macs;
        case Option::kex_algorithms:
            return AlgorithmList::kex;
        case Option::ca_signature_algorithms:
            return AlgorithmList::plain_keys;
        default:
            return AlgorithmList::keys;
    }
}

}  // namespace

Refusal apply_choice(Task& task) {
    const auto* const word = task.arguments.needed();
    if (word == nullptr) {
        return missing(task);
    }
    const bool exact = task.option == Option::permit_tunnel;
    const auto choices = choices_of(task.option, task.build);
    const auto same = [&](const Choice& choice) { return exact ? choice.word == *word : iequals(choice.word, *word); };
    const auto chosen = std::ranges::find_if(choices, same);
    if (chosen == choices.end()) {
        return bad(task, *word);
    }
    const auto printed = std::ranges::find(choices, chosen->number, &Choice::number);
    const bool takes_last = task.option == Option::fingerprint_hash;
    const bool even_inactive = task.option == Option::syslog_facility;
    if ((task.active || even_inactive) && (takes_last || !task.slot().set())) {
        task.store({std::string(printed->word)});
    }
    return std::nullopt;
}

Refusal apply_integer(Task& task) {
    const auto* const word = task.arguments.next();
    if (word == nullptr || word->empty()) {
        return missing(task);
    }
    const auto number = parse_bounded(*word, task.version < 707 ? -int_max : 0, int_max);
    if (!number) {
        return bad(task, *word);
    }
    task.store_first(std::to_string(*number));
    return std::nullopt;
}

Refusal apply_time(Task& task) {
    if (task.option == Option::unused_connection_timeout) {
        if (const auto* const word = task.arguments.peek(); word != nullptr && iequals(*word, "none")) {
            (void)task.arguments.next();
            if (task.active) {
                task.store({"none"});
            }
            return std::nullopt;
        }
    }
    const auto* const word = task.arguments.needed();
    if (word == nullptr) {
        return missing(task);
    }
    const auto seconds = parse_time(*word, task.version);
    const double least = task.version < 805 ? -static_cast<double>(int_max) - 1 : 0;  // it wrapped around
    if (!seconds || *seconds < least || *seconds == -1 || *seconds > static_cast<double>(int_max)) {
        return bad(task, *word);
    }
    const auto whole = static_cast<std::int64_t>(*seconds);
    const bool none = task.option == Option::unused_connection_timeout && whole == 0;
    task.store_first(none ? "none" : std::to_string(whole));
    return std::nullopt;
}

Refusal apply_path(Task& task) {
    const auto* const word = task.arguments.needed();
    if (word == nullptr) {
        return missing(task);
    }
    const bool special = (task.option == Option::security_key_provider && iequals(*word, "internal")) ||
                         (task.option == Option::host_key_agent && *word == "SSH_AUTH_SOCK");
    task.store_first(special ? *word : absolute_path(*word));
    return std::nullopt;
}

Refusal apply_path_list(Task& task) {
    const auto* const word = task.arguments.needed();
    if (word == nullptr) {
        return missing(task);
    }
    if (task.active) {
        task.append(absolute_path(*word));
    }
    return std::nullopt;
}

Refusal apply_text(Task& task) {
    const auto* const word = task.arguments.needed();
    if (word == nullptr) {
        return missing(task);
    }
    if (task.option == Option::per_source_penalty_exempt_list &&
        match_address_list({}, *word, task.version) == AddressMatch::invalid) {
        return bad(task, *word);
    }
    constexpr std::string_view home_prefix = "user:";
    if (task.option == Option::agent_socket_path && *word != "none" &&
        (!word->starts_with(home_prefix) || word->size() == home_prefix.size())) {
        return bad(task, *word);
    }
    task.store_first(task.option == Option::authorized_principals_file ? expand_tilde(*word) : *word);
    return std::nullopt;
}

Refusal apply_rdomain(Task& task) {
    if (task.version >= 803) {
        return task.line.keyword + ": not supported on this platform";
    }
    const auto* const word = task.arguments.needed();
    if (word == nullptr) {
        return missing(task);
    }
    task.store_first(*word);
    return std::nullopt;
}

Refusal apply_rest_of_line(Task& task) {
    if (task.line.rest.empty()) {
        return missing(task);
    }
    const std::string text = left_trimmed(task.line.rest);
    if (task.option == Option::version_addendum && text.find('\r') != std::string::npos) {
        return bad(task, text);
    }
    const bool none = task.option == Option::version_addendum && iequals(text, "none");
    task.store_first(none ? "none" : text);
    task.arguments.consume_all();
    return std::nullopt;
}

Refusal apply_command(Task& task) {
    const std::string text = left_trimmed(task.line.rest);
    task.arguments.consume_all();
    const Slot& keys_command = task.slots[Option::authorized_keys_command];
    // From 8.7 to 9.3 AuthorizedPrincipalsCommand looked at the other command to tell whether it was set.
    const bool mixed_up = task.version >= 807 && task.version < 904;
    const bool unset = mixed_up ? !keys_command.set() : !task.slot().set();
    const bool checked = task.version >= 807 || (task.active && unset);
    if (checked && !text.starts_with('/') && !iequals(text, "none")) {
        return task.line.keyword + ": must be an absolute path";
    }
    if (task.active && unset) {
        task.store({text});
    }
    return std::nullopt;
}

Refusal apply_algorithms(Task& task) {
    const auto* const word = task.arguments.needed();
    if (word == nullptr) {
        return missing(task);
    }
    const AlgorithmList list = list_of(task.option);
    // A list of which nothing is left is refused when it takes effect, not when it is only checked.
    const bool takes_effect = task.active && !task.slot().set();
    if (!valid_algorithms(list, *word, task.build) || (takes_effect && !assemble_algorithms(list, *word, task.build))) {
        return bad(task, *word);
    }
    task.store_first(*word);
    return std::nullopt;
}

/// Lists that grow with every line.
Refusal apply_growing_list(Task& task) {
    const bool users = task.option == Option::allow_users || task.option == Option::deny_users;
    bool any = false;
    while (const auto* const word = task.arguments.next_of_list()) {
        const bool empty_refused = word->empty();
        const bool malformed = (users && !valid_user_pattern(*word, task.version)) ||
                               (task.option == Option::accept_env && word->find('=') != std::string::npos);
        if (empty_refused || malformed) {
            return bad(task, *word);
        }
        any = true;
        if (task.active) {
            task.append(*word);
        }
    }
    return !any && task.version >= 907 ? missing(task) : std::nullopt;
}

Refusal apply_pubkey_auth_options(Task& task) {
    constexpr std::string_view counter = "max-pk-ok:";  // since 10.6
    constexpr std::int64_t most_queries = 255;
    bool touch = false;
    bool verify = false;
    std::string queries;
    while (const auto* const word = task.arguments.next_of_list()) {
        if (iequals(*word, "touch-required")) {
            touch = true;
        } else if (task.version >= 804 && iequals(*word, "verify-required")) {
            verify = true;
        } else if (task.version >= 1006 && iequals(word->substr(0, counter.size()), counter)) {
            const auto number = parse_bounded(std::string_view(*word).substr(counter.size()), 0, most_queries);
            if (!number) {
                return bad(task, *word);
            }
            queries = " " + std::string(counter) + std::to_string(*number);
        } else if (!iequals(*word, "none")) {
            return bad(task, *word);
        }
    }
    std::string text = touch ? "touch-required" : "";
    text += verify ? (touch ? " verify-required" : "verify-required") : "";
    task.store_first((text.empty() ? "none" : text) + queries);
    return std::nullopt;
}

Refusal apply_permit_user_environment(Task& task) {
    const auto* const word = task.arguments.needed();
    if (word == nullptr) {
        return missing(task);
    }
    if (task.version < 708 && *word != "yes" && *word != "no") {
        return bad(task, *word);
    }
    task.store_first(*word);
    return std::nullopt;
}

Refusal apply_bind_mask(Task& task) {
    const auto* const word = task.arguments.needed();
    if (word == nullptr) {
        return missing(task);
    }
    const std::size_t digits = std::min(word->find_first_not_of("01234567"), word->size());
    const auto mask = parse_uint(std::string_view(*word).substr(0, digits), 8);
    if (!mask || *mask > 0777) {
        return bad(task, *word);
    }
    if (task.active) {
        std::string octal;
        for (std::uint64_t left = *mask; left != 0; left /= 8) {
            octal.insert(octal.begin(), static_cast<char>('0' + left % 8));
        }
        octal = "0" + (octal.empty() ? "0" : octal);
        if (task.version < 1006) {
            task.store({octal});
        } else {
            task.store_first(octal);
        }
    }
    return std::nullopt;
}

/// `~` and `~/` are root's home, for sshd reads its configuration as root.
std::string expand_tilde(const std::string& path) {
    for (const std::string_view home : {"~root", "~"}) {
        const bool whole = path == home;
        if (whole || (path.starts_with(home) && path[home.size()] == '/')) {
            const std::size_t rest = path.find_first_not_of('/', home.size());
            return "/root/" + (whole || rest == std::string::npos ? std::string{} : path.substr(rest));
        }
    }
    return path;
}

}  // namespace sshkeep::sshdconf
