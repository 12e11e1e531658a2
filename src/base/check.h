#pragma once

namespace sshkeep::detail {
[[noreturn]] void check_failed(const char* condition, const char* file, int line) noexcept;
}

/// Aborts when our own reasoning is wrong. Never for input: that gives an Error or a Finding.
#define CHECK(condition)                                                     \
    do {                                                                     \
        if (!(condition)) {                                                  \
            ::sshkeep::detail::check_failed(#condition, __FILE__, __LINE__); \
        }                                                                    \
    } while (false)
