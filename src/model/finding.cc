#include "model/finding.h"

#include <array>

namespace sshkeep {
namespace {
constexpr std::array<std::string_view, 5> severity_names{"info", "low", "medium", "high", "critical"};
constexpr std::array<std::string_view, 4> verdict_names{"pass", "fail", "unknown", "waived"};
}  // namespace

std::string_view name_of(Severity severity) noexcept { return severity_names[static_cast<std::size_t>(severity)]; }

std::string_view name_of(Verdict verdict) noexcept { return verdict_names[static_cast<std::size_t>(verdict)]; }

std::optional<Severity> parse_severity(std::string_view name) noexcept {
    for (std::size_t i = 0; i < severity_names.size(); ++i) {
        if (severity_names[i] == name) {
            return static_cast<Severity>(i);
        }
    }
    return std::nullopt;
}

}  // namespace sshkeep
