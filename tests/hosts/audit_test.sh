#!/bin/bash
# audit_test.sh SSHKEEP RELEASE: audits a booted Debian host, as it comes and after changes, and compares
# `sshkeep config effective` with the host's own `sshd -T`.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$here/lib.sh"

[[ $# == 2 && -x $1 ]] || hosts_fail "usage: audit_test.sh SSHKEEP RELEASE"
sshkeep=$1 release=$2 host=box
command -v jq >/dev/null || hosts_unable "this test needs jq"
failures=0
state="before the first audit"

wrong() {
    echo "WRONG ($release, $state): $*" >&2
    failures=$((failures + 1))
}

# The host as `sshkeep audit` sees it now; later questions are about this report.
audit() {
    state=$1
    report=$(host_exec "$host" sshkeep audit --format json) || wrong "sshkeep audit exits with $?"
    jq --exit-status '.schema == "sshkeep.audit/1"' <<<"$report" >/dev/null || hosts_fail "not a report: ${report:0:200}"
}

# holds NAME JQ_CONDITION: about the whole report.
holds() {
    jq --exit-status "$2" <<<"$report" >/dev/null || wrong "$1 does not hold"
}

# fails RULE [JQ_CONDITION]: there is a finding of the rule that fails, and the condition holds for it.
fails() {
    jq --exit-status --arg rule "$1" "any(.findings[]; .rule == \$rule and .verdict == \"fail\" and (${2:-true}))" \
        <<<"$report" >/dev/null ||
        wrong "no failing finding of $1 with ${2:-anything}; there is: $(jq --compact-output --arg rule "$1" \
            '[.findings[] | select(.rule == $rule) | {verdict, severity, context, detail, where}]' <<<"$report")"
}

passes() {
    jq --exit-status --arg rule "$1" 'all(.findings[]; .rule != $rule or .verdict == "pass")' <<<"$report" >/dev/null ||
        wrong "$1 does not pass: $(jq --compact-output --arg rule "$1" \
            '[.findings[] | select(.rule == $rule and .verdict != "pass") | {verdict, context, detail}]' <<<"$report")"
}

# Everything that is not a pass, for comparing two reports.
complaints() {
    jq --compact-output '[.findings[] | select(.verdict != "pass") | {rule, verdict, severity, context, where, detail}]
        | sort | .[]' <<<"$report"
}

# same_as_sshd [-C spec for sshd, then options for sshkeep]
same_as_sshd() {
    local specification=$1 expected actual
    shift
    expected=$(host_exec "$host" /usr/sbin/sshd -T ${specification:+-C "$specification"})
    actual=$(host_exec "$host" sshkeep config effective "$@") || wrong "sshkeep config effective exits with $?"
    [[ $actual == "$expected" ]] ||
        wrong "config effective $* differs from sshd -T $specification:" \
            "$(diff <(echo "$expected") <(echo "$actual") || true)"
}

write() {
    host_exec "$host" tee "$1" >/dev/null
}

as_it_comes() {
    audit "as it comes"
    holds "a running Debian host" '.host.running and .host.root == "/" and (.host.os | test("Debian"))'
    holds "the hostname" ".host.hostname == \"$host\""
    local package
    # shellcheck disable=SC2016
    package=$(host_exec "$host" dpkg-query --show --showformat='${Version}' openssh-server)
    holds "the package $package" ".host.openssh.package == \"$package\""
    holds "the version" ".host.openssh.version as \$v | \"$package\" | contains(\$v)"
    fails x11-forwarding '.where | any(.path == "/etc/ssh/sshd_config" and (.text | test("X11Forwarding yes")))'
    fails password-authentication
    # Since 10.0 sshd does not offer the group exchange that uses the file.
    if [[ $release == bullseye || $release == bookworm ]]; then
        fails moduli-short '.where | any(.path == "/etc/ssh/moduli")'
    else
        passes moduli-short
    fi
    passes listener-unexpected
    passes root-login-password
    passes config-refused
    passes host-key-path-unsafe
    passes authorized-keys-path-refused
    holds "nothing critical" 'all(.findings[]; .severity != "critical" or .verdict != "fail")'
    holds "little that is unknown" '.summary.unknown <= 10'
    holds "a score" '.summary.score > 0 and .summary.score < 100'
    same_as_sshd ""
    same_as_sshd "user=root,host=client.example.org,addr=192.0.2.1" --user root --host client.example.org --addr 192.0.2.1
    stock=$(complaints)
}

# A drop-in wins over the safe line of the main file.
drop_in_shadows() {
    host_exec "$host" cp -a /etc/ssh/sshd_config /root/sshd_config
    write /etc/ssh/sshd_config.d/10-cloud.conf <<<"PermitRootLogin yes"
    { host_exec "$host" cat /root/sshd_config && echo "PermitRootLogin no"; } | write /etc/ssh/sshd_config
    audit "a drop-in shadows a safe line"
    fails root-login-password '.where | any(.path == "/etc/ssh/sshd_config.d/10-cloud.conf" and .line == 1)'
    fails safe-line-shadowed '.where | any(.path == "/etc/ssh/sshd_config" and (.text | test("PermitRootLogin no")))'
    same_as_sshd ""
    local status=0
    host_exec "$host" sshkeep audit --fail-on high >/dev/null || status=$?
    [[ $status == 1 ]] || wrong "audit --fail-on high exits with $status, not 1"
    host_exec "$host" rm /etc/ssh/sshd_config.d/10-cloud.conf
    host_exec "$host" cp -a /root/sshd_config /etc/ssh/sshd_config
}

# What anybody may write is no key file for sshd, and with StrictModes off it is anybody's door.
writable_keys() {
    host_exec "$host" useradd --create-home --shell /bin/bash alice
    host_exec "$host" install -d -o alice -g alice -m 0700 /home/alice/.ssh
    host_exec "$host" ssh-keygen -q -t ed25519 -N "" -C "" -f /root/key
    host_exec "$host" install -o alice -g alice -m 0666 /root/key.pub /home/alice/.ssh/authorized_keys
    audit "a key file that all may write"
    fails authorized-keys-path-refused '.where | any(.path == "/home/alice/.ssh/authorized_keys")'
    passes authorized-keys-path-writable
    write /etc/ssh/sshd_config.d/20-lax.conf <<<"StrictModes no"
    audit "a key file that all may write, StrictModes off"
    fails authorized-keys-path-writable '.severity == "critical" and (.where | any(.path == "/home/alice/.ssh/authorized_keys"))'
    same_as_sshd ""
    host_exec "$host" rm /etc/ssh/sshd_config.d/20-lax.conf
    host_exec "$host" chmod 0600 /home/alice/.ssh/authorized_keys
    audit "the key file as it should be"
    passes authorized-keys-path-refused
    passes authorized-keys-path-writable
    host_exec "$host" userdel --remove alice 2>/dev/null
}

# A password for one account only.
password_for_one() {
    host_exec "$host" useradd --create-home --shell /bin/bash bob
    write /etc/ssh/sshd_config.d/30-match.conf <<'CONFIGURATION'
PasswordAuthentication no
Match User bob
    PasswordAuthentication yes
CONFIGURATION
    audit "a password for one"
    fails password-authentication \
        '(.context | test("bob")) and (.where | any(.path == "/etc/ssh/sshd_config.d/30-match.conf" and .line == 3))'
    holds "no password for others" \
        'all(.findings[]; .rule != "password-authentication" or .verdict != "fail" or (.context | test("bob")))'
    same_as_sshd ""
    same_as_sshd "user=bob,host=client,addr=192.0.2.1" --user bob --host client --addr 192.0.2.1
    same_as_sshd "user=root,host=client,addr=192.0.2.1" --user root --host client --addr 192.0.2.1
    host_exec "$host" rm /etc/ssh/sshd_config.d/30-match.conf
    host_exec "$host" userdel --remove bob 2>/dev/null
}

# An sshd that nobody configured.
second_listener() {
    host_exec "$host" /usr/sbin/sshd -p 2200 -o PidFile=/run/second.pid
    audit "a second sshd"
    fails listener-unexpected '[.detail, .where[].text] | any(test("2200"))'
    # shellcheck disable=SC2016
    host_exec "$host" sh -c 'kill "$(cat /run/second.pid)"'
}

back_again() {
    audit "after all changes were undone"
    local now
    now=$(complaints)
    [[ $now == "$stock" ]] || wrong "the report is not what it was:" "$(diff <(echo "$stock") <(echo "$now") || true)"
}

hosts_begin
host_boot "$host" "$release"
host_install "$host" "$sshkeep"
as_it_comes
drop_in_shadows
writable_keys
password_for_one
second_listener
back_again
[[ $failures == 0 ]] || hosts_fail "$failures expectations did not hold on $release"
echo "audit on $release: all expectations hold"
