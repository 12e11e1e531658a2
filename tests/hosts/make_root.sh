#!/bin/bash
# make_root.sh RELEASE...: makes the Debian roots that the differential tests and the test hosts stand on.
#
# A root is kept in ${SSHKEEP_ROOTS:-/var/cache/sshkeep/roots}/RELEASE and made once; asked again, this costs nothing.
# It is made under another name and renamed when it is whole, under a lock, so parallel runs share one. It is made
# anew when the list of packages below has changed. Nobody writes into a root afterwards: tests work on an overlay.
set -euo pipefail

readonly roots=${SSHKEEP_ROOTS:-/var/cache/sshkeep/roots}
readonly include=systemd,systemd-sysv,dbus,openssh-server,openssh-client,libpam-systemd,nftables,iproute2,sudo

die() {
    echo "make_root.sh: $*" >&2
    exit 1
}

# The machine cannot do it; whoever says so beforehand gets a loud skip.
unable() {
    [[ ${SSHKEEP_ALLOW_SKIP:-} == 1 ]] || die "$* (SSHKEEP_ALLOW_SKIP=1 skips what needs it)"
    echo "SKIPPED: $*"
    exit 77
}

# The packages that a root holds, one "name version" a line.
list_packages() {
    dpkg-query --admindir="$1/var/lib/dpkg" --show --showformat='${Package} ${Version}\n'
}

# A root without its record was made by an earlier copy of this script: it is good when nothing is missing from it.
holds_all_packages() {
    local root=$1 package
    for package in ${include//,/ }; do
        dpkg-query --admindir="$root/var/lib/dpkg" --show --showformat='${db:Status-Status}\n' "$package" 2>/dev/null |
            grep --quiet --line-regexp installed || return 1
    done
}

write_record() {
    local release=$1
    {
        echo "include $include"
        echo "made $(date --utc +%Y-%m-%dT%H:%M:%SZ)"
        list_packages "$roots/$release"
    } >"$roots/$release.record.new"
    mv "$roots/$release.record.new" "$roots/$release.record"
}

is_current() {
    local release=$1
    [[ -x $roots/$release/usr/sbin/sshd ]] || return 1
    if [[ -e $roots/$release.record ]]; then
        [[ $(head -n 1 "$roots/$release.record") == "include $include" ]]
    else
        holds_all_packages "$roots/$release" && write_record "$release"
    fi
}

make_root() {
    local release=$1 options=()
    if [[ $release == sid ]]; then
        # The copy of sid that test machines see may be older than its release file allows.
        options+=(--aptopt='Acquire::Check-Valid-Until "false"')
    fi
    local new=$roots/.$release.new
    rm -rf --one-file-system -- "$new"
    echo "make_root.sh: making $roots/$release (about a minute)" >&2
    mmdebstrap --quiet --variant=minbase --include="$include" "${options[@]}" "$release" "$new" >&2 ||
        die "mmdebstrap could not make $release"
    rm -f -- "$roots/$release.record"
    rm -rf --one-file-system -- "${roots:?}/$release"
    mv "$new" "$roots/$release"
    write_record "$release"
}

[[ $# -gt 0 ]] || die "usage: make_root.sh RELEASE..."
[[ $(id -u) == 0 ]] || unable "making a root needs root"
command -v mmdebstrap >/dev/null || unable "making a root needs the package mmdebstrap"
mkdir -p "$roots"
for release in "$@"; do
    [[ $release =~ ^[a-z]+$ ]] || die "not the name of a release: $release"
    (
        flock 9
        is_current "$release" || make_root "$release"
    ) 9>"$roots/.$release.lock"
    echo "$roots/$release"
done
