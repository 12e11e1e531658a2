#!/bin/bash
# harden_dangers_test.sh SSHKEEP RELEASE: changes that would lock somebody out are refused before anything is changed, and
# harmless ones beside them are not.
set -euo pipefail
# shellcheck source=tests/hosts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=tests/hosts/harden_lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/harden_lib.sh"
program=$1 release=$2 host=target
failures=0

hosts_begin
host_boot "$host" "$release" harden_prepare
host_install "$host" "$program"
host_exec "$host" cp -a /etc /root/etc
host_exec "$host" cp -a /home /root/home
host_exec "$host" cp -a /root/.ssh /root/ssh

# The host as it was in the beginning, for the next case.
restore() {
    # shellcheck disable=SC2016
    host_exec "$host" sh -c 'for file in passwd shadow group pam.d/sshd shells ssh; do
            rm -rf "/etc/$file"; cp -a "/root/etc/$file" "/etc/$file"
        done
        rm -rf /home/alice /home/bob /root/.ssh /etc/nologin
        cp -a /root/home/alice /root/home/bob /home/; cp -a /root/ssh /root/.ssh
        mkdir -p -m 755 /run/sshd'
}

on_host() { host_exec "$host" sh -c "$1"; }

# refused NAME PATTERN OPTION=VALUE...: exit status 4 and the reason; nothing is changed by apply either.
refused() {
    local name=$1 pattern=$2 status=0 output arguments=() before
    shift 2
    for option in "$@"; do arguments+=(--set "$option"); done
    output=$(host_exec "$host" sshkeep harden plan "${arguments[@]}" 2>&1) || status=$?
    if [[ $status != 4 ]] || ! grep --quiet --ignore-case -e "$pattern" <<<"$output"; then
        echo "WRONG ($release, $name): status $status, expected 4 and '$pattern':" >&2
        head -n 6 <<<"$output" >&2
        failures=$((failures + 1))
        return
    fi
    before=$(harden_picture "$host")
    status=0
    host_exec "$host" sshkeep harden apply "${arguments[@]}" >/dev/null 2>&1 || status=$?
    [[ $status == 4 ]] || { echo "WRONG ($release, $name): apply ends with $status" >&2; failures=$((failures + 1)); }
    harden_same "$host" "$before" "after a refused $name"
}

# fine NAME OPTION=VALUE...: the plan can be applied.
fine() {
    local name=$1 status=0 output arguments=()
    shift
    for option in "$@"; do arguments+=(--set "$option"); done
    output=$(host_exec "$host" sshkeep harden plan "${arguments[@]}" 2>&1) || status=$?
    [[ $status == 0 ]] || {
        echo "WRONG ($release, $name): status $status, expected 0:" >&2
        head -n 6 <<<"$output" >&2
        failures=$((failures + 1))
    }
}

no_password=(PasswordAuthentication=no KbdInteractiveAuthentication=no)
[[ $release != bullseye ]] || no_password=(PasswordAuthentication=no ChallengeResponseAuthentication=no)

fine "root closed while alice administers" PermitRootLogin=no
fine "passwords off while keys are there" "${no_password[@]}"

refused "AllowGroups without an administrator" "administrative power" AllowGroups=nobody-such
fine "AllowGroups with one" AllowGroups=sudo

on_host 'rm /home/alice/.ssh/authorized_keys'
refused "root closed while only root has a key" "administrative power" PermitRootLogin=no
restore

on_host 'rm /home/alice/.ssh/authorized_keys /root/.ssh/authorized_keys; echo alice:secret | chpasswd'
refused "passwords off while no administrator has a key" "administrative power" "${no_password[@]}"
restore

refused "a second factor that nobody has" "administrative power" AuthenticationMethods=publickey,password
on_host 'echo alice:secret | chpasswd'
fine "a second factor that alice has" AuthenticationMethods=publickey,password
restore

on_host 'usermod -e 2001-01-01 alice'
refused "the other administrator has expired" "administrative power" PermitRootLogin=no
restore
on_host 'usermod -L alice; usermod -L root'
refused "locked, and UsePAM off" "administrative power" UsePAM=no
restore
on_host 'cp /bin/bash /bin/other; usermod -s /bin/other alice; sed -i "1i account required pam_shells.so" /etc/pam.d/sshd'
refused "a shell that PAM does not like" "administrative power" PermitRootLogin=no
restore
on_host 'usermod -s /usr/sbin/nologin alice'
refused "a shell that ends at once" "administrative power" PermitRootLogin=no
restore
on_host 'touch /etc/nologin'
refused "nologin" "administrative power" PermitRootLogin=no
restore

on_host 'chmod 777 /home/alice'
refused "a home that anybody can write" "administrative power" PermitRootLogin=no
restore
on_host 'chmod 666 /home/alice/.ssh/authorized_keys'
refused "a key file that anybody can write" "administrative power" PermitRootLogin=no
restore
on_host 'chmod 777 /root/.ssh; chmod 777 /home/alice/.ssh'
on_host 'echo "StrictModes no" >/etc/ssh/sshd_config.d/50-lax.conf'
refused "StrictModes with lax modes" "administrative power" StrictModes=yes
restore

refused "an address that is not this host's" "connect" ListenAddress=198.51.100.7
refused "no host key is left" "connect" HostKeyAlgorithms=ssh-ed25519-cert-v01@openssh.com
refused "a host key that is not there" "connect" HostKey=/etc/ssh/no_such_key
refused "ciphers that no client offers" "" Ciphers=3des-cbc
refused "key types" "administrative power" "$([[ $release == bullseye ]] && echo PubkeyAcceptedKeyTypes || echo PubkeyAcceptedAlgorithms)=rsa-sha2-512"
refused "a chroot" "administrative power" ChrootDirectory=/home
refused "a forced command" "administrative power" ForceCommand=/bin/true
refused "sftp only" "administrative power" "ForceCommand=internal-sftp"
refused "keys elsewhere" "administrative power" AuthorizedKeysFile=/etc/ssh/keys/%u
if [[ $release != bullseye ]]; then
    on_host 'ssh-keygen -q -t rsa -b 2048 -N "" -f /root/rsa && cat /root/rsa.pub >/home/alice/.ssh/authorized_keys'
    refused "key sizes" "administrative power" RequiredRSASize=3072 PermitRootLogin=no
    restore
fi

# The one who asks, from where he is connected.
operator() {
    local name=$1 wanted=$2 pattern=$3 status=0 output
    shift 3
    output=$(harden_ssh "$host" alice "$@" 2>&1) || status=$?
    if [[ $status != "$wanted" ]] || ! grep --quiet -e "$pattern" <<<"$output"; then
        echo "WRONG ($release, $name): status $status, expected $wanted and '$pattern':" >&2
        head -n 6 <<<"$output" >&2
        failures=$((failures + 1))
    fi
}
operator "the operator is denied" 4 "You, alice" sudo sshkeep harden plan --set AllowUsers=root
operator "the operator's address is denied" 4 "You, alice" sudo sshkeep harden plan --set AllowUsers=alice@198.51.100.0/24 --set AllowUsers=root
operator "the operator's address is allowed" 0 "Ways in" sudo sshkeep harden plan --set 'AllowUsers=alice@192.0.2.0/24' --set AllowUsers=root
operator "losing him on purpose" 0 "Ways in" sudo sshkeep harden plan --set AllowUsers=root --allow-losing alice
operator "another port" 0 "Port 2222" sudo sshkeep harden plan --set Port=2222
operator "an agent with more keys than are tried" 4 "MaxAuthTries" \
    eval "'eval \$(ssh-agent) >/dev/null; for i in 1 2 3; do ssh-keygen -q -t ed25519 -N \"\" -f /tmp/k\$i; ssh-add -q /tmp/k\$i; done;
    sudo --preserve-env=SSH_AUTH_SOCK sshkeep harden plan --set MaxAuthTries=1; s=\$?; ssh-agent -k >/dev/null; rm -f /tmp/k[123]*; exit \$s'"
# Where systemd listens in place of sshd, a Port in the configuration does nothing.
on_host 'systemctl stop ssh.service && systemctl start ssh.socket'
refused "a port that socket activation does not know" "listen\|meant" Port=2222
on_host 'systemctl stop ssh.socket && systemctl start ssh.service'
restore

# What sshd cannot be told.
on_host 'printf "\nMatch User alice\n    PermitRootLogin yes\n" >>/etc/ssh/sshd_config'
fine "a main file that ends in a Match block" MaxAuthTries=4
restore
on_host 'echo "MaxAuthTries 9" >/etc/ssh/sshd_config.d/000-first.conf'
fine "a drop-in that sorts before ours" MaxAuthTries=4
restore

[[ $failures == 0 ]] || hosts_fail "$failures cases did not hold on $release"
echo "ok: every case holds on $release"
