#pragma once

#include <cstdint>

#include "case.h"
#include "dialect.h"

namespace sshkeep::differential {

/// A random configuration that the dialect's sshd should take, and a connection to ask about. The same numbers give
/// the same case.
[[nodiscard]] Case make_case(const Dialect& dialect, std::uint64_t seed, std::uint64_t number);

/// A case with one change in it that may make sshd refuse it: a bad value, a misspelt keyword, an option where it may
/// not stand, an open quote, words too many or too few.
[[nodiscard]] Case make_doubtful_case(const Dialect& dialect, std::uint64_t seed, std::uint64_t number);

}  // namespace sshkeep::differential
