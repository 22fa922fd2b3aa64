#!/usr/bin/env bash
# The binary interface: packaging/abi.txt says what <tlscore/tls.h> promises to programs that are linked already.
# abi.sh check: fails when the header says something else.
# abi.sh write: adds what is new in the header; refuses when something changed or went.
# abi.sh break: writes whatever the header says now. Before 1.0 that asks for another minor version at the
#   next release, from 1.0 on for another soname; CHANGELOG.md says what breaks.
# abi.sh compare [REVISION]: what libabigail says of the change since a revision (default: the newest tag).
# The numbers are those of 64-bit machines (LP64).
set -euo pipefail
cd "$(dirname "$0")/.."
list=packaging/abi.txt
header=include/tlscore/tls.h
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

now() { "${PYTHON:-python3}" tools/abi.py "$header" >"$work/now"; }
gone() { LC_ALL=C comm -23 <(LC_ALL=C sort "$list") <(LC_ALL=C sort "$work/now"); }
new() { LC_ALL=C comm -13 <(LC_ALL=C sort "$list") <(LC_ALL=C sort "$work/now"); }

# libabigail wants libraries with debug information of C, which ours has not: made of definitions without bodies.
library() { # its source, the library
  "${CC:-cc}" -g -shared -fPIC -Iinclude -x c "$1" -Wl,-soname,libtlscore.so.1 -o "$2"
}
of_list() { # list, library
  "${PYTHON:-python3}" tools/abi.py "$1" --stubs >"$work/stubs.c"
  library "$work/stubs.c" "$2"
}
of_header() { # library
  { echo '#include <tlscore/tls.h>' && sed -n 's/^function \(.*\)/\1 { __builtin_trap(); }/p' "$list"; } >"$work/real.c"
  library "$work/real.c" "$1"
}

case "${1:-}" in
  check)
    now
    if ! cmp -s "$list" "$work/now"; then
      gone | sed 's/^/gone or changed: /' >&2
      new | sed 's/^/new: /' >&2
      echo "$list does not say what $header says: run 'tools/abi.sh write' and commit it" >&2
      exit 1
    fi
    # A second opinion, on what a compiler makes of the list and of the header.
    if command -v abidiff >/dev/null; then
      of_list "$list" "$work/list.so"
      of_header "$work/header.so"
      abidiff "$work/list.so" "$work/header.so"
    fi
    echo "$list is what the header says: $(grep -c ^function "$list") functions, $(wc -l <"$list") facts"
    ;;
  write)
    now
    [ -e "$list" ] || : >"$list"
    if [ -n "$(gone)" ]; then
      gone | sed 's/^/gone or changed: /' >&2
      echo "programs that are linked already would break: 'tools/abi.sh break' writes this if it is meant" >&2
      exit 1
    fi
    echo "$list: $(new | wc -l) facts more"
    cp "$work/now" "$list"
    ;;
  break)
    now
    gone | sed 's/^/gone or changed: /'
    cp "$work/now" "$list"
    ;;
  compare)
    since=${2:-$(git describe --tags --abbrev=0)}
    git show "$since:$list" >"$work/then"
    of_list "$work/then" "$work/then.so"
    of_list "$list" "$work/now.so"
    # A report for people: its status tells of additions, too.
    abidiff "$work/then.so" "$work/now.so" || true
    ;;
  *) echo "usage: abi.sh check|write|break|compare [REVISION]" >&2; exit 2 ;;
esac
