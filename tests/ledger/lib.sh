# Shared by the scripts of this folder: SCRIPT PROGRAM BUILD_FOLDER. Bash; sourced.
# shellcheck shell=bash
# shellcheck disable=SC2034 # the scripts use them
program=${1:?program}
build=${2:?build folder}
shm=/dev/shm  # in memory where there is such a place: hundreds of commits wait for no disk
if [ -w $shm ]; then work=$(mktemp -d -p $shm); else work=$(mktemp -d); fi
trap 'rm -rf "$work"' EXIT
ledger=$work/ledger
failures=0

log() { "$program" log "$1" --ledger "$ledger" "${@:2}"; }

# expect WHAT STATUS PATTERN COMMAND...: exit status and a pattern in output and errors.
expect() {
    local what=$1 wanted=$2 pattern=$3 status=0 output
    shift 3
    output=$("$@" 2>&1) || status=$?
    if [ "$status" != "$wanted" ] || ! grep -qE -- "$pattern" <<< "$output"; then
        printf 'FAILED: %s: exit %s (wanted %s), no "%s" in:\n%s\n' "$what" "$status" "$wanted" "$pattern" "$output"
        failures=$((failures + 1))
    else
        printf 'ok: %s\n' "$what"
    fi
}

check() {
    local what=$1
    shift
    if "$@" > /dev/null 2>&1; then
        printf 'ok: %s\n' "$what"
    else
        printf 'FAILED: %s: %s\n' "$what" "$*"
        failures=$((failures + 1))
    fi
}

finish() { [ "$failures" = 0 ] || { printf '%s failed\n' "$failures"; exit 1; }; }
