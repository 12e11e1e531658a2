#pragma once

#include <string>

#include "dialect.h"
#include "random.h"
#include "values.h"

namespace sshkeep::differential {

/// How to write a line that means the same: letter case, blanks, '=', quotes, escapes, a comment after it.
/// No newline. `raw`: the words are the rest of the line as it stands.
[[nodiscard]] std::string spell_line(Random& random, const Dialect& dialect, const std::string& keyword,
                                     const Words& words, bool raw);

/// A Match line. Criteria come as pairs of name and pattern; a pattern may be empty ("all").
[[nodiscard]] std::string spell_match(Random& random, const Dialect& dialect,
                                      const std::vector<std::pair<std::string, std::string>>& criteria);

/// A line that says nothing.
[[nodiscard]] std::string spell_nothing(Random& random);

}  // namespace sshkeep::differential
