#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "access/state.h"

/// PAM's way through a stack of modules of which some are not known: libpam's _pam_dispatch. Used within the room.
namespace sshkeep::access {

/// What a module may return, by its number in <security/_pam_types.h>.
enum class PamCode : std::uint8_t {
    success = 0,
    service_err = 3,
    perm_denied = 6,
    auth_err = 7,
    authinfo_unavail = 9,
    user_unknown = 10,
    maxtries = 11,
    new_authtok_reqd = 12,
    acct_expired = 13,
    ignore = 25,
    authtok_expired = 27,
};

/// A set of codes, one bit each.
using PamCodes = std::uint32_t;
inline constexpr unsigned pam_code_count = 32;
[[nodiscard]] constexpr PamCodes only(PamCode code) { return PamCodes{1} << static_cast<unsigned>(code); }
/// What a module that is not known may say, as far as it decides who gets in; that it asks for a new password is not
/// foreseen.
inline constexpr PamCodes any_pam_code = only(PamCode::success) | only(PamCode::auth_err) | only(PamCode::ignore);

/// What one module says, and why it is not a plain success.
struct PamAnswer {
    PamCodes codes = only(PamCode::success);
    std::string why = {};

    [[nodiscard]] bool certain() const noexcept { return (codes & (codes - 1)) == 0; }
};

/// What is asked of the modules.
struct PamQuestion {
    const State& state;
    const facts::Account& account;
    const Policy& policy;
    const Origin& origin;
    Credential credential;
};

/// pam_modules.cc: one module in the `account` or the `auth` stack.
[[nodiscard]] PamAnswer answer_of(const PamQuestion& question, const facts::PamLine& line);
/// pam_access.cc
[[nodiscard]] PamAnswer answer_of_pam_access(const PamQuestion& question, const facts::PamLine& line);
/// pam_faillock.cc
[[nodiscard]] PamAnswer answer_of_pam_faillock(const PamQuestion& question, const facts::PamLine& line);

/// What the whole stack may come to.
struct PamOutcome {
    PamCodes codes = 0;
    Reason reason;  ///< of the module that refuses or is not known
};
[[nodiscard]] PamOutcome run_pam_stack(const PamQuestion& question, std::string_view type);

}  // namespace sshkeep::access
