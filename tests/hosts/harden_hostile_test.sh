#!/bin/bash
# harden_hostile_test.sh SSHKEEP RELEASE: the owner of a home directory swaps its files for links while a change is applied.
# Nothing outside of that home is written, read into it, or changes its owner, and no change gets stuck.
set -euo pipefail
# shellcheck source=tests/hosts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=tests/hosts/harden_lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/harden_lib.sh"
program=$1 release=$2 host=target

# Alice is the only administrator with a key, so the login test uses her account.
prepare() {
    harden_prepare "$1"
    rm "$1/root/.ssh/authorized_keys"
}

hosts_begin
host_boot "$host" "$release" prepare
host_install "$host" "$program"
# shellcheck disable=SC2016
host_exec "$host" sh -c 'printf "precious\n" >/etc/precious && chmod 600 /etc/precious && cat >/home/alice/swap' <<'ATTACK'
cd /home/alice
cp -a .ssh keep
while :; do
    rm -rf .ssh/authorized_keys; ln -s /etc/shadow .ssh/authorized_keys
    rm -rf .ssh/authorized_keys; ln -s /etc/precious .ssh/authorized_keys
    rm -rf .ssh/authorized_keys; mkfifo .ssh/authorized_keys
    rm -rf .ssh; ln -s /etc/ssh .ssh
    rm -rf .ssh; ln -s / .ssh
    rm -rf .ssh; cp -a keep .ssh
    sleep 0.05
done
ATTACK
secrets() {
    # shellcheck disable=SC2016
    host_exec "$host" sh -c 'sha256sum /etc/shadow /etc/passwd /etc/precious /etc/sudoers; stat -c "%n %U %G %a %Y" /etc/shadow \
        /etc/precious /etc/ssh /etc /; ls -la --ignore=proc --ignore=run --ignore=tmp --time-style=full-iso /etc/ssh /'
}
before=$(secrets)
host_exec "$host" setpriv --reuid alice --regid alice --clear-groups sh /home/alice/swap >/dev/null 2>&1 &
attack=$!
declare -A statuses=()
for ((i = 0; i < 25; i++)); do
    status=0
    host_exec "$host" timeout 60 sshkeep harden apply --set MaxAuthTries=4 --confirm-within 600 >"$hosts_directory/said" 2>&1 || status=$?
    statuses[$status]=$((${statuses[$status]:-0} + 1))
    tail -n 1 "$hosts_directory/said"
    [[ $status != 124 ]] || hosts_fail "apply hangs"
    host_exec "$host" sshkeep harden rollback >/dev/null 2>&1 || true
done
kill "$attack" 2>/dev/null || true
host_exec "$host" pkill -KILL -f /home/alice/swap || true
wait "$attack" 2>/dev/null || true
harden_expect 0 host_exec "$host" sshkeep harden status
after=$(secrets)
[[ $after == "$before" ]] || {
    diff <(printf '%s\n' "$before") <(printf '%s\n' "$after") >&2 || true
    hosts_fail "something outside of the home was changed"
}
for status in "${!statuses[@]}"; do
    echo "status $status: ${statuses[$status]}"
done
echo "ok: $release"
