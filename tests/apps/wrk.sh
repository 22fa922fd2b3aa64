#!/usr/bin/env bash
# wrk, a load generator, out of Debian's source package and unchanged, with OpenSSL or with tlscore: non-blocking clients
# in threads. It has no tests of its own: it asks an nginx with the system's OpenSSL. wrk.sh SIDE DIRECTORY
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/apps/source.sh
side=$1 work=$2 pki=$PWD/tests/pki
openssl_of "$side"
tree=$(tree_of wrk "$side" "$work") || skip "no source package of wrk can be had here"
if [ ! -x "$tree/wrk" ]; then
  # -rdynamic and libdl, as its makefile has them; LuaJIT is the system's.
  quietly "$tree.log" make -C "$tree" -j"$(nproc)" VER=4.1.0 WITH_LUAJIT=/usr WITH_OPENSSL=/usr \
    "CFLAGS=-std=gnu99 -O2 -D_REENTRANT -I/usr/include/luajit-2.1 $ssl_cflags -Iobj/include" "LIBS=-lluajit-5.1 -lpthread -lm $ssl_libs -ldl"
fi
[ "$side" = openssl ] || linked_with_tlscore "$tree/wrk"

port=27444 served=$tree/served
mkdir -p "$served"
head -c 100000 /dev/zero | tr '\0' x >"$served/100000"
trap 'kill $nginx_pid 2>/dev/null' EXIT
nginx_on $port "$served" server-rsa "listen 127.0.0.1:$port ssl;" 'location /short { return 200 "short"; }'

# asks PATH ARGUMENT...: requests came, none failed.
asks() {
  local said
  said=$("$tree/wrk" -t 2 -c 20 -d 2s "${@:2}" "https://127.0.0.1:$port/$1")
  echo "$said"
  ! grep -qE 'Socket errors|Non-2xx' <<<"$said" && [ "$(sed -n 's/^ *\([0-9]*\) requests in.*/\1/p' <<<"$said")" -gt 20 ]
}
export -f asks
export tree port
check "short answers" bash -c 'asks short'
check "answers of 100000 bytes" bash -c 'asks 100000'
check "a connection for each request" bash -c 'asks short -H "Connection: close"'
none() { "$tree/wrk" -t 1 -c 2 -d 1s "https://127.0.0.1:1/" 2>&1 | grep -q 'unable to connect'; }
export -f none
check "nobody there is told" bash -c none
counts "wrk with $side: conversations with nginx"
