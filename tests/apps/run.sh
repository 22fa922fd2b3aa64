#!/usr/bin/env bash
# Programs that were written for OpenSSL, rebuilt unchanged on tlscore, and their own tests: run.sh [PROGRAM...].
# Each is built with OpenSSL, too, so that both have their counts. WORK=DIRECTORY keeps what was built.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(realpath -m "${WORK:-${BUILD:-build}/apps}")
mkdir -p "$work"
tools/openssl-lib.sh
[ $# -gt 0 ] || set -- redis memcached
failures=0
for program in "$@"; do
  for side in openssl tlscore; do
    "tests/apps/$program.sh" "$side" "$work" || [ "$side" = openssl ] || failures=$((failures + 1))
  done
done
[ $failures -eq 0 ]
