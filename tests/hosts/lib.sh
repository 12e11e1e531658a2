# shellcheck shell=bash
# Real Debian hosts for tests: systemd, sshd and journald booted from an overlay of a cached root, in a network of
# their own. Source this file, then:
#
#   hosts_begin                          once, first: a network for this test, and the promise to clean up
#   host_boot NAME RELEASE [PREPARE]     boots a host; PREPARE is a function called with the path of its root before
#   host_exec NAME COMMAND...            runs a command in it as root; its output and exit status
#   host_copy NAME FILE... DIRECTORY     copies files into it
#   host_install NAME PROGRAM            copies a program with all that it is linked to; it is then on the PATH
#   host_address NAME                    its address
#   on_network COMMAND...                runs a command that reaches the hosts (a client)
#   host_crash NAME                      ends it as a loss of power does
#   host_reboot NAME                     starts it again from what is on its disk
#   host_stop NAME                       shuts it down and forgets it
#
# Needs root and namespaces. Without them tests fail, or say SKIPPED and exit 77 when SSHKEEP_ALLOW_SKIP=1.
# Nothing of this machine changes: its network and its own sshd are not touched, the cached roots are never written.

hosts_here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly hosts_here
hosts_directory=        # of this run: HOST/{upper,work,root,console}
hosts_network=          # the name of the network namespace of this run
declare -A hosts_leader=() # host -> process id, seen from here, of its systemd
declare -A hosts_nspawn=() # host -> process id of systemd-nspawn
declare -A hosts_link=()   # host -> its interface in the network of this run
declare -A hosts_number=() # host -> last byte of its address

hosts_log() { echo "hosts: $*" >&2; }

hosts_fail() {
    hosts_log "FAILED: $*"
    exit 1
}

# Ends the test because the machine cannot run it.
hosts_unable() {
    if [[ ${SSHKEEP_ALLOW_SKIP:-} == 1 ]]; then
        echo "SKIPPED: $*"
        exit 77
    fi
    hosts_fail "$* (SSHKEEP_ALLOW_SKIP=1 skips such tests)"
}

hosts_begin() {
    [[ $(id -u) == 0 ]] || hosts_unable "test hosts need root"
    local tool
    for tool in systemd-nspawn nsenter ip mmdebstrap flock; do
        command -v "$tool" >/dev/null || hosts_unable "test hosts need $tool"
    done
    hosts_network=sshkeep-$$
    hosts_directory=$(mktemp --directory "${TMPDIR:-/tmp}/sshkeep-hosts.XXXXXX")
    trap hosts_end EXIT
    trap 'exit 130' INT TERM
    ip netns add "$hosts_network" || hosts_unable "cannot make a network namespace"
    on_network ip link set lo up
    on_network ip link add sshkeep0 type bridge
    on_network ip address add 192.0.2.1/24 dev sshkeep0
    on_network ip link set sshkeep0 up
    # Overlays cannot lie on an overlay, which /tmp may be; and memory is faster.
    mount -t tmpfs -o mode=0755 tmpfs "$hosts_directory" || hosts_unable "cannot mount a tmpfs"
}

# Not `ip netns exec`: that hides the cgroup mounts, without which nspawn does not start.
on_network() { nsenter --net="/run/netns/$hosts_network" -- "$@"; }

hosts_end() {
    local status=$? name
    trap - EXIT
    for name in "${!hosts_nspawn[@]}"; do
        if [[ $status != 0 && -s $hosts_directory/$name/console ]]; then
            hosts_log "last words of $name:"
            tail -n 20 "$hosts_directory/$name/console" >&2
        fi
        host_stop "$name" || true
    done
    ip netns delete "$hosts_network" 2>/dev/null || true
    if mountpoint --quiet "$hosts_directory"; then
        umount "$hosts_directory" || umount --lazy "$hosts_directory"
    fi
    rmdir "$hosts_directory" 2>/dev/null || true
    exit "$status"
}

host_address() { echo "192.0.2.${hosts_number[$1]}"; }

host_boot() {
    local name=$1 release=$2 prepare=${3:-} root=$hosts_directory/$1/root lower
    [[ -z ${hosts_leader[$name]:-} ]] || hosts_fail "$name runs already"
    lower=$("$hosts_here/make_root.sh" "$release")
    mkdir -p "$hosts_directory/$name"/{upper,work,root}
    mount -t overlay overlay "$root" -o \
        "lowerdir=$lower,upperdir=$hosts_directory/$name/upper,workdir=$hosts_directory/$name/work" ||
        hosts_unable "cannot mount an overlay"
    echo "$name" >"$root/etc/hostname"
    # Each host has an identity of its own, and none waits for a network manager that is not there.
    : >"$root/etc/machine-id"
    if [[ -n $prepare ]]; then
        "$prepare" "$root"
    fi
    host_start "$name"
    hosts_log "$name ($release) is up at $(host_address "$name")"
}

host_start() {
    local name=$1 root=$hosts_directory/$1/root
    # Started directly, not by on_network, so that $! is systemd-nspawn itself.
    nsenter --net="/run/netns/$hosts_network" -- systemd-nspawn --quiet --register=no --keep-unit --console=pipe --network-veth \
        --machine="$(host_machine "$name")" --boot --directory="$root" \
        </dev/null >"$hosts_directory/$name/console" 2>&1 &
    hosts_nspawn[$name]=$!
    host_find_leader "$name"
    host_connect "$name"
    host_wait_until_up "$name"
}

host_crash() {
    local name=$1
    kill -KILL "${hosts_leader[$name]}" "${hosts_nspawn[$name]}" 2>/dev/null || true
    wait "${hosts_nspawn[$name]}" 2>/dev/null || true
    unset "hosts_nspawn[$name]" "hosts_leader[$name]"
    # The kernel takes its time to notice; the next boot needs the name.
    on_network ip link delete "${hosts_link[$name]}" 2>/dev/null || true
}

host_reboot() {
    host_start "$1"
    hosts_log "$1 is up again"
}

# A name that no other run uses; the kernel allows 15 bytes for the interface named after it.
host_machine() { echo "$1-$$"; }

# The leader is the child of systemd-nspawn that has become systemd.
host_find_leader() {
    local name=$1 try child
    for ((try = 0; try < 300; try++)); do
        kill -0 "${hosts_nspawn[$name]}" 2>/dev/null || hosts_fail "$name ended while it started"
        child=$(pgrep --parent "${hosts_nspawn[$name]}" --exact systemd || true)
        if [[ -n $child ]]; then
            hosts_leader[$name]=$child
            return
        fi
        sleep 0.1
    done
    hosts_fail "$name did not start"
}

# nspawn has made a pair of interfaces: host0 inside, ve-MACHINE in the network of the test.
host_connect() {
    local name=$1 outside leader=${hosts_leader[$1]} try
    [[ -n ${hosts_number[$name]:-} ]] || hosts_number[$name]=$((10 + ${#hosts_number[@]}))
    # The name of the outer one may have been shortened: the one that no bridge has yet is the new one.
    for ((try = 0; try < 100; try++)); do
        outside=$(on_network ip -oneline link show type veth | awk -F'[: @]+' '!/ master / { print $2; exit }')
        [[ -z $outside ]] || break
        sleep 0.1
    done
    [[ -n $outside ]] || hosts_fail "$name has no network"
    hosts_link[$name]=$outside
    on_network ip link set "$outside" master sshkeep0 up
    nsenter -t "$leader" -n ip address add "$(host_address "$name")/24" dev host0
    nsenter -t "$leader" -n ip link set host0 up
}

host_wait_until_up() {
    local name=$1 try state
    for ((try = 0; try < 600; try++)); do
        state=$(host_exec "$name" systemctl is-system-running 2>/dev/null || true)
        [[ $state != running && $state != degraded ]] || return 0
        sleep 0.1
    done
    hosts_fail "$name did not come up; its state is '$state'"
}

host_exec() {
    local name=$1
    shift
    nsenter --target "${hosts_leader[$name]:?no such host}" --mount --uts --ipc --net --pid --cgroup \
        --root -- /usr/bin/env --ignore-environment --chdir=/ \
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 "$@"
}

# Through a shell of the host, so that what it has mounted there counts.
host_copy() {
    local name=$1 directory=${!#} file
    shift
    host_exec "$name" mkdir -p "$directory"
    for file in "${@:1:$#-1}"; do
        # shellcheck disable=SC2016,SC2094
        host_exec "$name" sh -c 'cat >"$1" && chmod "$2" "$1"' copy "$directory/${file##*/}" "$(stat -Lc %a "$file")" <"$file"
    done
}

# The program brings the libraries and the loader that it was built with, so it runs on a release with others too.
host_install() {
    local name=$1 program=$2 libraries loader directory=/opt/${2##*/}
    mapfile -t libraries < <(ldd "$program" | grep --only-matching '/[^ ]*')
    for loader in "${libraries[@]}"; do
        [[ $loader != */ld-linux* ]] || break
    done
    [[ $loader == */ld-linux* ]] || hosts_fail "$program is not linked as expected"
    host_copy "$name" "${libraries[@]}" "$directory/lib"
    host_copy "$name" "$program" "$directory"
    # shellcheck disable=SC2016
    host_exec "$name" sh -c 'printf "#!/bin/sh\nexec %s --library-path %s/lib %s/%s \"\$@\"\n" "$1" "$2" "$2" "$3" >"$4" &&
        chmod 755 "$4"' install "$directory/lib/${loader##*/}" "$directory" "${program##*/}" "/usr/local/bin/${program##*/}"
}

host_stop() {
    local name=$1 try
    local nspawn=${hosts_nspawn[$name]:-} leader=${hosts_leader[$name]:-}
    if [[ -n $leader ]]; then
        # What asks systemd to power off, without a bus.
        kill -s RTMIN+4 "$leader" 2>/dev/null || true
    fi
    if [[ -n $nspawn ]]; then
        for ((try = 0; try < 150; try++)); do
            kill -0 "$nspawn" 2>/dev/null || break
            sleep 0.1
        done
        kill -KILL "${leader:-$nspawn}" 2>/dev/null || true
        wait "$nspawn" 2>/dev/null || true
    fi
    unset "hosts_nspawn[$name]" "hosts_leader[$name]"
    umount "$hosts_directory/$name/root" 2>/dev/null || umount --lazy "$hosts_directory/$name/root" 2>/dev/null || true
}
