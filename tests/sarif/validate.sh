#!/usr/bin/env bash
# Checks the program's SARIF against the official JSON schema: validate.sh PROGRAM CACHE_FOLDER
# The schema comes out of an npm package, is compared with a pinned checksum, and stays in CACHE_FOLDER.
# Exit status 77: skipped, because there is no npm or no network.
set -euo pipefail

program=$1
cache=$2
package=@datadog/datadog-ci-plugin-sarif@3.21.4 # Apache-2.0; used for the schema file alone
member=package/dist/json-schema/sarif-schema-2.1.0.json
checksum=10666d46649b52e262001e70d43e6c52f7c0279ca3dbdfe9a7dc2e4071556454
schema=$cache/sarif-schema-2.1.0.json

skip() {
    printf 'SKIPPED: no validation against the SARIF schema: %s\n' "$*" >&2
    exit 77
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 -c 'import jsonschema' 2> /dev/null || skip "python3-jsonschema is not installed"
if ! sha256sum --quiet --check --status <<< "$checksum  $schema" 2> /dev/null; then
    command -v npm > /dev/null || skip "npm is not installed"
    (cd "$work" && npm pack --silent "$package" > /dev/null 2>&1) || skip "the schema's package could not be fetched"
    tar -xzOf "$work"/*.tgz "$member" > "$work/schema.json"
    sha256sum --quiet --check <<< "$checksum  $work/schema.json"
    mkdir -p "$cache"
    mv "$work/schema.json" "$schema"
fi

# A tree with a fail, an unknown, a waived and passed findings, and names that a URI must escape.
tree="$work/tree with blanks"
mkdir -p "$tree/etc/ssh" "$tree/var/lib/dpkg"
printf 'Package: openssh-server\nStatus: install ok installed\nVersion: 1:9.2p1-2+deb12u10\n\n' > "$tree/var/lib/dpkg/status"
printf 'root:x:0:0::/root:/bin/sh\n' > "$tree/etc/passwd"
printf 'PermitEmptyPasswords yes\nInclude "/etc/ssh/100%%  \xff\xc3.conf"\n' \
    > "$tree/etc/ssh/sshd_config"
printf 'X11Forwarding yes\n' > "$tree/etc/ssh/"$'100%  \xff\xc3.conf'
"$program" audit --root "$tree" --format sarif > "$work/tree.sarif"
rule=$(python3 -c 'import json, sys
print(next(r["ruleId"] for r in json.load(sys.stdin)["runs"][0]["results"] if r["kind"] == "fail"))' < "$work/tree.sarif")
printf '[[waiver]]\nrule = "%s"\nreason = "test"\nuntil = 2999-12-31\n' "$rule" > "$work/waivers.toml"
"$program" audit --root "$tree" --waivers "$work/waivers.toml" --format sarif > "$work/waived.sarif"
"$program" audit --format sarif > "$work/host.sarif"

python3 - "$schema" "$work"/*.sarif << 'EOF'
import json
import sys

import jsonschema

schema = json.load(open(sys.argv[1]))
validator = jsonschema.validators.validator_for(schema)(schema, format_checker=jsonschema.FormatChecker())
kinds = set()
failed = False
for name in sys.argv[2:]:
    log = json.load(open(name))
    for error in validator.iter_errors(log):
        failed = True
        print(f"{name}: {'/'.join(map(str, error.absolute_path))}: {error.message[:300]}")
    for result in log["runs"][0]["results"]:
        kinds.add("waived" if "suppressions" in result else result["kind"])
if kinds != {"pass", "fail", "open", "waived"}:
    failed = True
    print(f"the samples should have every kind of result, but have only {sorted(kinds)}")
sys.exit(1 if failed else 0)
EOF
