#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "sshdconf/options.h"

namespace sshkeep::sshdconf {

/// What one pass over the configuration has stored for an option.
struct Slot {
    /// Nothing: unset. One element, or one for each entry of a list. Options of several parts (RekeyLimit,
    /// MaxStartups, PerSourcePenalties) have one element for each part; a part may be unset, which is "".
    std::vector<std::string> values;
    std::vector<Origin> origins;
    std::string uncertain;  ///< why the value may be another

    [[nodiscard]] bool set() const noexcept { return !values.empty(); }
};

/// The slots of all options: the start-up pass over the file has one, the pass for a connection another.
class Slots {
public:
    [[nodiscard]] Slot& operator[](Option option) { return slots_[static_cast<std::size_t>(option)]; }
    [[nodiscard]] const Slot& operator[](Option option) const { return slots_[static_cast<std::size_t>(option)]; }

private:
    std::array<Slot, option_count> slots_;
};

/// Whether a later line of the same pass can still change an option that is set: lists that grow, and options
/// of which some releases take the last line.
[[nodiscard]] bool later_lines_count(Option option, const Build& build);

/// Separates the parts within one element: ListenAddress (host, port, routing domain) and Subsystem (name, command).
inline constexpr char part_separator = '\0';

/// Does what sshd does with one line. `active` is false for a line that is only checked. The message, when sshd
/// refuses the line; nothing is stored then.
[[nodiscard]] std::optional<std::string> apply_directive(Option option, const Line& line, const Origin& origin,
                                                         bool active, const Build& build, Slots& slots);

}  // namespace sshkeep::sshdconf
