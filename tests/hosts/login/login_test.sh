#!/bin/bash
# login_test.sh SSHKEEP RELEASE [OPTION...]: what `sshkeep access check` predicts against real logins on a booted host of
# that release. Options are login.py's: --seed SEED, --only NUMBER, --scenarios NUMBER.
set -euo pipefail
# shellcheck source=tests/hosts/lib.sh
. "$(dirname "$0")/../lib.sh"

sshkeep=$(realpath "$1")
release=$2
shift 2
here=$(cd "$(dirname "$0")" && pwd)

scenarios=300
[[ ${SSHKEEP_LONG:-} != 1 ]] || scenarios=3000

hosts_begin
host_boot login "$release"
host_exec login systemctl stop ssh.service
openssh=$(host_exec login ssh -V 2>&1 | sed -n 's/^OpenSSH_\([0-9]*\.[0-9]*\).*/\1/p')
# In the network of the host, with the files, the client and the sshkeep of this machine.
nsenter --net="/proc/${hosts_leader[login]}/ns/net" -- python3 "$here/login.py" --sshkeep "$sshkeep" \
    --leader "${hosts_leader[login]}" --openssh "$openssh" --scenarios "$scenarios" \
    --again "$0 $sshkeep $release" "$@"
