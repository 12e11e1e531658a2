#!/usr/bin/env bash
# Checks tests/lint/layers.txt against the #include lines of src/, and that the pure rooms stay pure.
# layers.sh [SOURCE_DIR]; exits 1 and names file and line of each break.
set -euo pipefail
cd "${1:-$(dirname "$0")/../..}"
rules=tests/lint/layers.txt
pure="base model sshdconf keyfmt facts access rules plan report ports ledger"
broken=0

complain() { printf '%s\n' "$*"; broken=1; }

while IFS=: read -r room allowed; do
    case $room in '' | '#'*) continue ;; esac
    [ -d "src/$room" ] || complain "$rules names the room $room, which does not exist"
    allowed=" $room $allowed "
    while IFS=: read -r file line include; do
        used=${include#*\"}
        used=${used%%/*}
        case $allowed in
            *" $used "*) ;;
            *) complain "$file:$line: $room may not include $used" ;;
        esac
    done < <(grep -rnE '^#include "[a-z_]+/' --include='*.h' --include='*.cc' --exclude='*_test.cc' --exclude='test*.h' "src/$room" || true)
done < "$rules"

for folder in src/*/; do
    room=$(basename "$folder")
    grep -q "^$room:" $rules || complain "room $room is not in $rules"
    [ -e "$folder/README.md" ] || complain "room $room has no README.md"
done

# The outside world: files, clocks, the environment, sockets, chance.
forbidden='#include <(filesystem|fstream|unistd\.h|fcntl\.h|sys/(stat|socket|mman|wait)\.h|pwd\.h|grp\.h|random)>|_clock::now\b|\b(getenv|fopen|system|popen|time|gettimeofday|clock_gettime|rand)\('
for room in $pure; do
    [ -d "src/$room" ] || continue
    while read -r found; do
        [ -z "$found" ] || complain "$found  <- not in a pure room"
    done < <(grep -rnE "$forbidden" --include='*.h' --include='*.cc' --exclude='*_test.cc' --exclude='test*.h' "src/$room" || true)
done
exit $broken
