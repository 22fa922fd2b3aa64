#!/usr/bin/env bash
# The shared library exports every function of the header, versioned, and nothing else; the static
# one has no other global symbol.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=${BUILD:-build}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0
verdict() { # description, file that must be empty
  if [ -s "$2" ]; then
    failed=$((failed + 1))
    echo "FAILED: $1:"
    sed 's/^/  /' "$2"
  else
    passed=$((passed + 1))
    echo "ok: $1"
  fi
}

echo '#include <tlscore/tls.h>' | "${CC:-cc}" -E -P -Iinclude -x c - | tr '\n' ' ' |
  grep -oE '\btls_[a-z0-9_]+ ?\(' | tr -d ' (' | sort -u >"$work/header"
nm -D --defined-only "$build/libtlscore.so.1" | awk '$2 != "A" { print $3 }' | sort >"$work/versioned"
sed 's/@.*//' "$work/versioned" | sort -u >"$work/shared"
nm --defined-only "$build/libtlscore.a" 2>/dev/null | awk 'NF == 3 && $2 ~ /[A-Z]/ { print $3 }' | sort -u >"$work/static"

grep -v '^tls_.*@@TLSCORE_1$' "$work/versioned" >"$work/bad" || true
verdict "the shared library exports versioned tls_* symbols alone" "$work/bad"
comm -23 "$work/header" "$work/shared" >"$work/bad"
verdict "it exports every function of the header" "$work/bad"
comm -13 "$work/header" "$work/shared" >"$work/bad"
verdict "it exports no function that the header does not have" "$work/bad"
diff "$work/shared" "$work/static" >"$work/bad" || true
verdict "the static library has the same global symbols and no other" "$work/bad"
readelf -d "$build/libtlscore.so.1" | grep -q 'SONAME.*\[libtlscore.so.1\]' && : >"$work/bad" || echo "no soname" >"$work/bad"
verdict "its soname is libtlscore.so.1" "$work/bad"
readelf -d "$build/libtlscore.so.1" | grep NEEDED | grep -vE '\[(libc\.so\.6|libgcc_s\.so\.1|libm\.so\.6|ld-linux.*)\]' >"$work/bad" || true
verdict "it needs the C library and libgcc alone" "$work/bad"
readelf -lW "$build/libtlscore.so.1" | grep GNU_STACK | grep RWE >"$work/bad" || true
verdict "its stack is not executable" "$work/bad"
echo "$(wc -l <"$work/shared") functions"
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
