#!/bin/bash
# harden_kill_test.sh SSHKEEP RELEASE: kills `harden apply`, or the whole host, at random moments. Afterwards there is the old
# state or the new one, sshd runs, a login works, and the ledger tells which it is. 30 times, 200 with SSHKEEP_LONG=1.
set -euo pipefail
# shellcheck source=tests/hosts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=tests/hosts/harden_lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/harden_lib.sh"
program=$1 release=$2 host=target
kills=30
[[ ${SSHKEEP_LONG:-} != 1 ]] || kills=200
RANDOM=${SSHKEEP_SEED:-$$}
hosts_log "seed $RANDOM: replay with SSHKEEP_SEED"

hosts_begin
host_boot "$host" "$release" harden_prepare
host_install "$host" "$program"
before=$(harden_picture "$host")

# How long an undisturbed one takes, in milliseconds.
began=$(date +%s%3N)
harden_expect 0 host_exec "$host" sshkeep harden apply --set MaxAuthTries=4 --confirm-within 900
whole=$(($(date +%s%3N) - began))
harden_expect 0 host_exec "$host" sshkeep harden rollback
harden_same "$host" "$before" "after an undisturbed one"

declare -A outcomes=()
for ((i = 1; i <= kills; i++)); do
    # Every second one late, where files are changed: most of the time goes into the proofs before that.
    pause=$((i % 2 == 0 ? RANDOM * whole / 32768 : whole * 6 / 10 + RANDOM * whole * 4 / 327680))
    host_exec "$host" sshkeep harden apply --set MaxAuthTries=4 --confirm-within 900 >/dev/null 2>&1 &
    apply=$!
    sleep "$(printf '%d.%03d' $((pause / 1000)) $((pause % 1000)))"
    if ((i % 6 == 0)); then
        host_crash "$host"
        wait "$apply" 2>/dev/null || true
        host_reboot "$host" # what was armed is undone before sshd starts
    else
        host_exec "$host" pkill -KILL -f '/opt/sshkeep/sshkeep harden appl[y]' || true
        wait "$apply" 2>/dev/null || true
    fi
    # The next start of anything of ours deals with it.
    harden_expect 0 host_exec "$host" sshkeep harden status --format json
    state=$(python3 -c 'import json,sys
text = sys.stdin.read()
all = json.loads(text[text.index("{"):])["transactions"]
print(all[-1]["state"] if all else "none")' <<<"$harden_output")
    outcomes[$state]=$((${outcomes[$state]:-0} + 1))
    case $state in
        waiting) harden_expect 0 host_exec "$host" sshkeep harden rollback ;;
        rolled-back | failed | none) ;;
        *) hosts_fail "kill $i after $pause ms left a transaction that is $state" ;;
    esac
    harden_same "$host" "$before" "kill $i after $pause ms, $state"
    # shellcheck disable=SC2016
    host_exec "$host" sh -c 'test -z "$(ls -A /etc/systemd/system | grep sshkeep)"' || hosts_fail "a unit is left"
    harden_ssh "$host" alice true || hosts_fail "kill $i after $pause ms: no login any more"
done
harden_expect 0 host_exec "$host" sshkeep log verify
for state in "${!outcomes[@]}"; do
    echo "$state: ${outcomes[$state]}"
done
echo "ok: $kills kills on $release"
