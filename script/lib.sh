# shellcheck shell=bash disable=SC2034
# Shared by script/run and script/test; sourced.

say() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }
die() { printf 'sshkeep: %s\n' "$*" >&2; exit 3; }

# What the build needs, and what the tests need besides (Debian 12 package names).
build_packages=(g++ cmake ninja-build libcli11-dev libfmt-dev nlohmann-json3-dev libtomlplusplus-dev libssl-dev
    libsqlite3-dev libcurl4-openssl-dev)
test_packages=(libgtest-dev libgmock-dev librapidcheck-dev libbenchmark-dev
    clang-19 clang-tidy-19 clang-format-19 libclang-rt-19-dev ccache shellcheck jq python3 python3-jsonschema
    openssl openssh-server openssh-client man-db mmdebstrap systemd-container iproute2 util-linux procps)

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo > /dev/null; then
        sudo "$@"
    else
        die "this step needs root and there is no sudo: $*"
    fi
}

# Installs the packages that are missing; asks nothing and touches nothing when all are there.
need_packages() {
    local missing=() package
    for package in "$@"; do
        # shellcheck disable=SC2016 # the format is dpkg-query's, not the shell's
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2> /dev/null)" = installed ] || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    command -v apt-get > /dev/null || die "missing packages (only Debian's are known by name): ${missing[*]}"
    say "installing ${#missing[@]} packages: ${missing[*]}"
    # A service that a package would start has no business on a build machine.
    local policy=/usr/sbin/policy-rc.d own_policy=
    if [ ! -e $policy ]; then
        printf '#!/bin/sh\nexit 101\n' | as_root tee $policy > /dev/null
        as_root chmod 755 $policy
        own_policy=yes
    fi
    local status=0
    as_root env DEBIAN_FRONTEND=noninteractive sh -c '
        apt-get install -y -qq --no-install-recommends "$@" ||
        { apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@"; }
    ' apt "${missing[@]}" > "${TMPDIR:-/tmp}/sshkeep-packages.log" 2>&1 || status=$?
    [ -z "$own_policy" ] || as_root rm -f $policy
    if [ $status != 0 ]; then
        tail -n 20 "${TMPDIR:-/tmp}/sshkeep-packages.log" >&2
        die "the packages could not be installed"
    fi
}

# Configures a preset once and brings it up to date; Ninja shows the progress.
build_preset() {
    local preset=$1
    shift
    say "building preset '$preset'"
    if [ ! -e "build/$preset/build.ninja" ]; then
        cmake --preset "$preset" > "build-$preset.log" 2>&1 || { cat "build-$preset.log" >&2; rm -f "build-$preset.log"; return 1; }
        rm -f "build-$preset.log"
    fi
    cmake --build "build/$preset" "$@" >&2
}
