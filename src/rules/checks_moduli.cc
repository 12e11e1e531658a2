// The groups of Diffie-Hellman group exchange (RFC 4419, moduli(5)).

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.h"
#include "rules/checks_support.h"

namespace sshkeep::rules {

namespace {

/// Whether any connection may negotiate a group of the moduli file; nullopt when that is not known.
std::optional<bool> group_exchange_offered(const CheckInput& input) {
    if (!input.facts.config || input.contexts.empty()) {
        return std::nullopt;
    }
    const std::string_view algorithms = input.contexts.front().effective->value("kexalgorithms");
    return std::ranges::any_of(split(algorithms, ','), [](std::string_view name) {
        return name.starts_with("diffie-hellman-group-exchange-") || name.starts_with("gss-gex-");
    });
}

constexpr std::string_view not_offered = "Group exchange is not offered, so the moduli file is not used.";

std::string moduli_file(const facts::HostFacts& facts) {
    return facts.moduli_path ? facts.moduli_path->named : std::string("/etc/ssh/moduli");
}

Results moduli_short(const CheckInput& input) {
    const auto offered = group_exchange_offered(input);
    if (!offered) {
        return not_known("the key exchange algorithms are not known");
    }
    if (!*offered) {
        return passed(std::string(not_offered));
    }
    if (!input.facts.moduli) {
        return not_known(input.facts.moduli.error());
    }
    const std::int64_t min_bits = input.number("min_bits", 3072);
    Tally small;
    unsigned smallest = 0;
    for (const keyfmt::ModuliLine& line : input.facts.moduli->lines) {
        if (line.usable && line.bits < min_bits) {
            small.add([&] {
                return Location{.path = moduli_file(input.facts),
                                .line = line.line,
                                .text = Untrusted(fmt::format("{} bits", line.bits))};
            });
            smallest = smallest == 0 ? line.bits : std::min(smallest, line.bits);
        }
    }
    const std::string path = shell_quoted(moduli_file(input.facts));
    std::string fix = fmt::format(
        "awk '$5 >= {}' {} > /etc/ssh/moduli.new && test -s /etc/ssh/moduli.new && mv /etc/ssh/moduli.new {}",
        min_bits - 1, path, path);
    std::string detail =
        fmt::format("{} below {} bits, the smallest has {}.",
                    small.counted("usable group") + (small.count() == 1 ? " is" : " are"), min_bits, smallest);
    return conclude(std::move(small), {}, {.detail = std::move(detail), .fix = std::move(fix)},
                    fmt::format("Every usable group of the moduli file has {} bits or more.", min_bits));
}

Results moduli_none(const CheckInput& input) {
    const auto offered = group_exchange_offered(input);
    if (!offered) {
        return not_known("the key exchange algorithms are not known");
    }
    if (!*offered) {
        return passed(std::string(not_offered));
    }
    const bool missing = input.facts.moduli_path && !input.facts.moduli_path->exists();
    if (!missing && !input.facts.moduli) {
        return not_known(input.facts.moduli.error());
    }
    Tally found;
    if (missing || std::ranges::none_of(input.facts.moduli->lines, &keyfmt::ModuliLine::usable)) {
        found.add([&] {
            return Location{.path = moduli_file(input.facts),
                            .text = Untrusted(missing ? "does not exist" : "no usable group")};
        });
    }
    return conclude(
        std::move(found), {},
        {.detail = "Group exchange is offered without any usable group: sshd falls back to a fixed one and logs a "
                   "warning for each connection that asks."},
        "The moduli file has usable groups.");
}

constexpr std::array checks{
    NamedCheck{"moduli_short", moduli_short},
    NamedCheck{"moduli_none", moduli_none},
};

}  // namespace

std::span<const NamedCheck> moduli_checks() { return checks; }

}  // namespace sshkeep::rules
