#include "bin/cli_support.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <numeric>

#include "base/escape.h"
#include "base/text.h"
#include "host/host_factory.h"

namespace sshkeep::bin {
namespace {

ExitCode exit_code_of(ErrorCode code) noexcept {
    return code == ErrorCode::io || code == ErrorCode::permission ? ExitCode::failed : ExitCode::usage;
}

/// Levenshtein's distance; the names are short.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        auto diagonal = std::exchange(row[0], i + 1);
        for (std::size_t j = 0; j < b.size(); ++j) {
            const auto replaced = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
        }
    }
    return row.back();
}

Error system_error(std::string_view what) {
    return Error{ErrorCode::io, std::string(what) + ": " + std::strerror(errno)};
}

Result<void> write_all(int descriptor, std::string_view bytes, std::string_view name) {
    while (!bytes.empty()) {
        const auto written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EPIPE) {
            return {};
        }
        if (written < 0 && errno != EINTR) {
            return std::unexpected(system_error(name));
        }
        bytes.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(written, 0)));
    }
    return {};
}

}  // namespace

void complain(std::string_view message) {
    const auto line = "sshkeep: " + escape_for_terminal(message) + "\n";
    static_cast<void>(std::fputs(line.c_str(), stderr));  // there is nowhere left to say that it failed
}

ExitCode finish(const std::function<Result<ExitCode>()>& command) {
    const auto result = command();
    if (!result) {
        complain(result.error().message);
        return exit_code_of(result.error().code);
    }
    return *result;
}

std::string list_of(const std::vector<std::string>& names) {
    std::string out;
    for (std::size_t i = 0; i < names.size(); ++i) {
        out += (i == 0 ? "" : i + 1 == names.size() ? " or " : ", ") + names[i];
    }
    return out;
}

std::string suggestion(std::string_view name, const std::vector<std::string>& known) {
    constexpr std::size_t longest = 64;
    const auto far = [&](const std::string& candidate) { return distance(name, candidate); };
    if (name.size() > longest || known.empty()) {
        return {};
    }
    const auto nearest = std::ranges::min_element(known, {}, far);
    return far(*nearest) <= std::max<std::size_t>(2, name.size() / 3) ? "; did you mean " + *nearest + "?" : "";
}

Result<void> write_output(std::string_view bytes, const std::string& path) {
    if (path.empty()) {
        return write_all(STDOUT_FILENO, bytes, "standard output");
    }
    constexpr mode_t owner_only = 0600;
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, owner_only);
    if (descriptor < 0) {
        return std::unexpected(system_error(path));
    }
    auto result = write_all(descriptor, bytes, path);
    if (::close(descriptor) != 0 && result) {
        return std::unexpected(system_error(path));
    }
    return result;
}

Result<std::string> absolute_path(const std::string& path) {
    std::error_code error;
    auto absolute = std::filesystem::absolute(path, error);
    if (error) {
        return fail(ErrorCode::io, path + ": " + error.message());
    }
    return absolute.lexically_normal().string();
}

Result<std::string> read_named_file(const std::string& path, std::uint64_t limit) {
    const auto host = TRY(host::make_local_host());
    auto file = host->read_file(TRY(absolute_path(path)), ports::Links::follow, limit);
    if (!file) {
        return std::unexpected(std::move(file).error());
    }
    return std::move(file->bytes);
}

}  // namespace sshkeep::bin
