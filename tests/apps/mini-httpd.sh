#!/usr/bin/env bash
# mini_httpd, out of Debian's source package and unchanged, with OpenSSL or with tlscore: a server that forks for each
# connection. It has no tests of its own: curl talks to it. mini-httpd.sh SIDE DIRECTORY
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/apps/source.sh
side=$1 work=$2 pki=$PWD/tests/pki
openssl_of "$side"
tree=$(tree_of mini-httpd "$side" "$work") || skip "no source package of mini-httpd can be had here"
if [ ! -x "$tree/mini_httpd" ]; then
  quietly "$tree.log" make -C "$tree" mini_httpd "SSL_DEFS=-DUSE_SSL -DHAVE_INT64T" "SSL_INC=$ssl_cflags" "SSL_LIBS=$ssl_libs"
fi
[ "$side" = openssl ] || linked_with_tlscore "$tree/mini_httpd"

files=$tree/served port=27443
mkdir -p "$files"
for size in 0 1 16384 5000000; do head -c $size /dev/zero | tr '\0' x >"$files/$size"; done
cat "$pki/server-rsa.key" "$pki/server-rsa.pem" >"$tree/server.pem"
"$tree/mini_httpd" -D -S -E "$tree/server.pem" -p $port -h 127.0.0.1 -d "$files" -u "$(id -un)" >"$tree.served" 2>&1 &
server=$!
trap 'kill $server 2>/dev/null' EXIT
answers $port

get() { curl -sS --max-time 30 --cacert "$pki/ca.pem" --resolve "localhost:$port:127.0.0.1" "https://localhost:$port/$1" "${@:2}"; }
is_whole() { get "$1" | cmp - "$files/$1"; }
many() { local n; for n in $(seq 20); do is_whole 16384; done; }
at_once() { local n pids=() pid; for n in $(seq 10); do is_whole 5000000 & pids+=($!); done; for pid in "${pids[@]}"; do wait "$pid"; done; }
refused() { ! get 1 "$@" 2>/dev/null; }
stays() { refused --tls-max 1.1 --tlsv1.0; is_whole 1; }
no_tls() { ! curl -sS --fail --max-time 10 "http://127.0.0.1:$port/1" -o /dev/null 2>/dev/null && is_whole 1; }
export -f get is_whole many at_once refused stays no_tls
export port pki files
for size in 0 1 16384 5000000; do check "a file of $size bytes" bash -c "is_whole $size"; done
check "twenty in a row" bash -c many
check "ten at once" bash -c at_once
check "another CA is refused by the client" bash -c "refused --cacert '$pki/other-ca.pem'"
check "TLS 1.1 is refused, and the server stays" bash -c stays
check "no TLS at all, and the server stays" bash -c no_tls
check "ECDHE-RSA-AES256-GCM-SHA384" bash -c 'get 1 --tls-max 1.2 --ciphers ECDHE-RSA-AES256-GCM-SHA384'
counts "mini-httpd with $side: conversations with curl"
