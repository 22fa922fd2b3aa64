#!/usr/bin/env bash
# nghttp2's tools, out of Debian's source package and unchanged, with OpenSSL or with tlscore: nghttp and h2load ask an nginx,
# nghttpd answers curl (both with the system's OpenSSL), and they talk to each other. nghttp2.sh SIDE DIRECTORY
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/apps/source.sh
side=$1 work=$2 pki=$PWD/tests/pki
openssl_of "$side"
tree=$(tree_of nghttp2 "$side" "$work") || skip "no source package of nghttp2 can be had here"
made=$tree/made
if [ ! -x "$made/src/h2load" ]; then
  options=(-DENABLE_APP=ON -DENABLE_DOC=OFF -DENABLE_HPACK_TOOLS=OFF -DENABLE_EXAMPLES=OFF -DENABLE_FAILMALLOC=OFF -DWITH_LIBXML2=OFF -DWITH_JEMALLOC=OFF)
  [ "$side" = openssl ] || options+=("-DOPENSSL_ROOT_DIR=$(realpath "${BUILD:-build}")/openssl")
  export tree made
  quietly "$tree.log" bash -ec 'cmake -S "$tree" -B "$made" -DCMAKE_BUILD_TYPE=Release "$@"; make -C "$made" -j"$(nproc)" nghttp nghttpd h2load' _ "${options[@]}"
fi
for tool in nghttp nghttpd h2load; do [ "$side" = openssl ] || linked_with_tlscore "$made/src/$tool"; done

export made pki port=27453 asking=27454 own=27455 own_asking=27456 served=$tree/served
mkdir -p "$served"
for size in 1 100000 5000000; do head -c $size /dev/urandom >"$served/$size"; done
servers=()
trap 'kill "${servers[@]}" 2>/dev/null' EXIT
nginx_on $port "$served" server-rsa "listen 127.0.0.1:$port ssl http2;"
servers+=("$nginx_pid")
nginx_on $asking "$served" server-p256 "listen 127.0.0.1:$asking ssl http2; ssl_verify_client on; ssl_client_certificate $pki/ca.pem;"
servers+=("$nginx_pid")
nghttpd_on() { # port, argument...
  "$made/src/nghttpd" -a 127.0.0.1 -d "$served" -n 2 "${@:2}" "$1" "$pki/server-rsa.key" "$pki/server-rsa.pem" >"$served.$1" 2>&1 &
  servers+=($!)
  answers "$1"
}
nghttpd_on $own --echo-upload "--dh-param-file=$pki/dh2048.pem"
nghttpd_on $own_asking --verify-client

tool() { timeout 60 "$made/src/$1" "${@:2}"; }
# nghttp gets, and says nothing else.
got() { tool nghttp "https://127.0.0.1:$1/$2" "${@:3}" 2>/dev/null | cmp - "$served/$2"; }
curled() { curl -sS --max-time 60 --http2 --cacert "$pki/ca.pem" "https://127.0.0.1:$1/$2" "${@:3}"; }
is_whole() { curled "$own" "$1" "${@:2}" | cmp - "$served/$1"; }
at_once() { local n pids=() pid; for n in $(seq 20); do is_whole 100000 & pids+=($!); done; for pid in "${pids[@]}"; do wait "$pid" || return 1; done; }
echoed() { curled "$own" echo --data-binary "@$served/5000000" | cmp - "$served/5000000"; }
refused() { ! curled "$@" -o /dev/null 2>/dev/null; }
# load URL REQUESTS ARGUMENT...: every request of h2load's was answered; what it said of the connection.
load() {
  local said
  said=$(tool h2load -n "$2" "${@:3}" "$1") || return 1
  grep -q "requests: $2 total, $2 started, $2 done, $2 succeeded, 0 failed, 0 errored, 0 timeout" <<<"$said" || { echo "$said"; return 1; }
  echo "$said"
}
says() { load "${@:2}" | grep -q "$1"; }
no_tls() { ! curl -sS --max-time 5 --http2-prior-knowledge "http://127.0.0.1:$own/1" -o /dev/null 2>/dev/null && is_whole 1; }
given_up() { ! curled "$own" 5000000 --max-time 0.05 --limit-rate 1000 -o /dev/null 2>/dev/null && is_whole 1; }
nobody() { ! got $asking 1 2>/dev/null; }
export -f tool got curled is_whole at_once echoed refused load says no_tls given_up nobody
nginx="https://127.0.0.1:$port" nghttpd="https://127.0.0.1:$own"
for size in 1 100000 5000000; do
  check "nghttp: $size bytes" got $port $size
  check "nghttpd: $size bytes" is_whole $size
done
check "nghttp: of nghttpd" got $own 5000000
check "nghttp: a client's certificate" got $asking 100000 "--cert=$pki/client-rsa.pem" "--key=$pki/client-rsa.key"
check "nghttp: none where one is asked for" nobody
check "nghttpd: twenty at once" at_once
check "nghttpd: five megabytes there and back" echoed
check "nghttpd: DHE with parameters of a file" is_whole 100000 --tls-max 1.2 --ciphers DHE-RSA-AES128-GCM-SHA256
check "nghttpd: a client's certificate" curled $own_asking 1 -o /dev/null --cert "$pki/client-rsa.pem" --key "$pki/client-rsa.key"
check "nghttpd: none where one is asked for" refused $own_asking 1
check "nghttpd: TLS 1.1 is refused" refused $own 1 --tls-max 1.1 --tlsv1.0
check "nghttpd: no TLS at all" no_tls
check "nghttpd: a client that gives up" given_up
check "h2load: nginx" load "$nginx/100000" 400 -c 20 -m 10 -t 2
check "h2load: nghttpd" load "$nghttpd/1" 4000 -c 20 -m 10 -t 2
check "h2load: large answers" load "$nghttpd/5000000" 40 -c 4 -m 5
check "h2load: HTTP/1.1" load "$nginx/1" 200 -c 10 --h1
check "h2load: a suite" says 'Cipher: ECDHE-RSA-CHACHA20-POLY1305' "$nginx/1" 20 -c 2 --ciphers=ECDHE-RSA-CHACHA20-POLY1305
check "h2load: tells the group" says 'Server Temp Key: ECDH prime256v1 256 bits' "$nghttpd/1" 20 -c 2
check "h2load: tells the protocol" says 'Application protocol: h2' "$nginx/1" 20 -c 2
counts "nghttp2's tools with $side: conversations with nginx, curl and each other"
