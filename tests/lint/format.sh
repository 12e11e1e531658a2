#!/usr/bin/env bash
# Every C++ file is as clang-format 19 writes it. format.sh --fix rewrites.
set -euo pipefail
cd "$(dirname "$0")/../.."
mode=(--dry-run --Werror)
[ "${1:-}" != --fix ] || mode=(-i)
git ls-files -z '*.h' '*.cc' | xargs -0 -r -n 40 -P 2 clang-format-19 "${mode[@]}"
