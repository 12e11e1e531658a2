#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/untrusted.h"
#include "keyfmt/public_key.h"

namespace sshkeep::keyfmt {

/// The options of one authorized_keys entry, as sshd(8) "AUTHORIZED_KEYS FILE FORMAT" and auth-options.c read them.
struct KeyOptions {
    bool cert_authority = false;
    bool restrict_all = false;    ///< "restrict"
    bool port_forwarding = true;  ///< after restrict and the single options
    bool agent_forwarding = true;
    bool x11_forwarding = true;
    bool pty = true;
    bool user_rc = true;
    bool touch_required = true;  ///< false with no-touch-required
    bool verify_required = false;
    std::optional<Untrusted> command;
    std::optional<Untrusted> from;  ///< the pattern list as written
    std::vector<Untrusted> principals;
    std::vector<Untrusted> environment;       ///< NAME=value
    std::vector<Untrusted> permit_open;       ///< HOST:PORT as written
    std::vector<Untrusted> permit_listen;     ///< likewise; a port alone has become "*:PORT"
    std::optional<int> tunnel;                ///< 2^31-1 for "any"
    std::optional<std::int64_t> expiry_time;  ///< seconds since the epoch, UTC unless the host's zone is passed in
    /// Any option besides cert-authority was given.
    bool any = false;
};

/// One line of an authorized_keys file.
struct AuthorizedKey {
    std::uint32_t line = 0;        ///< from 1
    std::optional<PublicKey> key;  ///< absent: sshd ignores the line
    KeyOptions options;
    Untrusted comment;     ///< no more than its first 4096 bytes
    std::string rejected;  ///< why sshd ignores the line: "unknown option", "bad base64", ...; empty when accepted
};

/// Of more lines than these that sshd ignores, only the first ones are listed; accepted lines are always all listed.
inline constexpr std::size_t max_rejected_lines = 10'000;

/// Reads a whole file. Blank lines and comments give nothing; every other line gives one entry, accepted or rejected,
/// exactly as sshd reads it (first as a key, then as options and a key). Lines end with LF; a trailing CR is part of
/// the comment. An expired entry is accepted here: this room knows no clock. So is a certificate authority.
/// `utc_offset` is the host's zone in seconds east of UTC, for expiry-time without Z.
[[nodiscard]] std::vector<AuthorizedKey> parse_authorized_keys(std::string_view bytes, std::int32_t utc_offset = 0);

}  // namespace sshkeep::keyfmt
