#!/usr/bin/env bash
# Our checkpoints and inclusion proofs, judged by an implementation that is not ours: the npm package @sigstore/verify.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/ledger/lib.sh
. "$here/lib.sh"

modules=$build/interop
if [ ! -e "$modules/node_modules/@sigstore/verify" ]; then
    mkdir -p "$modules"
    (cd "$modules" && npm init -y > /dev/null 2>&1 && npm install --no-audit --no-fund --silent @sigstore/verify@3.1.1)
fi
for i in $(seq 20); do log run --target "target $i" -- true; done
log key > "$work/vkey"
for number in 0 1 7 20 31 39 40; do
    log prove "$number" --single -o "$work/$number.proof"
done
expect "@sigstore/verify accepts our checkpoints and proofs, and refuses bent ones" 0 '^accepted 7, refused 21' \
    env NODE_PATH="$modules/node_modules" node "$here/interop.js" "$work/vkey" "$work"/*.proof
finish
