#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "access/access.h"

namespace sshkeep::access {

/// Who makes the change, and how he is connected now.
struct Operator {
    std::string user;     ///< the account he logged in as
    std::string address;  ///< of his client; empty: at the console
    std::optional<std::string> local_address;
    std::optional<std::uint16_t> local_port;
    std::string key;           ///< fingerprint of the key of his session; empty: not known
    std::uint32_t offers = 1;  ///< keys his client offers, at least
    bool uses_sftp = false;
};

struct Difference {
    std::vector<Path> lost;
    std::vector<Path> gained;
    std::vector<Path> kept;
    /// The same way in, but sources, restrictions, session or certainty changed: before and after.
    struct Changed {
        Path before;
        Path after;
    };
    std::vector<Changed> changed;
};

/// Same way in: user, methods, key, authority and via are equal.
[[nodiscard]] Difference compare(const std::vector<Path>& before, const std::vector<Path>& after);

/// Why a change must not be made.
struct Danger {
    std::string account;  ///< who would be locked out; empty: everybody
    std::string text;     ///< one sentence, fit for people
};

/// Every reason to refuse a change, the worst first; empty: it is safe as far as is known. What was impossible before
/// already is no danger of the change, except that some account with administrative power must be able to get in after
/// it. That one of several loses its way in is no danger; that the operator does, is. Accounts in `may_lose` are left
/// out. What is unknown after the change counts as lost.
[[nodiscard]] Result<std::vector<Danger>> dangers(const Model& before, const Model& after,
                                                  const std::optional<Operator>& by,
                                                  const std::vector<std::string>& may_lose);

}  // namespace sshkeep::access
