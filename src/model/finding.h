#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/untrusted.h"

namespace sshkeep {

/// How much harm a failed rule allows. Ordered: critical is the greatest.
enum class Severity : std::uint8_t { info, low, medium, high, critical };

/// `unknown`: something needed for the answer could not be read or must not be run. Never counted as a pass.
enum class Verdict : std::uint8_t { pass, fail, unknown, waived };

[[nodiscard]] std::string_view name_of(Severity severity) noexcept;
[[nodiscard]] std::string_view name_of(Verdict verdict) noexcept;
[[nodiscard]] std::optional<Severity> parse_severity(std::string_view name) noexcept;

/// A place in a file of the audited host, as the host names it (never with an offline tree's prefix).
struct Location {
    std::string path;        ///< may hold any byte the host's file system allows: escape it before printing
    std::uint32_t line = 0;  ///< from 1; 0 = the file as a whole, or no file at all
    Untrusted text;          ///< the line at fault, or what was measured ("mode 0664, owner alice")

    friend bool operator==(const Location&, const Location&) = default;
};

/// What one rule says about one host, in one connection context.
struct Finding {
    std::string rule;   ///< id in the catalogue, e.g. "root-login"
    std::string title;  ///< one line, from the catalogue
    Severity severity = Severity::info;
    Verdict verdict = Verdict::unknown;
    std::vector<Location> where;
    std::string context;    ///< the connections concerned: "every connection", "Match User bob", "user root", ...
    std::string detail;     ///< what was found and what was wanted, one sentence; already fit for people
    std::string fix;        ///< what to do, ready to copy where possible
    std::string remark;     ///< what the profile has to say about the rule; mostly empty
    std::string waived_by;  ///< for Verdict::waived: reason and end date
};

}  // namespace sshkeep
