#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

/// What every command needs: exit codes, messages, output, display options.
namespace sshkeep::bin {

/// The contract of the command line; scripts rely on it.
enum class ExitCode : std::uint8_t {
    done = 0,
    findings = 1,  ///< done, with findings at or above --fail-on, or an access was refused
    usage = 2,     ///< wrong usage or wrong input
    failed = 3,
    lock_out = 4,  ///< refused: it would lock somebody out
};

/// "sshkeep: MESSAGE" on standard error, safe for a terminal.
void complain(std::string_view message);

/// Runs a command; complains about its Error. Input that is wrong or missing is `usage`, what the system refused or
/// failed to do is `failed`.
[[nodiscard]] ExitCode finish(const std::function<Result<ExitCode>()>& command);

/// "one, two or three"
[[nodiscard]] std::string list_of(const std::vector<std::string>& names);
/// ", did you mean NAME?" for the nearest of `known`, when one is near; else empty.
[[nodiscard]] std::string suggestion(std::string_view name, const std::vector<std::string>& known);

/// Writes everything to a file, or to standard output when `path` is empty. A reader that has gone away is no error:
/// it has seen what it wanted. A new file is readable by its owner only.
[[nodiscard]] Result<void> write_output(std::string_view bytes, const std::string& path = {});

/// A path as a person gave it, made absolute.
[[nodiscard]] Result<std::string> absolute_path(const std::string& path);
inline constexpr std::uint64_t named_file_limit = 1U << 20U;
/// A small file that a person named; a FIFO, a device and more than `limit` bytes are refused.
[[nodiscard]] Result<std::string> read_named_file(const std::string& path, std::uint64_t limit = named_file_limit);

}  // namespace sshkeep::bin
