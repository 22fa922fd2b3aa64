#!/usr/bin/env bash
# libevent's bufferevent_openssl, out of Debian's source package and unchanged, with OpenSSL or with tlscore: the library and
# its sample le-proxy, which takes connections in the clear and speaks TLS to a server. libevent.sh SIDE DIRECTORY
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/apps/source.sh
side=$1 work=$2 pki=$PWD/tests/pki
openssl_of "$side"
tree=$(tree_of libevent "$side" "$work") || skip "no source package of libevent can be had here"
proxy=$tree/sample/le-proxy
if [ ! -x "$proxy" ]; then
  # Its own test of TLS makes certificates (X509_new, X509_sign): nothing to be had from a library for TLS alone.
  configured() {
    cd "$tree"
    ./configure --disable-shared --disable-libevent-regress --disable-thread-support "OPENSSL_CFLAGS=$ssl_cflags" "OPENSSL_LIBS=$ssl_libs"
    make -j"$(nproc)" libevent.la libevent_openssl.la
    make sample/le-proxy
  }
  export -f configured
  export tree ssl_cflags ssl_libs
  quietly "$tree.log" bash -ec configured
fi
[ "$side" = openssl ] || linked_with_tlscore "$proxy"

port=27445 proxied=27446 served=$tree/served
mkdir -p "$served"
for size in 1 100000 5000000; do head -c $size /dev/urandom >"$served/$size"; done
trap 'kill $nginx_pid $middle 2>/dev/null' EXIT
middle=
nginx_on $port "$served" server-p256 "listen 127.0.0.1:$port ssl;"
"$proxy" -s 127.0.0.1:$proxied 127.0.0.1:$port >"$served/said" 2>&1 &
middle=$!
answers $proxied

export served proxied
is_whole() { curl -sS --max-time 30 "http://127.0.0.1:$proxied/$1" | cmp - "$served/$1"; }
at_once() { local n pids=() pid; for n in $(seq 20); do is_whole 100000 & pids+=($!); done; for pid in "${pids[@]}"; do wait "$pid" || return 1; done; }
keeps() { local n list=(); for n in $(seq 50); do list+=("http://127.0.0.1:$proxied/1" -o /dev/null); done; curl -sS --fail --max-time 30 "${list[@]}"; }
sent() { curl -sS --max-time 30 --data-binary "@$served/5000000" "http://127.0.0.1:$proxied/1" -o /dev/null -w '%{http_code}' | grep -q 405; }
given_up() { ! curl -sS --max-time 0.02 --limit-rate 1000 "http://127.0.0.1:$proxied/5000000" -o /dev/null 2>/dev/null && is_whole 1; }
export -f is_whole at_once keeps sent given_up
for size in 1 100000 5000000; do check "$size bytes" bash -c "is_whole $size"; done
check "twenty at once" bash -c at_once
check "fifty requests over one connection" bash -c keeps
check "five megabytes sent" bash -c sent
check "a client that gives up" bash -c given_up
counts "libevent's le-proxy with $side: conversations with nginx"
