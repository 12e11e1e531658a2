// Options of several parts.
#include <array>
#include <cmath>

#include "base/text.h"
#include "sshdconf/patterns.h"
#include "sshdconf/per_source_penalties.h"
#include "sshdconf/task.h"
#include "sshdconf/tokenizer.h"
#include "sshdconf/values.h"

namespace sshkeep::sshdconf {

namespace {

constexpr std::size_t max_ports = 256;
constexpr std::size_t max_subsystems = 256;    // until 9.4
constexpr std::size_t most_subsystems = 4096;  // a bound of our own

/// The numbers of a sscanf("%d:%d:%d"): how many could be read, what follows the last is not looked at.
std::vector<int> scan_numbers(std::string_view text, std::size_t most) {
    std::vector<int> numbers;
    while (numbers.size() < most) {
        text.remove_prefix(std::min(text.find_first_not_of(" \t\n\v\f\r"), text.size()));
        const bool negative = text.starts_with('-');
        text.remove_prefix(negative || text.starts_with('+') ? 1 : 0);
        const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
        const auto number = parse_int(text.substr(0, std::min<std::size_t>(digits, 18)));
        if (!number) {
            break;
        }
        numbers.push_back(static_cast<std::int32_t>(negative ? -*number : *number));
        text.remove_prefix(digits);
        if (!text.starts_with(':')) {
            break;
        }
        text.remove_prefix(1);
    }
    return numbers;
}

std::string without_brackets(const std::string& host) {
    return host.size() >= 2 && host.front() == '[' && host.back() == ']' ? host.substr(1, host.size() - 2) : host;
}

std::string joined_parts(const std::string& a, const std::string& b, const std::string& c) {
    return a + part_separator + b + part_separator + c;
}

/// The line behind its first argument, quotes and all: what sshd before 8.7 compared with "none".
std::string unread_after_first(const Line& line) {
    WordSplitter splitter(line.rest);
    (void)splitter.next();
    return splitter.rest().value_or("");
}

}  // namespace

Refusal apply_port(Task& task) {
    const auto* const word = task.arguments.needed();
    if (word == nullptr) {
        return missing(task);
    }
    const auto port = parse_port(*word, task.version);
    if (!port || *port == 0) {
        return bad(task, *word);
    }
    if (task.slot().values.size() >= max_ports) {
        return task.line.keyword + ": too many ports";
    }
    task.append(std::to_string(*port));
    return std::nullopt;
}

Refusal apply_listen_address(Task& task) {
    const auto* word = task.arguments.needed();
    if (word == nullptr) {
        return missing(task);
    }
    std::string host = *word;
    std::string port;
    const std::size_t colon = word->find(':');
    const bool bare_v6 = word->find('[') == std::string::npos && colon != std::string::npos &&
                         word->find(':', colon + 1) != std::string::npos;
    if (!bare_v6) {
        const auto parts = parse_host_port(*word, task.version);
        if (!parts) {
            return bad(task, *word);
        }
        host = without_brackets(parts->host);
        if (parts->port) {
            const auto number = parse_port(*parts->port, task.version);
            if (!number || *number == 0) {
                return bad(task, *word);
            }
            port = std::to_string(*number);
        }
    }
    std::string rdomain;
    if (const auto* const more = task.version >= 707 ? task.arguments.next() : nullptr; more != nullptr) {
        const auto* const domain = task.arguments.next();
        if (*more != "rdomain" || domain == nullptr) {
            return bad(task, *more);
        }
        rdomain = *domain;
    }
    task.append(joined_parts(host, port, rdomain));
    return std::nullopt;
}

Refusal apply_rekey_limit(Task& task) {
    const auto* word = task.arguments.needed();
    if (word == nullptr) {
        return missing(task);
    }
    std::int64_t limit = 0;
    if (*word != "default") {
        const auto parsed = parse_scaled(*word);
        if (!parsed || (*parsed != 0 && *parsed < 16)) {
            return bad(task, *word);
        }
        limit = *parsed;
    }
    std::string interval;
    if (const auto* const second = task.arguments.next(); second != nullptr) {
        const bool none = task.version < 807 ? unread_after_first(task.line) == "none" : *second == "none";
        const auto seconds = none ? std::nullopt : parse_time(*second, task.version);
        if (!none && (!seconds || *seconds < 0 || *seconds > static_cast<double>(int_max))) {
            return bad(task, *second);
        }
        interval = none ? "" : std::to_string(static_cast<std::int64_t>(*seconds));
    }
    if (!task.active) {
        return std::nullopt;
    }
    Slot& slot = task.slot();
    if (!slot.set()) {
        task.store({std::to_string(limit), interval});
    } else if (slot.values[1].empty() && !interval.empty()) {  // each part is set by the first line that has it
        slot.values[1] = interval;
        task.add_origin();
    }
    return std::nullopt;
}

Refusal apply_max_startups(Task& task) {
    const auto* const word = task.arguments.needed();
    if (word == nullptr) {
        return missing(task);
    }
    const auto numbers = scan_numbers(*word, 3);
    const bool three = numbers.size() == 3;
    if (!three && numbers.size() != 1) {
        return bad(task, *word);
    }
    const int begin = numbers.front();
    const int full = numbers.back();
    const bool wrong_rate = three && (begin > full || numbers[1] > 100 || numbers[1] < 1);
    if (wrong_rate || (task.version >= 902 && (begin <= 0 || full <= 0))) {
        return bad(task, *word);
    }
    // Until 10.0 the last line counts, part by part and even when only checked.
    const bool last_wins = task.version < 1001;
    if (!last_wins && (!task.active || task.slot().set())) {
        return std::nullopt;
    }
    std::string kept_rate = last_wins && task.slot().set() ? task.slot().values[1] : "";
    const bool begin_lost = !three && (task.version == 1001 || task.version == 1002);
    task.store({begin_lost ? "" : std::to_string(begin), three ? std::to_string(numbers[1]) : std::move(kept_rate),
                std::to_string(full)});
    return std::nullopt;
}

Refusal apply_per_source_max_startups(Task& task) {
    const auto* const word = task.arguments.needed();
    if (word == nullptr) {
        return missing(task);
    }
    std::string text = "none";
    if (*word != "none") {
        const auto number = parse_bounded(*word, 0, int_max);
        if (!number) {
            return bad(task, *word);
        }
        text = *number == int_max ? "none" : std::to_string(*number);
    }
    if (task.active && (task.version < 905 || !task.slot().set())) {
        task.store({std::move(text)});
    }
    return std::nullopt;
}

Refusal apply_per_source_net_block_size(Task& task) {
    const auto* const word = task.arguments.needed();
    if (word == nullptr) {
        return missing(task);
    }
    const auto numbers = scan_numbers(*word, 2);
    if (numbers.empty() || numbers[0] < 0 || numbers[0] > 32 ||
        (numbers.size() == 2 && (numbers[1] < 0 || numbers[1] > 128))) {
        return bad(task, *word);
    }
    if (!task.active || (task.version >= 1001 && task.slot().set())) {
        return std::nullopt;
    }
    task.store({std::to_string(numbers[0]), numbers.size() == 2 ? std::to_string(numbers[1]) : ""});
    if (numbers.size() == 1 && task.version < 1003) {
        task.slot().uncertain = "this release leaves the IPv6 part undefined when only one number is given";
    }
    return std::nullopt;
}

Refusal apply_per_source_penalties(Task& task) {
    bool any = false;
    while (const auto* const word = task.arguments.next_of_list()) {
        any = true;
        const bool yes = iequals(*word, "yes");
        std::optional<PenaltySetting> setting;
        if (yes || iequals(*word, "no")) {
            if (task.arguments.left() > 0) {
                return task.line.keyword + ": " + *word + " must stand alone";
            }
            setting = PenaltySetting{penalty_enabled, yes ? "yes" : "no"};
        } else {
            setting = parse_penalty(*word, task.version);
        }
        if (!setting) {
            return bad(task, *word);
        }
        if (!task.active) {
            continue;
        }
        Slot& slot = task.slot();
        slot.values.resize(penalty_parts);
        if (slot.values[setting->part].empty()) {
            slot.values[setting->part] = setting->value;
            if (setting->part != penalty_enabled) {
                slot.values[penalty_enabled] = "yes";  // any setting switches penalties on
            }
            task.add_origin();
        }
    }
    return any ? std::nullopt : missing(task);
}

Refusal apply_ip_qos(Task& task) {
    const auto* const word = task.version >= 807 ? task.arguments.needed() : task.arguments.next();
    if (word == nullptr) {
        return missing(task);
    }
    const bool tos_void = tos_words_are_void(task.build);
    const auto interactive = parse_ip_qos(*word, task.version, tos_void);
    const auto* const second = task.arguments.next();
    const auto bulk = second == nullptr ? interactive : parse_ip_qos(*second, task.version, tos_void);
    if (!interactive || !bulk) {
        return bad(task, interactive ? *second : *word);
    }
    if (task.active && (task.version < 1003 || !task.slot().set())) {
        task.store({*interactive, *bulk});
    }
    return std::nullopt;
}

Refusal apply_subsystem(Task& task) {
    const auto* const name = task.arguments.needed();
    if (name == nullptr) {
        return missing(task);
    }
    const bool may_repeat = task.version >= 905;
    if (!task.active) {
        if (task.version >= 1003 && task.arguments.needed() == nullptr) {
            return missing(task);
        }
        task.arguments.consume_all();
        return std::nullopt;
    }
    const auto same_name = [&](const std::string& entry) {
        return entry.substr(0, entry.find(part_separator)) == *name;
    };
    if (std::ranges::any_of(task.slot().values, same_name)) {
        if (task.version >= 1003 && task.arguments.needed() == nullptr) {
            return missing(task);
        }
        task.arguments.consume_all();
        return may_repeat ? std::nullopt : Refusal(task.line.keyword + ": '" + *name + "' is already defined");
    }
    if (task.slot().values.size() >= (may_repeat ? most_subsystems : max_subsystems)) {
        return task.line.keyword + ": too many subsystems";
    }
    const auto* const command = task.arguments.needed();
    if (command == nullptr) {
        return missing(task);
    }
    std::vector<std::string> rest;
    while (const auto* const word = task.arguments.next_of_list()) {
        rest.push_back(*word);
    }
    std::string text = may_repeat ? join_shell_words({*command}) : *command;
    if (!rest.empty() || task.version == 905 || task.version == 906) {
        text += " " + (may_repeat ? join_shell_words(rest) : join(rest, " "));
    }
    task.append(*name + part_separator + text);
    return std::nullopt;
}

}  // namespace sshkeep::sshdconf
