#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "ledger/hash.h"

namespace sshkeep::ledger {

enum class Kind : std::uint8_t {
    intent = 1,     ///< an action is about to run
    outcome = 2,    ///< how the action of `refers_to` ended
    epoch = 3,      ///< from here on another key signs: `detail`; `refers_to` is the epoch record before
    erasure = 4,    ///< the payload of record `refers_to` was erased
    retention = 5,  ///< the records below `refers_to` were moved to an archive
};

enum class Status : std::uint8_t {
    none = 0,  ///< not an outcome
    succeeded = 1,
    failed = 2,   ///< tried, and did not work
    refused = 3,  ///< not tried: a check said no
    rolled_back = 4,
};

using Id = std::array<std::uint8_t, 16>;

constexpr std::uint32_t no_login = std::numeric_limits<std::uint32_t>::max();  ///< the kernel's "not set"
constexpr std::uint64_t no_reference = std::numeric_limits<std::uint64_t>::max();

/// Who asked for it, as far as the system tells.
struct Actor {
    std::uint32_t login_uid = no_login;  ///< who logged in, through every su and sudo
    std::uint32_t uid = 0;
    std::string user;  ///< name of login_uid, or of uid without one
    std::string key;   ///< fingerprint of the SSH key of the session, "SHA256:..."; empty when not told
    std::uint32_t pid = 0;
    std::string process;

    friend bool operator==(const Actor&, const Actor&) = default;
};

/// One record. Its canonical bytes (encode_record) are a leaf of the tree.
struct Record {
    std::uint64_t sequence = 0;
    Kind kind = Kind::intent;
    std::int64_t time = 0;  ///< UTC, nanoseconds since the epoch
    Id boot{};
    std::uint64_t monotonic = 0;  ///< nanoseconds since that boot
    Actor actor;
    std::string host;
    Id request{};  ///< shared by an intent and its outcome, and by all parts of one command
    std::uint64_t refers_to = no_reference;
    std::string action;          ///< "config.apply"
    std::string target;          ///< a path, an account, an address
    std::optional<Hash> before;  ///< SHA-256 of the target before the action
    std::optional<Hash> after;
    Status status = Status::none;
    std::string detail;
    std::optional<Hash> payload;  ///< salted hash of the erasable payload beside this record
    std::string program;          ///< "sshkeep 0.1.0"

    friend bool operator==(const Record&, const Record&) = default;
};

constexpr std::size_t max_text = 4096;           ///< bytes of each text of a record
constexpr std::size_t max_record = 64UZ * 1024;  ///< bytes of an encoded record
constexpr std::size_t max_payload = 64UZ * 1024;

/// Canonical bytes, schema 1. Texts longer than max_text are an Error (too_large).
[[nodiscard]] Result<std::string> encode_record(const Record& record);
/// The record of canonical bytes; anything that encode_record would not have written is an Error.
[[nodiscard]] Result<Record> decode_record(std::string_view bytes);
/// The sequence alone, without decoding the rest; nothing when the bytes are too short or of another schema.
[[nodiscard]] std::optional<std::uint64_t> peek_sequence(std::string_view bytes);

/// A payload that may have to be forgotten, and the salt that keeps its hash from being guessed.
struct Payload {
    Hash salt{};
    std::string bytes;
};

/// SHA-256(0x02 || salt || bytes).
[[nodiscard]] Hash payload_hash(const Payload& payload);

[[nodiscard]] std::string_view name_of(Kind kind);
[[nodiscard]] std::string_view name_of(Status status);

}  // namespace sshkeep::ledger
