// PAM's stack for sshd. It counts only while UsePAM is on.

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.h"
#include "rules/checks_paths.h"

namespace sshkeep::rules {

namespace {

using facts::PamLine;

/// A result that needs no look at the stack: UsePAM is off everywhere, or something is not known.
std::optional<Results> without_pam(const CheckInput& input) {
    if (!input.facts.config) {
        return not_known(input.facts.config.error());
    }
    if (input.contexts.empty()) {
        return not_known("no connection context could be evaluated");
    }
    const sshdconf::Setting* setting = input.contexts.front().effective->find("usepam");
    if (setting == nullptr || setting->value() == "no") {
        return passed("UsePAM is off: sshd does not ask PAM.");
    }
    if (!input.facts.pam) {
        return not_known(input.facts.pam.error());
    }
    return std::nullopt;
}

Location pam_place(const PamLine& line) {
    return {.path = line.file,
            .line = line.line,
            .text = Untrusted(fmt::format("{} {} {}{}{}", line.type, line.control, line.module,
                                          line.arguments.empty() ? "" : " ", join(line.arguments, " ")))};
}

/// Lines for which `wanted` holds, as one finding.
template <class Wanted>
Results find_lines(const CheckInput& input, Wanted wanted, std::string detail, std::string passed_detail) {
    if (auto result = without_pam(input)) {
        return *result;
    }
    Tally found;
    for (const PamLine& line : input.facts.pam->lines) {
        if (wanted(line)) {
            found.add([&] { return pam_place(line); });
        }
    }
    return conclude(std::move(found), {}, {.detail = std::move(detail)}, std::move(passed_detail));
}

/// The module is absent from the stack (of any type in `types`).
Results want_module(const CheckInput& input, std::initializer_list<std::string_view> types,
                    const std::vector<std::string_view>& modules, std::string detail, std::string passed_detail) {
    if (auto result = without_pam(input)) {
        return *result;
    }
    const bool there = std::ranges::any_of(input.facts.pam->lines, [&](const PamLine& line) {
        return std::ranges::find(types, line.type) != types.end() &&
               std::ranges::find(modules, line.module) != modules.end();
    });
    Tally found;
    if (!there) {
        found.add([&] { return Location{.path = "/etc/pam.d/" + input.facts.pam->service}; });
    }
    return conclude(std::move(found), {}, {.detail = std::move(detail)}, std::move(passed_detail));
}

Results pam_nullok(const CheckInput& input) {
    return find_lines(
        input,
        [](const PamLine& line) {
            return line.type == "auth" && line.module == "pam_unix.so" &&
                   std::ranges::any_of(line.arguments, [](const std::string& argument) {
                       return argument == "nullok" || argument == "nullok_secure";
                   });
        },
        "pam_unix accepts empty passwords (nullok): only sshd's PermitEmptyPasswords stands before accounts without "
        "one.",
        "pam_unix refuses empty passwords.");
}

Results pam_no_lockout(const CheckInput& input) {
    const std::string modules = input.parameter ? input.parameter("modules", {}) : std::string{};
    std::vector<std::string_view> wanted = split_words(modules);
    if (wanted.empty()) {
        wanted = {"pam_faillock.so", "pam_tally2.so", "pam_tally.so", "pam_abl.so", "pam_sshkeep.so"};
    }
    return want_module(input, {"auth"}, wanted,
                       "Nothing in PAM's auth stack for sshd counts failed passwords of an account.",
                       "PAM counts failed passwords of an account.");
}

Results pam_no_nologin(const CheckInput& input) {
    return want_module(
        input, {"auth", "account"}, {"pam_nologin.so"},
        "pam_nologin is not in PAM's stack for sshd: /etc/nologin does not keep password-less logins out "
        "while the system is going down.",
        "pam_nologin keeps people out while /etc/nologin exists.");
}

bool ends_with_success(std::string_view control) {
    return control == "sufficient" || control.contains("success=done") || control.contains("default=done");
}

/// pam_permit where it decides: as a sufficient line, or as all that the auth stack has.
Results pam_permit_decides(const CheckInput& input) {
    if (auto result = without_pam(input)) {
        return *result;
    }
    constexpr std::array silent{std::string_view{"pam_permit.so"},    std::string_view{"pam_env.so"},
                                std::string_view{"pam_nologin.so"},   std::string_view{"pam_cap.so"},
                                std::string_view{"pam_faildelay.so"}, std::string_view{"pam_motd.so"}};
    Tally found;
    bool asks = false;
    const PamLine* permit = nullptr;
    for (const PamLine& line : input.facts.pam->lines) {
        if (line.type != "auth") {
            continue;
        }
        asks |= std::ranges::find(silent, line.module) == silent.end();
        if (line.module == "pam_permit.so") {
            permit = &line;
            if (ends_with_success(line.control)) {
                found.add([&] { return pam_place(line); });
            }
        }
    }
    if (!asks && permit != nullptr && found.empty()) {
        found.add([&] { return pam_place(*permit); });
    }
    return conclude(
        std::move(found), {},
        {.detail =
             "pam_permit grants access in the auth stack before anything was asked: any password opens any account."},
        "pam_permit does not decide in the auth stack.");
}

Results pam_missing_file(const CheckInput& input) {
    if (auto result = without_pam(input)) {
        return *result;
    }
    Tally found;
    for (const std::string& file : input.facts.pam->missing) {
        found.add([&] { return Location{.path = file, .text = Untrusted("does not exist")}; });
    }
    std::string detail = fmt::format("PAM's stack for sshd includes {}, which {} not there: PAM refuses every login.",
                                     listed(input.facts.pam->missing), found.count() == 1 ? "is" : "are");
    return conclude(std::move(found), {}, {.detail = std::move(detail)},
                    "Every file that PAM's stack for sshd includes is there.");
}

Results pam_rhosts_used(const CheckInput& input) {
    return find_lines(
        input,
        [](const PamLine& line) {
            return line.type == "auth" && (line.module == "pam_rhosts.so" || line.module == "pam_rhosts_auth.so");
        },
        "pam_rhosts trusts the name of the client's host.", "PAM does not trust hosts by name.");
}

/// The program of pam_exec or pam_script: its first argument that is a path.
const std::string* program_of(const PamLine& line) {
    if (line.module != "pam_exec.so" && line.module != "pam_script.so") {
        return nullptr;
    }
    const auto found =
        std::ranges::find_if(line.arguments, [](const std::string& argument) { return argument.starts_with('/'); });
    return found == line.arguments.end() ? nullptr : &*found;
}

Results pam_program_unsafe(const CheckInput& input) {
    if (auto result = without_pam(input)) {
        return *result;
    }
    PathFindings found(input.facts);
    Doubts doubts;
    for (const PamLine& line : input.facts.pam->lines) {
        const std::string* program = program_of(line);
        if (program == nullptr) {
            continue;
        }
        const auto named = std::ranges::find_if(input.facts.named_paths, [&](const facts::NamedPath& path) {
            return path.walk && path.walk->named == *program;
        });
        const auto other = input.facts.other_paths.find(*program);
        std::optional<PathDefect> defect;
        if (named != input.facts.named_paths.end()) {
            defect = defect_of(*named->walk, {});
        } else if (other != input.facts.other_paths.end()) {
            defect = defect_of(other->second, {});
        } else {
            doubts.add(*program, Error{ErrorCode::unsupported, "its owner and mode were not looked at"});
        }
        if (defect) {
            found.add(*defect);
        }
    }
    std::string detail = fmt::format("PAM runs a program as root that others may change: {}.", found.text());
    return std::move(found).conclude(doubts, std::move(detail), "PAM runs no program that others may change.");
}

constexpr std::array checks{
    NamedCheck{"pam_nullok", pam_nullok},
    NamedCheck{"pam_no_lockout", pam_no_lockout},
    NamedCheck{"pam_no_nologin", pam_no_nologin},
    NamedCheck{"pam_permit_decides", pam_permit_decides},
    NamedCheck{"pam_missing_file", pam_missing_file},
    NamedCheck{"pam_rhosts_used", pam_rhosts_used},
    NamedCheck{"pam_program_unsafe", pam_program_unsafe},
};

}  // namespace

std::span<const NamedCheck> pam_checks() { return checks; }

}  // namespace sshkeep::rules
