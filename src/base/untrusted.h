#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace sshkeep {

/// Text that somebody else chose: file contents, comments, names, network bytes.
/// It has no formatter and no conversion: it reaches a terminal, JSON or HTML only through the escapers of
/// base/escape.h, and a parser through raw().
class Untrusted {
public:
    Untrusted() = default;
    explicit Untrusted(std::string bytes) : bytes_(std::move(bytes)) {}

    /// The bytes, for comparing and parsing. Never for printing.
    [[nodiscard]] std::string_view raw() const noexcept { return bytes_; }
    [[nodiscard]] bool empty() const noexcept { return bytes_.empty(); }

    friend bool operator==(const Untrusted&, const Untrusted&) = default;
    friend auto operator<=>(const Untrusted&, const Untrusted&) = default;

private:
    std::string bytes_;
};

}  // namespace sshkeep
