#!/usr/bin/env bash
# The manual pages: every function, type and constant of the header is on one; mandoc finds nothing (where it is there);
# no page but ours has the name of a file of ours; and the examples compile.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0
verdict() { # description, file that must be empty
  if [ -s "$2" ]; then
    failed=$((failed + 1))
    echo "FAILED: $1"
    sed 's/^/  /' "$2"
  else
    passed=$((passed + 1))
    echo "ok: $1"
  fi
}

"${PYTHON:-python3}" tools/man.py check >"$work/said" && : >"$work/said"
verdict "each function, type, constant and option is on one page" "$work/said"
"${PYTHON:-python3}" tools/man.py write "$work/man"

# A link for each function.
sed -n 's/^function .*[ *]\(tls_[a-z0-9_]*\)(.*/\1.3tlscore/p' packaging/abi.txt | LC_ALL=C sort >"$work/wanted"
find "$work/man/man3" -printf '%f\n' | LC_ALL=C sort >"$work/there"
LC_ALL=C comm -23 "$work/wanted" "$work/there" >"$work/said"
verdict "each function has its page or a link to it" "$work/said"

if command -v mandoc >/dev/null; then
  grep -L '^\.so ' "$work"/man/man?/* | while read -r page; do
    mandoc -T lint "$page" 2>&1 || true
  done | grep -vE 'referenced manual not found|mandoc\.db' >"$work/said" || true
  verdict "mandoc -T lint is content" "$work/said"
fi

"${PYTHON:-python3}" tools/man.py examples "$work/examples"
for example in "$work"/examples/*.c; do
  {
    printf '#define _GNU_SOURCE\n#include <tlscore/tls.h>\n#include <poll.h>\n#include <stdio.h>\n'
    printf '#include <stdlib.h>\n#include <string.h>\n#include <unistd.h>\n'
    cat "$example"
  } >"$work/example.c"
  "${CC:-cc}" -std=c11 -Wall -Wextra -Wpedantic -Werror -O1 -Iinclude -c "$work/example.c" -o "$work/example.o" \
    2>"$work/said" || true
  verdict "$(basename "$example") compiles" "$work/said"
done
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
