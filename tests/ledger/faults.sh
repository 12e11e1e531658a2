#!/usr/bin/env bash
# A full disk, a read-only mount, a corrupt page, a lock held: the caller is told, and no action runs unrecorded.
set -euo pipefail
if [ "${SSHKEEP_OWN_MOUNTS:-}" = "" ]; then
    exec env SSHKEEP_OWN_MOUNTS=1 unshare --mount --propagation private "$0" "$@"
fi
# shellcheck source=tests/ledger/lib.sh
. "$(dirname "$0")/lib.sh"
trap 'umount "$work/disk" 2> /dev/null || true; rm -rf "$work"' EXIT

mkdir "$work/disk"
mount -t tmpfs -o size=400k,mode=700 tmpfs "$work/disk"
ledger=$work/disk/ledger
marker=$work/acted
act() { log run --action test.act --target "$(head -c 3000 /dev/zero | tr '\0' x)" -- touch "$marker"; }

for _ in $(seq 200); do
    rm -f "$marker"
    act 2> "$work/errors" || break
done
expect "a full disk" 0 'not recorded: .*disk is full' cat "$work/errors"
rm -f "$marker"
expect "is told each time" 3 'not recorded|disk is full|No space' act
check "and the action did not run" test ! -e "$marker"
mount -o remount,size=8m "$work/disk"
expect "with space again nothing is lost" 0 '^good' log verify
expect "and it goes on" 0 '' act
log checkpoint --to-file "$work/saved" > /dev/null

rm -f "$marker"
mount -o remount,ro "$work/disk"
expect "a read-only mount" 3 'read-only|Read-only' act
check "no action there" test ! -e "$marker"
expect "reading works there" 0 '^good' log verify --checkpoint "$work/saved"
mount -o remount,rw "$work/disk"

python3 - "$ledger/ledger.db" "$work/held" << 'EOF' &
import pathlib, sqlite3, sys, time
database = sqlite3.connect("file:" + sys.argv[1] + "?mode=rw", uri=True, isolation_level=None)
database.execute("BEGIN IMMEDIATE")
pathlib.Path(sys.argv[2]).touch()
time.sleep(120)
EOF
holder=$!
for _ in $(seq 200); do [ -e "$work/held" ] && break; sleep 0.1; done
expect "a lock held by another process" 3 'another process holds the ledger' act
check "no action then" test ! -e "$marker"
expect "readers do not wait" 0 'test.act' log show
kill $holder
wait $holder 2> /dev/null || true
expect "and it goes on afterwards" 0 '' act

rm -f "$marker"
cp "$ledger/ledger.db" "$work/sound.db"
pages=$(($(stat -c %s "$ledger/ledger.db") / 4096))
for page in $(seq 1 "$pages"); do
    cp "$work/sound.db" "$ledger/ledger.db"
    rm -f "$ledger"/ledger.db-*
    printf '\xA5\x5A' | dd of="$ledger/ledger.db" bs=1 seek=$(((page - 1) * 4096 + 2000)) conv=notrunc status=none
    if ! output=$(log verify) && grep -q "page $page of the database file" <<< "$output"; then continue; fi
    expect "a corrupt page, number $page" 1 "page $page of the database file" log verify
done
expect "every corrupt page is named" 0 . echo "$pages pages"
cp "$work/sound.db" "$ledger/ledger.db"
for page in 1 2; do  # the schema, the head
    printf '\xA5\x5A' | dd of="$ledger/ledger.db" bs=1 seek=$(((page - 1) * 4096 + 2000)) conv=notrunc status=none
    expect "writing to a damaged file, page $page" 2 'damaged' act
    check "runs nothing" test ! -e "$marker"
    cp "$work/sound.db" "$ledger/ledger.db"
done
rm "$ledger/signing.key"
expect "without the private key" 3 'private key' act
check "no action either" test ! -e "$marker"
finish
