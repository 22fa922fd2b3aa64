#!/usr/bin/env bash
# memcached, out of Debian's source package and unchanged, with OpenSSL or with tlscore: its own tests of TLS.
# memcached.sh SIDE DIRECTORY: SIDE is openssl or tlscore.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/apps/source.sh
side=$1 work=$2
openssl_of "$side"
tree=$(tree_of memcached "$side" "$work") || skip "no source package of memcached can be had here"
if [ ! -x "$tree/memcached" ]; then
  built() { cd "$tree" && ./configure --enable-tls && make -j"$(nproc)" memcached memcached-debug timedrun; }
  export -f built
  export tree
  quietly "$tree.log" bash -ec built
fi
[ "$side" = openssl ] || linked_with_tlscore "$tree/memcached"
cd "$tree"
for test in t/ssl_*.t; do
  if [ "$side" = tlscore ] && [ "$test" = t/ssl_proto_version.t ]; then
    echo "left out: $test, which asks for TLS 1.3"
    continue
  fi
  if SSL_TEST=1 timeout 120 prove "$test" >"$work/memcached-$side.out" 2>&1; then
    checks_passed=$((checks_passed + 1))
  else
    checks_failed=$((checks_failed + 1))
    echo "memcached with $side: $test"
    tail -n 12 "$work/memcached-$side.out"
  fi
done
counts "memcached with $side: t/ssl_*.t"
