#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace sshkeep {

/// What kind of thing went wrong; programs map it to an exit code, callers may branch on it.
enum class ErrorCode : std::uint8_t {
    invalid,      ///< input that does not follow its grammar
    not_found,    ///< the file, account or name does not exist
    permission,   ///< the system refused access
    too_large,    ///< a documented bound was exceeded
    wrong_type,   ///< a FIFO, device, directory or link where a regular file is needed
    unsupported,  ///< valid, but not something this build understands
    io,           ///< the system failed
};

/// An error that can be shown to a person: what failed, and, outermost first, on the way to what.
struct [[nodiscard]] Error {
    ErrorCode code = ErrorCode::io;
    std::string message;

    /// The same error, told from one level higher: "CONTEXT: message".
    [[nodiscard]] Error in(std::string_view context) && {
        message.insert(0, ": ").insert(0, context);
        return std::move(*this);
    }
};

/// A value or an Error. A dropped Result is a defect (clang-tidy: bugprone-unused-return-value).
template <class T>
using Result = std::expected<T, Error>;

[[nodiscard]] inline std::unexpected<Error> fail(ErrorCode code, std::string message) {
    return std::unexpected(Error{code, std::move(message)});
}

/// For the rare Result that changes nothing whatever it is; the comment beside the call says why.
template <class T>
void disregard(const Result<T>& /*result*/) noexcept {}

}  // namespace sshkeep
// NOLINTBEGIN(bugprone-macro-parentheses): `result` is declared here.
/// Value of a Result, or return its Error from the enclosing function.
#define TRY(expression) SSHKEEP_TRY_(expression, SSHKEEP_JOIN_(try_result_, __COUNTER__))
#define SSHKEEP_JOIN_(a, b) SSHKEEP_JOIN_AGAIN_(a, b)
#define SSHKEEP_JOIN_AGAIN_(a, b) a##b
#define SSHKEEP_TRY_(expression, result)                       \
    (__extension__({                                           \
        auto result = (expression);                            \
        if (!result) {                                         \
            return std::unexpected(std::move(result).error()); \
        }                                                      \
        ::sshkeep::detail::take(std::move(result));            \
    }))
// NOLINTEND(bugprone-macro-parentheses)
namespace sshkeep::detail {
template <class T>
T take(std::expected<T, Error>&& result) {
    if constexpr (!std::is_void_v<T>) {
        return *std::move(result);
    }
}
}  // namespace sshkeep::detail
