#!/usr/bin/env bash
# Every command of `sshkeep log`, from the outside.
set -euo pipefail
# shellcheck source=tests/ledger/lib.sh
. "$(dirname "$0")/lib.sh"

for i in 1 2 3; do log run --action key.add --target "user$i" --payload "mail$i@example.org" -- true; done
expect "a command's exit status is passed on" 7 "" log run --action key.remove --target bob -- sh -c 'exit 7'
expect "its failure is recorded" 0 'key.remove .*bob .*failed of #7 .*exit status 7' log show

expect "filter by action" 0 'key.remove' log show --action key.remove
check "filter by action leaves the rest out" test "$(log show --action key.remove | wc -l)" = 2
check "filter by target" test "$(log show --target user2 | wc -l)" = 2
check "filter by time: all" test "$(log show --since 2020-01-01 | wc -l)" = 9
check "filter by time: none" test "$(log show --until 2020-01-01 | wc -l)" = 0
check "filter by actor" test "$(log show --actor nobody-like-this | wc -l)" = 0
check "filter by host" test "$(log show --host "$(hostname)" | wc -l)" = 9
expect "a time that is none" 2 'not a time' log show --since yesterday
check "every json line is json" sh -c "'$program' log show --ledger '$ledger' --format json | jq -e .sequence"
"$program" log show --ledger "$ledger" --follow > "$work/followed" &
follower=$!
sleep 1
log run --target late -- true
for _ in $(seq 50); do grep -q late "$work/followed" && break; sleep 0.1; done
kill $follower
wait $follower 2> /dev/null || true
check "follow sees what comes" grep -q late "$work/followed"

expect "verify" 0 '^good: 11 records, 1 epochs' log verify
log key > "$work/vkey"
log checkpoint --to-file "$work/saved" > /dev/null
log run -- true
log checkpoint --to-file "$work/saved" --new-epoch > /dev/null
log run -- true
expect "verify against many saved checkpoints and the first key" 0 '^good: .* 2 epochs' \
    log verify --key "$work/vkey" --checkpoint "$work/saved"

# Another machine: nothing but program, proof and key.
log prove 3 -o "$work/3.proof"
mkdir "$work/elsewhere"
cp "$work/3.proof" "$work/vkey" "$work/elsewhere"
expect "a proof holds elsewhere, over a change of keys" 0 'proven: record 3 of' \
    env -C "$work/elsewhere" "$program" log verify --proof 3.proof --key vkey
sed 's/^index 3$/index 4/' "$work/3.proof" > "$work/bent.proof"
expect "a bent proof does not" 1 'NOT PROVEN' "$program" log verify --proof "$work/bent.proof" --key "$work/vkey"
"$program" log run --ledger "$work/other" -- true
"$program" log key --ledger "$work/other" > "$work/other.vkey"
expect "nor under another log's key" 1 'NOT PROVEN' "$program" log verify --proof "$work/3.proof" --key "$work/other.vkey"
expect "nor does the log itself" 1 'key-swapped' log verify --key "$work/other.vkey"

log export --format jsonl --state "$work/next" > "$work/1.jsonl"
log run -- true
log export --format jsonl --state "$work/next" > "$work/2.jsonl"
check "an export goes on where it stopped" test "$(wc -l < "$work/2.jsonl")" = 2
check "and misses nothing" sh -c "cat '$work/1.jsonl' '$work/2.jsonl' | jq -s -e 'to_entries | all(.key == .value.sequence)'"
expect "CEF" 0 '^CEF:0\|sshkeep\|sshkeep\|[0-9.]+\|key.add\|key.add succeeded\|3\|rt=[0-9]+ externalId=2 ' log export --format cef
expect "RFC 5424" 0 '^<109>1 20[0-9-]+T[0-9:.]+Z [^ ]+ sshkeep [0-9]+ key.add \[sshkeep@32473 seq="2" kind="outcome"' \
    log export --format rfc5424
log run --target $'a|b=c\\d"e]f\ng' -- true
expect "CEF keeps a field in its field" 0 'fname=a\|b\\=c\\\\d"e\]f\\\\x0ag ' log export --format cef
expect "RFC 5424 too" 0 'target="a\|b=c\\\\d\\"e\\\]f\\\\x0ag"' log export --format rfc5424
check "one line a record" test "$(log export --format rfc5424 | wc -l)" = "$(log export | wc -l)"

log erase 1
expect "an erased payload leaves the log good" 0 '1 payloads erased' log verify
check "and is gone from the files" sh -c "! grep -q mail1@example.org '$ledger'/*"
check "the others are not" sh -c "grep -q mail2@example.org '$ledger'/*"

for _ in $(seq 130); do log run -- true; done
expect "nothing is that old" 0 'no whole tile' log retain --years 1 --archive "$work/archive"
sleep 1.1 # ages are counted in whole seconds
expect "retain moves whole tiles" 0 'moved records 0 to 255' log retain --years 0 --archive "$work/archive"
archive=$work/archive/records-0-256.archive
expect "the log stays good" 0 'good: .* records below 256 archived' log verify --key "$work/vkey" --checkpoint "$work/saved"
expect "with its archive too" 0 '^good' log verify --archive "$archive"
expect "an archived record needs its archive" 2 'name its archive' log prove 7
log prove 7 --archive "$archive" -o "$work/7.proof"
expect "and is proven from it" 0 'proven: record 7 of' "$program" log verify --proof "$work/7.proof" --key "$work/vkey"
expect "an old proof holds on" 0 'proven: record 3 of' "$program" log verify --proof "$work/3.proof" --key "$work/vkey"
printf 'X' | dd of="$archive" bs=1 seek=5000 conv=notrunc status=none
expect "a bent archive is found" 1 'record-altered|file-damaged' log verify --archive "$archive"

# A witness, as a forced command would run it.
mkdir "$work/witness"
witness=("$program" log witness --state "$work/witness" --name witness.example)
"${witness[@]}" --show-key > "$work/witness.vkey"
cosign=(--witness "${witness[*]} --log-key $work/vkey" --witness-key "$work/witness.vkey")
expect "a witness cosigns" 0 '^— witness.example ' log checkpoint "${cosign[@]}"
cp -r "$ledger" "$work/fork"
log run --target truth -- true
log checkpoint "${cosign[@]}" -o "$work/cosigned"
expect "what it cosigned is worth more" 0 '^good' log verify --checkpoint "$work/cosigned" --witness-key "$work/witness.vkey"
expect "what it did not is not" 2 'not cosigned' log verify --checkpoint "$work/saved" --witness-key "$work/witness.vkey"
expect "and does not sign another history" 3 'witness refuses' \
    "$program" log checkpoint --ledger "$work/fork" "${cosign[@]}"
for _ in $(seq 9); do "$program" log run --ledger "$work/fork" --target lie -- true; done
expect "not even a longer one" 3 'rewritten' "$program" log checkpoint --ledger "$work/fork" "${cosign[@]}"
log checkpoint --new-epoch > /dev/null
expect "it follows the log to a new key" 0 '^— witness.example ' log checkpoint "${cosign[@]}"
expect "a witness knows its log only" 3 'refuses' "$program" log checkpoint --ledger "$work/other" "${cosign[@]}"

# HTTPS PUT over loopback.
openssl req -x509 -newkey ed25519 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
    -keyout "$work/tls.key" -out "$work/tls.crt" 2> /dev/null
python3 "$(dirname "$0")/put_server.py" "$work" &
server=$!
for _ in $(seq 50); do [ -s "$work/port" ] && break; sleep 0.1; done
url=https://localhost:$(cat "$work/port")/web1
expect "PUT to an https server" 0 '/sshkeep$' log checkpoint --to-url "$url" --ca "$work/tls.crt"
log checkpoint -o "$work/last" > /dev/null
check "the server has the note" grep -q '^— ' "$work/put"
expect "an unknown certificate is refused" 3 'not anchored' log checkpoint --to-url "$url"
expect "http is refused" 3 'not anchored' log checkpoint --to-url "http://localhost:1/x"
kill $server
wait $server 2> /dev/null || true
expect "a place that cannot be written" 3 'not anchored' log checkpoint --to-file /nonexistent/file
expect "everything is still good" 0 '^good' log verify --key "$work/vkey" --checkpoint "$work/saved" --checkpoint "$work/put"
finish
