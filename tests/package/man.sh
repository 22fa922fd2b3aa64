#!/usr/bin/env bash
# The manual pages: every function, type and constant of the header is on one; mandoc finds nothing (where it is there);
# no page but ours has the name of a file of ours; and the examples compile.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/verdicts.sh

"${PYTHON:-python3}" tools/man.py check >"$work/said" && : >"$work/said"
empty "each function, type, constant and option is on one page" "$work/said"
"${PYTHON:-python3}" tools/man.py write "$work/man"

# A link for each function.
sed -n 's/^function .*[ *]\(tls_[a-z0-9_]*\)(.*/\1.3tlscore/p' packaging/abi.txt | LC_ALL=C sort >"$work/wanted"
find "$work/man/man3" -printf '%f\n' | LC_ALL=C sort >"$work/there"
LC_ALL=C comm -23 "$work/wanted" "$work/there" >"$work/said"
empty "each function has its page or a link to it" "$work/said"

if command -v mandoc >/dev/null; then
  grep -L '^\.so ' "$work"/man/man?/* | while read -r page; do
    mandoc -T lint "$page" 2>&1 || true
  done | grep -vE 'referenced manual not found|mandoc\.db' >"$work/said" || true
  empty "mandoc -T lint is content" "$work/said"
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
  empty "$(basename "$example") compiles" "$work/said"
done
count
