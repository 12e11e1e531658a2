#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "values.h"

namespace sshkeep::differential {

/// An option as some releases know it.
struct Option {
    enum class Scope : std::uint8_t { global, match };
    const char* name;
    Scope scope;  ///< match: allowed outside of Match too
    Values values;
    int from = 0;       ///< the first release that has it like this
    int until = 99999;  ///< the first that has not

    /// Takes the rest of the line as it stands, quotes and all.
    [[nodiscard]] bool raw() const noexcept;
    /// The option without which sshd does not take this one; empty when there is none.
    [[nodiscard]] std::string companion() const;
    [[nodiscard]] bool known_to(const Dialect& dialect) const noexcept {
        return dialect.release >= from && dialect.release < until;
    }
};

[[nodiscard]] const std::vector<Option>& all_options();

}  // namespace sshkeep::differential
