#!/bin/bash
# harden_test.sh SSHKEEP RELEASE: changes a booted host over SSH, confirms, rolls back, and lets the time run out.
set -euo pipefail
# shellcheck source=tests/hosts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=tests/hosts/harden_lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/harden_lib.sh"
program=$1 release=$2 host=target
readonly sshkeep=/usr/local/bin/sshkeep

hosts_begin
host_boot "$host" "$release" harden_prepare
host_install "$host" "$program"
# sudo leaves a file in the home of who uses it for the first time.
harden_ssh "$host" alice sudo true || hosts_fail "alice cannot log in at all"

# --- a plan changes nothing ------------------------------------------------------------------------------------------
before=$(harden_picture "$host")
harden_expect 0 harden_ssh "$host" alice sudo $sshkeep harden plan
harden_says 'PermitRootLogin\|MaxAuthTries\|sshd_config'
harden_same "$host" "$before" "after a plan"

# --- apply, and the confirmation from a new connection ---------------------------------------------------------------
socket=$hosts_directory/control
master() {
    on_network ssh -F none -o IdentitiesOnly=yes -o BatchMode=yes -o StrictHostKeyChecking=no \
        -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR -o ControlPath="$socket" -i "$harden_keys/alice" "$@"
}
master -M -N -f "alice@$(host_address "$host")"
harden_ssh "$host" root true || hosts_fail "root cannot log in beforehand"
harden_expect 0 master "alice@$(host_address "$host")" sudo $sshkeep harden apply --set PermitRootLogin=no --confirm-within 90
harden_says 'harden confirm'
harden_state "$host" waiting
! harden_ssh "$host" root true 2>/dev/null || hosts_fail "root still logs in"
harden_expect 4 master "alice@$(host_address "$host")" sudo $sshkeep harden confirm
harden_says 'open a new one'
harden_expect 0 harden_ssh "$host" alice sudo $sshkeep harden confirm
harden_state "$host" confirmed
master -O exit "alice@$(host_address "$host")" 2>/dev/null || true
harden_expect 2 harden_ssh "$host" alice sudo $sshkeep harden confirm
# shellcheck disable=SC2016
host_exec "$host" sh -c 'test -z "$(ls /etc/systemd/system/sshkeep-boot-* 2>/dev/null)"' || hosts_fail "the boot unit is left"
host_exec "$host" sh -c '! grep -r "sshkeep login test" /root/.ssh /home' || hosts_fail "the test key is left"
# shellcheck disable=SC2016
host_exec "$host" sh -c 'test -z "$(find /etc/ssh -name ".sshkeep*")"' || hosts_fail "a second name is left"

# --- rollback of a confirmed change ----------------------------------------------------------------------------------
harden_expect 0 harden_ssh "$host" alice sudo $sshkeep harden rollback
harden_same "$host" "$before" "after the rollback of a confirmed change"
harden_ssh "$host" root true || hosts_fail "root cannot log in after the rollback"

# --- rollback of a waiting change ------------------------------------------------------------------------------------
harden_expect 0 harden_ssh "$host" alice sudo $sshkeep harden apply --set MaxAuthTries=4 --format json --confirm-within 90
harden_says '"state": "waiting"'
harden_expect 2 harden_ssh "$host" alice sudo $sshkeep harden apply --set MaxAuthTries=3
harden_says 'is waiting'
harden_expect 0 harden_ssh "$host" alice sudo $sshkeep harden rollback
harden_same "$host" "$before" "after the rollback of a waiting change"

# --- nobody confirms, and sshkeep is gone ----------------------------------------------------------------------------
harden_expect 0 harden_ssh "$host" alice sudo $sshkeep harden apply --set PermitRootLogin=no --confirm-within 8 --format json
deadline=$(python3 -c 'import json,sys,datetime; d=json.load(sys.stdin)["deadline"]
print(datetime.datetime.fromisoformat(d[:19]+"+00:00").timestamp())' <<<"$harden_output")
host_exec "$host" mv /opt/sshkeep /opt/sshkeep.away
host_exec "$host" rm $sshkeep
while python3 -c "import time,sys; sys.exit(time.time() > $deadline + 2)"; do sleep 0.1; done
harden_same "$host" "$before" "two seconds after the deadline"
harden_ssh "$host" root true || hosts_fail "root cannot log in after the deadline"
host_exec "$host" mv /opt/sshkeep.away /opt/sshkeep
host_install "$host" "$program"
harden_expect 0 host_exec "$host" sshkeep harden status
harden_state "$host" rolled-back

# --- the host dies while a change waits ------------------------------------------------------------------------------
harden_expect 0 harden_ssh "$host" alice sudo $sshkeep harden apply --set PermitRootLogin=no --confirm-within 600
host_crash "$host"
host_reboot "$host"
harden_same "$host" "$before" "after the host died and booted again"
harden_ssh "$host" root true || hosts_fail "root cannot log in after the crash"
harden_expect 0 host_exec "$host" sshkeep harden status
harden_state "$host" rolled-back

# --- an administrator first, then root's key only tells of him --------------------------------------------------------
harden_expect 2 host_exec "$host" sshkeep harden admin 'carol;id' --copy-root-keys
harden_expect 0 host_exec "$host" sshkeep harden admin carol --copy-root-keys
cp "$harden_keys/root" "$harden_keys/carol"
[[ $(harden_ssh "$host" carol sudo id -u) == 0 ]] || hosts_fail "the new administrator does not administer"
harden_expect 0 host_exec "$host" sshkeep harden admin carol --copy-root-keys
harden_says 'already'
before=$(harden_picture "$host")
harden_expect 2 harden_ssh "$host" alice sudo $sshkeep harden apply --root-notice nobody-such
harden_expect 0 harden_ssh "$host" alice sudo $sshkeep harden apply --root-notice carol
harden_expect 0 harden_ssh "$host" alice sudo $sshkeep harden confirm
harden_output=$(timeout 5 nsenter --net="/run/netns/$hosts_network" ssh -F none -o BatchMode=yes -o StrictHostKeyChecking=no \
    -o UserKnownHostsFile=/dev/null -i "$harden_keys/root" "root@$(host_address "$host")" id 2>&1) || true
harden_says 'Please login as the user "carol" rather than the user "root"'
! grep --quiet uid=0 <<<"$harden_output" || hosts_fail "root still gets a command"
harden_expect 0 harden_ssh "$host" carol sudo $sshkeep harden rollback
harden_same "$host" "$before" "after the notice was rolled back"

# --- everything is in the ledger -------------------------------------------------------------------------------------
harden_expect 0 host_exec "$host" sshkeep log verify
harden_expect 0 host_exec "$host" sshkeep log show
harden_says 'harden.apply'
echo "ok: $release"
