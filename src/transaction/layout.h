#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "transaction/transaction.h"

/// Names within a transaction's directory and around it; docs/formats/transaction.md.
namespace sshkeep::transaction {

/// The state is the name of an empty file, so that one rename(2) decides between a confirmation and the timer.
namespace marker {
inline constexpr std::string_view armed = "armed";
inline constexpr std::string_view waiting = "waiting";  ///< beside `armed`: every change is made and proved
inline constexpr std::string_view confirmed = "confirmed";
inline constexpr std::string_view reverting = "reverting";
inline constexpr std::string_view rolled_back = "rolled-back";
inline constexpr std::string_view failed = "failed";
inline constexpr std::string_view recorded = "recorded";  ///< the ledger has the outcome
}  // namespace marker

[[nodiscard]] std::string directory_of(const std::string& path);
/// The directories of all changed files and of the unit at boot, each once.
[[nodiscard]] std::vector<std::string> directories_of(const Manifest& manifest);
/// A second name of the original, beside it: undoing needs no space on the disk.
[[nodiscard]] std::string beside(const Manifest& manifest, std::size_t change);
[[nodiscard]] std::string unit_name(const Manifest& manifest);  ///< of the timer: "sshkeep-revert-ID"
[[nodiscard]] std::string boot_unit(const Manifest& manifest);  ///< its file
[[nodiscard]] std::string boot_link(const Manifest& manifest);  ///< what enables it
[[nodiscard]] std::string boot_unit_text(const Manifest& manifest, const std::string& directory);

}  // namespace sshkeep::transaction
