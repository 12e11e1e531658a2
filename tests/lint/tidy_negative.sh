#!/usr/bin/env bash
# clang-tidy, as .clang-tidy sets it up, refuses a dropped Result, a dropped Error and a result cast to void.
set -euo pipefail
cd "$(dirname "$0")/../.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# tidy STATEMENT: what clang-tidy says of a function with that statement.
tidy() {
    cat > "$scratch/snippet.cc" <<SNIPPET
#include "base/result.h"

namespace sshkeep {
Result<int> answer();
Result<void> act();
Error mistake();
bool act_of_snippet();
bool act_of_snippet() {
    $1
    return true;
}
}  // namespace sshkeep
SNIPPET
    clang-tidy-19 --quiet --config-file=.clang-tidy "$scratch/snippet.cc" -- -std=c++23 -Isrc 2> "$scratch/stderr"
}

broken=0
for statement in 'answer();' 'act();' '(void)act();' 'mistake();'; do
    if said=$(tidy "$statement") || [[ $said != *bugprone-unused-return-value* ]]; then
        printf 'clang-tidy lets this pass: %s\n%s\n' "$statement" "$said"
        broken=1
    fi
done
# The snippet itself is clean, so that the refusals above are about the statement.
if ! said=$(tidy 'return act().has_value();'); then
    printf 'clang-tidy refuses correct code:\n%s\n' "$said"
    broken=1
fi
exit $broken
