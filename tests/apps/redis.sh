#!/usr/bin/env bash
# redis, out of Debian's source package and unchanged, with OpenSSL or with tlscore: its own unit/tls.
# redis.sh SIDE DIRECTORY [TEST...]: SIDE is openssl or tlscore; the tests are redis's names (default: unit/tls). WHOLE=1: all that
# it has, over TLS, which takes long.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/apps/source.sh
side=$1 work=$2
shift 2
[ $# -gt 0 ] || [ -n "${WHOLE:-}" ] || set -- unit/tls
openssl_of "$side"
tree=$(tree_of redis "$side" "$work") || skip "no source package of redis can be had here"
if [ ! -x "$tree/src/redis-server" ]; then
  options=(BUILD_TLS=yes MALLOC=libc USE_SYSTEMD=no)
  [ "$side" = openssl ] || options+=("OPENSSL_PREFIX=$(realpath "${BUILD:-build}")/openssl")
  quietly "$tree.log" make -C "$tree" -j"$(nproc)" "${options[@]}"
fi
[ "$side" = openssl ] || linked_with_tlscore "$tree/src/redis-server"
cd "$tree"
[ -e tests/tls/redis.crt ] || utils/gen-test-certs.sh >/dev/null 2>&1
single=()
for test in "$@"; do single+=(--single "$test"); done
status=0
timeout 7200 ./runtest --tls --clients "$([ $# -gt 0 ] && echo 1 || nproc)" "${single[@]}" >"$work/redis-$side.out" 2>&1 || status=$?
checks_passed=$(grep -c '\[.*ok.*\]:' "$work/redis-$side.out" || true)
checks_failed=$(grep -cE '\[.*(err|exception).*\]:' "$work/redis-$side.out" || true)
grep -E '\[.*(err|exception).*\]:' "$work/redis-$side.out" || true
[ $status -eq 0 ] || [ "$checks_failed" -gt 0 ] || checks_failed=1
counts "redis with $side: ${*:-the whole}"
