#pragma once

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sshdconf/settings.h"

namespace sshkeep::sshdconf {

/// The arguments of a line, read one after the other as sshd does.
class LineArguments {
public:
    LineArguments(const std::vector<std::string>& words, int version) : words_(words), version_(version) {}

    [[nodiscard]] const std::string* next() { return at_ < words_.size() ? &words_[at_++] : nullptr; }
    /// For options that take any number of arguments: until 8.6 an empty one ends the list.
    [[nodiscard]] const std::string* next_of_list() {
        const std::string* word = next();
        return word != nullptr && word->empty() && version_ < 807 ? nullptr : word;
    }
    /// The next argument, when it is there and not empty.
    [[nodiscard]] const std::string* needed() {
        const std::string* word = next();
        return word != nullptr && !word->empty() ? word : nullptr;
    }
    [[nodiscard]] const std::string* peek() const { return at_ < words_.size() ? &words_[at_] : nullptr; }
    [[nodiscard]] std::size_t left() const { return words_.size() - at_; }
    void consume_all() { at_ = words_.size(); }

private:
    const std::vector<std::string>& words_;
    int version_;
    std::size_t at_ = 0;
};

/// One line being applied.
struct Task {
    Option option;
    const Line& line;
    Origin origin;
    bool active;  ///< false: only checked
    const Build& build;
    int version;  ///< version_number(build)
    Slots& slots;
    LineArguments arguments;

    [[nodiscard]] Slot& slot() const { return slots[option]; }

    void store(std::vector<std::string> values) const {
        slot().values = std::move(values);
        slot().origins = {origin};
    }
    void store_first(std::string value) const {
        if (active && !slot().set()) {
            store({std::move(value)});
        }
    }
    void append(std::string value) const {
        slot().values.push_back(std::move(value));
        add_origin();
    }
    void add_origin() const {
        if (slot().origins.empty() || slot().origins.back() != origin) {
            slot().origins.push_back(origin);
        }
    }
};

using Refusal = std::optional<std::string>;
using Handler = Refusal (*)(Task&);

[[nodiscard]] inline Refusal missing(const Task& task) { return task.line.keyword + ": missing argument"; }
[[nodiscard]] inline Refusal bad(const Task& task, const std::string& argument) {
    return task.line.keyword + ": bad argument '" + argument + "'";
}

inline constexpr std::int64_t int_max = std::numeric_limits<std::int32_t>::max();

[[nodiscard]] std::string expand_tilde(const std::string& path);

// apply_values.cc: options of one value, and lists that grow with every line.
[[nodiscard]] Refusal apply_choice(Task& task);
[[nodiscard]] Refusal apply_integer(Task& task);
[[nodiscard]] Refusal apply_time(Task& task);
[[nodiscard]] Refusal apply_path(Task& task);
[[nodiscard]] Refusal apply_path_list(Task& task);
[[nodiscard]] Refusal apply_text(Task& task);
[[nodiscard]] Refusal apply_rdomain(Task& task);
[[nodiscard]] Refusal apply_rest_of_line(Task& task);
[[nodiscard]] Refusal apply_command(Task& task);
[[nodiscard]] Refusal apply_algorithms(Task& task);
[[nodiscard]] Refusal apply_growing_list(Task& task);
[[nodiscard]] Refusal apply_pubkey_auth_options(Task& task);
[[nodiscard]] Refusal apply_permit_user_environment(Task& task);
[[nodiscard]] Refusal apply_bind_mask(Task& task);

// apply_lists.cc: lists whose first line wins.
[[nodiscard]] Refusal apply_file_list(Task& task);
[[nodiscard]] Refusal apply_authentication_methods(Task& task);
[[nodiscard]] Refusal apply_channel_timeout(Task& task);
[[nodiscard]] Refusal apply_permit_targets(Task& task);
[[nodiscard]] Refusal apply_set_env(Task& task);
[[nodiscard]] Refusal apply_log_verbose(Task& task);

// apply_parts.cc: options of several parts.
[[nodiscard]] Refusal apply_port(Task& task);
[[nodiscard]] Refusal apply_listen_address(Task& task);
[[nodiscard]] Refusal apply_rekey_limit(Task& task);
[[nodiscard]] Refusal apply_max_startups(Task& task);
[[nodiscard]] Refusal apply_per_source_max_startups(Task& task);
[[nodiscard]] Refusal apply_per_source_net_block_size(Task& task);
[[nodiscard]] Refusal apply_per_source_penalties(Task& task);
[[nodiscard]] Refusal apply_ip_qos(Task& task);
[[nodiscard]] Refusal apply_subsystem(Task& task);

}  // namespace sshkeep::sshdconf
