#!/usr/bin/env bash
# memcached, out of Debian's source package and unchanged, with OpenSSL or with tlscore: its own tests of TLS.
# memcached.sh SIDE DIRECTORY: SIDE is openssl or tlscore.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/apps/source.sh
side=$1 work=$2
build=$(realpath "${BUILD:-build}")
mkdir -p "$work/source"
tree=$work/memcached-$side
if [ ! -x "$tree/memcached" ]; then
  source=$(source_of memcached "$work/source")
  rm -rf "$tree"
  cp -a "$source" "$tree"
  [ "$side" = openssl ] || export PKG_CONFIG_PATH=$build/openssl/lib/pkgconfig
  (cd "$tree" && ./configure --enable-tls && make -j"$(nproc)" memcached memcached-debug timedrun) >"$tree.log" 2>&1 ||
    { tail -n 20 "$tree.log" >&2; exit 1; }
fi
[ "$side" = openssl ] || linked_with_tlscore "$tree/memcached"
cd "$tree"
failed=0 passed=0
for test in t/ssl_*.t; do
  if SSL_TEST=1 timeout 120 prove "$test" >"$work/memcached-$side.out" 2>&1; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "memcached with $side: $test"
    tail -n 12 "$work/memcached-$side.out"
  fi
done
echo "memcached with $side: t/ssl_*.t"
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
