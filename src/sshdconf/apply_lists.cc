// Lists whose first line wins: each line is read whole, then kept if nothing was set before.
#include <set>

#include "base/text.h"
#include "sshdconf/task.h"
#include "sshdconf/tokenizer.h"
#include "sshdconf/values.h"

namespace sshkeep::sshdconf {

namespace {

using Words = std::vector<std::string>;

/// What is left to do when all words were read. Since 9.7 a line that names nothing is refused.
Refusal keep_first(Task& task, Words words) {
    if (words.empty()) {
        return task.version >= 907 ? missing(task) : std::nullopt;
    }
    if (task.active && !task.slot().set()) {
        task.store(std::move(words));
    }
    return std::nullopt;
}

bool is_method(std::string_view method, const Build& build) {
    const std::string_view name = method.substr(0, method.find(':'));
    if (name.starts_with("gssapi-")) {
        return build.gssapi &&
               (name == "gssapi-with-mic" || (name == "gssapi-keyex" && build.flavour == Flavour::debian));
    }
    return name == "none" || name == "publickey" || name == "password" || name == "keyboard-interactive" ||
           name == "hostbased";
}

bool valid_methods(std::string_view list, const Build& build) {
    if (list.empty()) {
        return false;
    }
    for (const std::string_view method : split(list, ',')) {
        if (!is_method(method, build)) {
            return false;
        }
    }
    return true;
}

bool valid_timeout(const std::string& clause, int version) {
    const std::size_t equals = clause.find('=');
    return equals != std::string::npos && equals > 0 &&
           parse_time(clause.substr(equals + 1), version).value_or(-1) >= 0;
}

bool valid_target(const std::string& target, bool listen, int version) {
    std::string port = target;
    if (!listen || target.find(':') != std::string::npos) {
        const auto parts = parse_host_port(target, version);
        if (!parts || !parts->port) {
            return false;
        }
        port = *parts->port;
    }
    return port == "*" || parse_port(port, version).value_or(0) > 0;
}

std::string_view variable_of(std::string_view assignment) { return assignment.substr(0, assignment.find('=')); }

}  // namespace

Refusal apply_file_list(Task& task) {
    if (task.version < 807 && (!task.active || task.slot().set())) {
        task.arguments.consume_all();
        return std::nullopt;
    }
    Words files;
    while (const auto* const word = task.arguments.next_of_list()) {
        if (word->empty()) {
            return bad(task, *word);
        }
        if (task.version >= 1003 && iequals(*word, "none") && (!files.empty() || task.arguments.left() > 0)) {
            return task.line.keyword + ": none must stand alone";
        }
        files.push_back(expand_tilde(*word));
    }
    task.arguments.consume_all();
    return keep_first(task, std::move(files));
}

Refusal apply_authentication_methods(Task& task) {
    const bool already = task.slot().set();
    if (task.version < 807 && already) {
        task.arguments.consume_all();
        return std::nullopt;
    }
    Words methods;
    bool any = false;
    while (const auto* const word = task.arguments.next_of_list()) {
        const bool is_any = *word == "any";
        // Until 9.6 "any" was compared with what earlier lines had set, and with this line's words only when in force.
        const bool others = task.version >= 907 ? !methods.empty() : already || (task.active && !methods.empty());
        if (any || (is_any && others)) {
            return task.line.keyword + ": any must stand alone";
        }
        if (!is_any && !valid_methods(*word, task.build)) {
            return bad(task, *word);
        }
        any = any || is_any;
        methods.push_back(*word);
    }
    task.arguments.consume_all();
    if (methods.empty()) {
        return missing(task);
    }
    return keep_first(task, std::move(methods));
}

Refusal apply_channel_timeout(Task& task) {
    Words timeouts;
    while (const auto* const word = task.arguments.next_of_list()) {
        const bool none = iequals(*word, "none");
        if (none && task.arguments.left() > 0) {
            return task.line.keyword + ": none must stand alone";
        }
        if (none && task.version >= 907 && !timeouts.empty()) {
            return task.line.keyword + ": none must stand alone";
        }
        if (!none && !valid_timeout(*word, task.version)) {
            return bad(task, *word);
        }
        timeouts.push_back(*word);
    }
    return keep_first(task, std::move(timeouts));
}

Refusal apply_permit_targets(Task& task) {
    const bool listen = task.option == Option::permit_listen;
    Words targets;
    const bool old = task.version < 907;
    const auto* word = old ? task.arguments.needed() : task.arguments.next();
    if (old && word == nullptr) {
        return missing(task);
    }
    if (old && (*word == "any" || *word == "none")) {
        return keep_first(task, {*word});
    }
    while (word != nullptr && !(old && word->empty())) {
        const bool keyword = !old && (*word == "any" || *word == "none");
        if (keyword && !targets.empty()) {
            return task.line.keyword + ": " + *word + " must stand alone";
        }
        if (!keyword && !valid_target(*word, listen, task.version)) {
            return bad(task, *word);
        }
        const bool bare_port = !keyword && listen && word->find(':') == std::string::npos;
        targets.push_back(bare_port ? "*:" + *word : *word);
        word = task.arguments.next();
    }
    return keep_first(task, std::move(targets));
}

Refusal apply_set_env(Task& task) {
    Words assignments = task.line.arguments;
    if (task.version < 807) {  // the value keeps its equals sign
        assignments.clear();
        WordSplitter splitter(task.line.rest);
        for (auto word = splitter.next(false); word && !word->empty(); word = splitter.next(false)) {
            assignments.push_back(*std::move(word));
        }
    }
    task.arguments.consume_all();
    Words kept;
    std::set<std::string, std::less<>> seen;
    for (std::string& assignment : assignments) {
        if (assignment.find('=') == std::string::npos) {
            return bad(task, assignment);
        }
        const bool is_new = seen.insert(std::string(variable_of(assignment))).second;
        const bool repeated = task.version >= 901 && !is_new;
        if (!repeated) {
            kept.push_back(std::move(assignment));
        }
    }
    return keep_first(task, std::move(kept));
}

Refusal apply_log_verbose(Task& task) {
    Words words;
    while (const auto* const word = task.arguments.next_of_list()) {
        if (word->empty()) {
            return bad(task, *word);
        }
        if (iequals(*word, "none") && (!words.empty() || task.arguments.left() > 0)) {
            return task.line.keyword + ": none must stand alone";
        }
        words.push_back(*word);
    }
    return keep_first(task, std::move(words));
}

}  // namespace sshkeep::sshdconf
