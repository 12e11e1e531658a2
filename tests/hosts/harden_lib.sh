# shellcheck shell=bash
# What the tests of `sshkeep harden` share: hosts with an administrator, and a picture of everything that must come back.
# Source lib.sh first.

harden_keys= # directory of the clients' keys, outside of the hosts

# An administrator (alice, in group sudo, no password asked), an ordinary account (bob) and root, each with a key.
harden_prepare() {
    local root=$1 account
    harden_keys=${hosts_directory:?hosts_begin comes first}/keys
    mkdir -p "$harden_keys"
    for account in root alice bob; do
        [[ -e $harden_keys/$account ]] || ssh-keygen -q -t ed25519 -N '' -C "$account" -f "$harden_keys/$account"
    done
    chroot "$root" useradd --create-home --shell /bin/bash --groups sudo alice
    chroot "$root" useradd --create-home --shell /bin/bash bob
    echo "127.0.1.1 $(cat "$root/etc/hostname")" >>"$root/etc/hosts" # sudo looks its host up
    echo 'alice ALL=(ALL) NOPASSWD: ALL' >"$root/etc/sudoers.d/alice"
    harden_install_key "$root" root /root
    harden_install_key "$root" alice /home/alice
    harden_install_key "$root" bob /home/bob
}

harden_install_key() {
    local root=$1 account=$2 home=$3
    install -d -m 700 "$root$home/.ssh"
    install -m 600 "$harden_keys/$account.pub" "$root$home/.ssh/authorized_keys"
    chroot "$root" chown -R "$account:" "$home/.ssh"
}

# harden_ssh HOST ACCOUNT COMMAND...: over the network, as a person would.
harden_ssh() {
    local name=$1 account=$2
    shift 2
    on_network ssh -F none -o IdentitiesOnly=yes -o BatchMode=yes -o StrictHostKeyChecking=no \
        -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR -o ConnectTimeout=5 -o ControlPath=none \
        -i "$harden_keys/$account" "$account@$(host_address "$name")" "$@"
}

# Bytes, owners, modes and times of everything that a change may touch, directories included.
harden_picture() {
    # shellcheck disable=SC2016
    host_exec "$1" sh -c '
        find /etc/ssh /etc/systemd/system /root/.ssh /home -printf "%p %y %m %U %G %T@ %l\n" | sort
        find /etc/ssh /root/.ssh /home -type f -exec sha256sum {} + | sort -k 2'
}

# harden_expect STATUS COMMAND...: runs it and insists on its exit status; the output goes to $harden_output.
harden_output=
harden_expect() {
    local wanted=$1 status=0
    shift
    harden_output=$("$@" 2>&1) || status=$?
    if [[ $status != "$wanted" ]]; then
        printf '%s\n' "$harden_output" >&2
        hosts_fail "status $status instead of $wanted: ${*:1:12}"
    fi
}

harden_says() {
    grep --quiet -e "$1" <<<"$harden_output" || {
        printf '%s\n' "$harden_output" >&2
        hosts_fail "does not say: $1"
    }
}

harden_same() {
    local now
    now=$(harden_picture "$1")
    [[ $now == "$2" ]] || {
        diff <(printf '%s\n' "$2") <(printf '%s\n' "$now") >&2 || true
        hosts_fail "$1 is not what it was ($3)"
    }
}

# harden_state HOST STATE: of the newest transaction.
harden_state() {
    local state
    state=$(host_exec "$1" sshkeep harden status --format json |
        python3 -c 'import json,sys; print(json.load(sys.stdin)["transactions"][-1]["state"])')
    [[ $state == "$2" ]] || hosts_fail "the newest transaction of $1 is $state instead of $2"
}
