#!/usr/bin/env bash
# The shared library exports every function of the header, versioned, and nothing else; the static
# one has no other global symbol. And the shared one stays as small as it is.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=${BUILD:-build}
. tests/verdicts.sh

echo '#include <tlscore/tls.h>' | "${CC:-cc}" -E -P -Iinclude -x c - | tr '\n' ' ' |
  grep -oE '\btls_[a-z0-9_]+ ?\(' | tr -d ' (' | sort -u >"$work/header"
nm -D --defined-only "$build/libtlscore.so.1" | awk '$2 != "A" { print $3 }' | sort >"$work/versioned"
sed 's/@.*//' "$work/versioned" | sort -u >"$work/shared"
nm --defined-only "$build/libtlscore.a" 2>/dev/null | awk 'NF == 3 && $2 ~ /[A-Z]/ { print $3 }' | sort -u >"$work/static"

grep -v '^tls_.*@@TLSCORE_1$' "$work/versioned" >"$work/bad" || true
empty "the shared library exports versioned tls_* symbols alone" "$work/bad"
comm -23 "$work/header" "$work/shared" >"$work/bad"
empty "it exports every function of the header" "$work/bad"
comm -13 "$work/header" "$work/shared" >"$work/bad"
empty "it exports no function that the header does not have" "$work/bad"
diff "$work/shared" "$work/static" >"$work/bad" || true
empty "the static library has the same global symbols and no other" "$work/bad"
readelf -d "$build/libtlscore.so.1" | grep -q 'SONAME.*\[libtlscore.so.1\]' && : >"$work/bad" || echo "no soname" >"$work/bad"
empty "its soname is libtlscore.so.1" "$work/bad"
readelf -d "$build/libtlscore.so.1" | grep NEEDED | grep -vE '\[(libc\.so\.6|libgcc_s\.so\.1|libm\.so\.6|ld-linux.*)\]' >"$work/bad" || true
empty "it needs the C library and libgcc alone" "$work/bad"
readelf -lW "$build/libtlscore.so.1" | grep GNU_STACK | grep RWE >"$work/bad" || true
empty "its stack is not executable" "$work/bad"
# What Cargo.toml's profile is worth; as much above it as a change may bring before somebody looks.
if [ "${PROFILE:-release}" = release ]; then
  strip -o "$work/stripped" "$build/libtlscore.so.1"
  size=$(stat -c %s "$work/stripped") most=3700000
  [ "$size" -le $most ] && : >"$work/bad" || echo "$size bytes" >"$work/bad"
  empty "it has at most $most bytes, stripped" "$work/bad"
  echo "$size bytes, stripped"
fi
echo "$(wc -l <"$work/shared") functions"
count
