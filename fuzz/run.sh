#!/bin/sh
# Builds the fuzz preset and runs every target for SECONDS (60). New inputs stay in build/fuzz/found/NAME;
# an input that breaks a target is left as build/fuzz/found/crash-NAME-*, and the script then fails.
set -eu

seconds=${1:-60}
cd "$(dirname "$0")/.."
build=build/fuzz

cmake --preset fuzz >/dev/null
failed=0
for source in fuzz/*_fuzz.cc; do
    name=$(basename "$source" _fuzz.cc)
    cmake --build "$build" --target "${name}_fuzz"
    mkdir -p "$build/found/$name"
    echo "== $name: $seconds seconds"
    "$build/fuzz/${name}_fuzz" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 -print_final_stats=1 \
        -verbosity=0 -artifact_prefix="$build/found/crash-$name-" "$build/found/$name" "fuzz/corpus/$name" || failed=1
done
exit "$failed"
