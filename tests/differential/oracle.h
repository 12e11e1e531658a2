#pragma once

#include <cstdint>
#include <string>

#include "case.h"
#include "sshdconf/build.h"

namespace sshkeep::differential {

/// How the two answers to a case stand to each other.
enum class Verdict : std::uint8_t {
    same,          ///< both print the same bytes, or both refuse
    refused,       ///< both refuse
    differs,       ///< both accept and print something else
    we_refuse,     ///< only sshkeep finds a reason not to start
    sshd_refuses,  ///< only sshd does
    elsewhere,     ///< sshd refused for something that is not in the files: a host key, a name, the connection given
};

struct Answer {
    Verdict verdict = Verdict::same;
    std::string expected;  ///< what sshd printed, or its last words
    std::string actual;    ///< what sshkeep would print, or its diagnostics
};

/// Puts the case to the sandbox's sshd and to sshkeep.
[[nodiscard]] Result<Answer> ask(const Case& question, const sshdconf::Build& build);

/// The same sshd twice: with the case's files, and with the copies that sshdconf::stage makes of them (`actual`).
[[nodiscard]] Result<Answer> ask_staged(const Case& question, const sshdconf::Build& build);

/// The smallest case that can be had by taking lines and parts of the connection away, with the same verdict and the
/// same first difference.
[[nodiscard]] Result<Case> shrink(Case question, const sshdconf::Build& build);

/// The first line that is not the same, without its values: differences with equal names have likely one cause.
[[nodiscard]] std::string name_of(const Answer& answer);

}  // namespace sshkeep::differential
