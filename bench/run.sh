#!/usr/bin/env bash
# Prints the figures of docs/performance.md: bench/run.sh. Needs root: sshd -T reads the host keys.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=script/lib.sh
. script/lib.sh
need_packages "${build_packages[@]}" libbenchmark-dev openssh-server lynis python3
build_preset bench
printf '# %s, %s cores, %s\n' "$(uname -sm)" "$(nproc)" "$(date -u +%F)"
mkdir -p /run/sshd
bench/audit.py build/bench/src/bin/sshkeep --lynis
build/bench/bench/micro_bench --benchmark_min_time=0.3
build/bench/bench/ledger_bench build/bench/ledger-data
