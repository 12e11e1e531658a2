#!/usr/bin/env bash
# Every shell script passes shellcheck.
set -euo pipefail
cd "$(dirname "$0")/../.."
{
    git ls-files '*.sh'
    git grep -lE '^#!.*\b(ba)?sh$' -- script .ci
} | sort -u | xargs -r shellcheck -x
