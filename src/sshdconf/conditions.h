#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sshdconf/effective.h"

namespace sshkeep::sshdconf {

/// One criterion of a Match line with its argument.
struct Criterion {
    enum class Kind : std::uint8_t {
        all,
        user,
        group,
        host,
        address,
        local_address,
        local_port,
        rdomain,
        invalid_user,
        version,
    };
    Kind kind = Kind::all;
    std::string argument;
};

/// A Match line, all of whose criteria must hold.
struct Condition {
    std::vector<Criterion> criteria;
    /// Why sshd refuses the line; empty when it does not. Whether such a condition holds is unknown.
    std::string error;
    /// The one user whom it can hold for, when it names one; else empty. Where thousands of blocks name a user each,
    /// this spares most of the work.
    std::string only_user;
};

[[nodiscard]] Condition parse_condition(const Line& line, const Build& build);

/// With no connection: as sshd checks the file when it starts, where nothing but `all` (and, by release, some others)
/// holds.
[[nodiscard]] Tri evaluate_condition(const Condition& condition, const Connection* connection, const Build& build);

}  // namespace sshkeep::sshdconf
