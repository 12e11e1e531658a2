#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sshdconf/build.h"

namespace sshkeep::sshdconf {

/// Lists of algorithm names that sshd_config sets. `plain_keys` are key types without certificates, for CA signatures.
enum class AlgorithmList : std::uint8_t { kex, ciphers, macs, keys, plain_keys };

struct AlgorithmRow {
    int since;  ///< version_number() of the first release
    std::string_view names;
};

/// algorithm_table.cc: what each release supports, and what it offers by default.
[[nodiscard]] std::span<const AlgorithmRow> supported_rows(AlgorithmList list);
[[nodiscard]] std::span<const AlgorithmRow> default_rows(AlgorithmList list);

[[nodiscard]] std::string supported_algorithms(AlgorithmList list, const Build& build);
[[nodiscard]] std::string default_algorithms(AlgorithmList list, const Build& build);

/// Whether sshd takes the argument of a directive ("aes256-ctr", "+ssh-*"): unknown names are refused, except
/// behind a `-`.
[[nodiscard]] bool valid_algorithms(AlgorithmList list, std::string_view argument, const Build& build);
/// The list that the argument gives: `+ - ^` applied to the default, patterns expanded. Nothing when that leaves no
/// algorithm, with which sshd does not start.
[[nodiscard]] std::optional<std::string> assemble_algorithms(AlgorithmList list, std::string_view argument,
                                                             const Build& build);

}  // namespace sshkeep::sshdconf
