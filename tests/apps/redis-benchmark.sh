#!/usr/bin/env bash
# redis-benchmark --tls over TLS 1.2, redis and its client with OpenSSL and with tlscore, in turns: requests per second.
# redis-benchmark.sh DIRECTORY [ROUNDS]: where redis.sh has built both. Prints medians and their ratio, and what the server
# needs of the CPU, which a busy machine changes less.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$1 rounds=${2:-7}
certs=$work/redis-openssl/tests/tls
port=27379
tls=(--tls --cacert "$certs/ca.crt" --cert "$certs/redis.crt" --key "$certs/redis.key" -p $port)
server=
stop() { [ -z "$server" ] || { kill "$server" 2>/dev/null && wait "$server" 2>/dev/null; server=; } || true; }
trap stop EXIT

# one SIDE ARGUMENT...: requests per second of one run, on a server of its own, and its CPU time in ms.
one() {
  local tree=$work/redis-$1 tries
  "$tree/src/redis-server" --port 0 --tls-port $port --save '' --appendonly no --tls-protocols TLSv1.2 \
    --tls-cert-file "$certs/redis.crt" --tls-key-file "$certs/redis.key" --tls-ca-cert-file "$certs/ca.crt" >/dev/null &
  server=$!
  for tries in $(seq 100); do
    if "$tree/src/redis-cli" "${tls[@]}" ping >/dev/null 2>&1; then break; fi
    sleep 0.05
  done
  [ "$tries" -lt 100 ] || { echo "redis with $1 does not answer" >&2; exit 1; }
  local rps
  rps=$("$tree/src/redis-benchmark" "${tls[@]}" --csv "${@:2}" 2>/dev/null | sed -n '2s/^"[^"]*","\([0-9.]*\)".*/\1/p')
  echo "$rps $(awk -v hz="$(getconf CLK_TCK)" '{ print ($14 + $15) * 1000 / hz }' "/proc/$server/stat")"
  stop
}
median() { cut -d' ' -f"$1" "$2" | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

row() { # name, arguments of redis-benchmark...
  local side
  : >"$work/rps-openssl"
  : >"$work/rps-tlscore"
  for round in $(seq "$rounds"); do
    for side in openssl tlscore; do one $side "${@:2}" >>"$work/rps-$side"; done
  done
  local o=$work/rps-openssl t=$work/rps-tlscore
  awk -v name="$1" -v or="$(median 1 "$o")" -v tr="$(median 1 "$t")" -v oc="$(median 2 "$o")" -v tc="$(median 2 "$t")" 'BEGIN {
    printf "%-24s OpenSSL %7.0f  tlscore %7.0f requests/s  %.2fx   server CPU %5.0f ms, %5.0f ms\n", name, or, tr, tr / or, oc, tc }'
}
row "GET, 50 clients" -t get -n 40000 -c 50
row "GET 16 KiB, 50 clients" -t get -n 20000 -c 50 -d 16384
row "SET 1 KiB, 16 in flight" -t set -n 100000 -c 50 -d 1024 -P 16
row "new connections" -t ping_mbulk -n 1500 -c 20 -k 0
