#!/usr/bin/env bash
# Eclipse Paho's MQTT client for C, out of Debian's source package and unchanged, with OpenSSL or with tlscore: its own tests of
# TLS, test3 (blocking) and test5 (with callbacks), against a mosquitto that has the system's OpenSSL. Its certificates have
# expired: both get ours. paho.mqtt.c.sh SIDE DIRECTORY
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/apps/source.sh
side=$1 work=$2 pki=$PWD/tests/pki
openssl_of "$side"
tree=$(tree_of paho.mqtt.c "$side" "$work") || skip "no source package of paho.mqtt.c can be had here"
made=$tree/made
if [ ! -x "$made/test/test5" ]; then
  options=(-DPAHO_WITH_SSL=TRUE -DPAHO_ENABLE_TESTING=TRUE)
  [ "$side" = openssl ] || options+=("-DOPENSSL_ROOT_DIR=$(realpath "${BUILD:-build}")/openssl")
  export tree made
  quietly "$tree.log" bash -ec 'cmake -S "$tree" -B "$made" "$@"; make -C "$made" -j"$(nproc)" test3 test5' _ "${options[@]}"
fi
for name in cs as; do [ "$side" = openssl ] || linked_with_tlscore "$made/src/libpaho-mqtt3$name.so"; done

# The listeners that its tests name: in the clear, with clients' certificates, without, with suites that need no certificate,
# one whom nobody trusts, and pre-shared keys.
run=$(mktemp -d)
trap 'kill $broker 2>/dev/null; wait; rm -rf "$run"' EXIT
cat "$pki/ca.pem" "$pki/int.pem" >"$run/cas.pem"
cat "$pki/client-rsa.pem" "$pki/client-rsa.key" >"$run/client.pem"
listener() { # port, certificate, line...
  printf 'listener %s 127.0.0.1\nsocket_domain ipv4\ncafile %s\ncertfile %s.pem\nkeyfile %s.key\n' "$1" "$run/cas.pem" "$pki/$2" "$pki/$2"
  printf '%s\n' "${@:3}"
}
{
  printf 'user %s\nallow_anonymous true\nlog_dest file %s\nlistener 18883 127.0.0.1\n' "$(id -un)" "$run/log"
  listener 18884 server-rsa 'require_certificate true'
  listener 18885 server-rsa
  listener 18886 server-rsa
  listener 18887 self-leaf 'require_certificate true'
  printf 'listener 18888 127.0.0.1\npsk_hint Test\npsk_file %s\nciphers PSK-AES128-CBC-SHA\n' "$run/psk"
} >"$run/mosquitto.conf"
echo 'id:50534B00' >"$run/psk"
chmod -R go-rwx "$run"
mosquitto -c "$run/mosquitto.conf" >"$run/said" 2>&1 &
broker=$!
answers 18884 || cat "$run/said" "$run/log"
answers 18888

export run made pki
own() { # program, number of the test
  (cd "$run" && timeout 55 "$made/test/$1" --test_no "$2" --hostname localhost --client_key "$run/client.pem" --server_key "$pki/ca.pem" 2>&1)
}
export -f own
for test in $(seq 12); do check "test3 $test" own test3 "$test"; done
# The 13th of test5 wants a directory that is not there to be an error, which it is not in OpenSSL 3.
for test in $(seq 12) 14; do check "test5 $test" own test5 "$test"; done
counts "paho.mqtt.c with $side: its own test3 and test5 with mosquitto"
