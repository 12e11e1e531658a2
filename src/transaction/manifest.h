#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "transaction/transaction.h"

namespace sshkeep::transaction {

/// manifest.json of a transaction's directory; docs/formats/transaction.md.
[[nodiscard]] std::string render_manifest(const Manifest& manifest);
[[nodiscard]] Result<Manifest> parse_manifest(std::string_view json);

}  // namespace sshkeep::transaction
