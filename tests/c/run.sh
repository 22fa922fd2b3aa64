#!/usr/bin/env bash
# run.sh plain|valgrind|sanitize: builds the C test programs and runs them, then the examples against
# each other, as they are, under valgrind's memcheck, or with ASan and UBSan in the C code.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/parallel.sh
mode=${1:?plain, valgrind or sanitize}
build=${BUILD:-build}
out=$build/test/$mode
mkdir -p "$out"
flags=(-std=c11 -Wall -Wextra -Wpedantic -Werror -O1 -g -Iinclude -pthread)
link=(-L"$build" -ltlscore "-Wl,-rpath,$(realpath "$build")")
wrap=()
case $mode in
  plain) ;;
  valgrind)
    # Everything that is left at the end counts, reachable or not.
    wrap=(valgrind --quiet --error-exitcode=99 --leak-check=full --show-leak-kinds=all
      --errors-for-leak-kinds=all)
    ;;
  sanitize)
    flags+=("-fsanitize=address,undefined" -fno-sanitize-recover=all -fno-omit-frame-pointer)
    export ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1
    ;;
  *) echo "run.sh: unknown mode $mode" >&2; exit 2 ;;
esac

compile() { # program
  local libs=()
  [ "$1" != key_callback ] || libs=(-lcrypto) # which plays the token
  "${CC:-cc}" "${flags[@]}" "tests/c/$1.c" tests/c/support.c -o "$out/$1" "${link[@]}" "${libs[@]}"
}

# One program, side by side with the others: what it says, and how it ends, into files.
run() { # program
  local status=0
  : >"$out/$1.out"
  compile "$1" 2>"$out/$1.err" && timeout 300 "${wrap[@]}" "$out/$1" >"$out/$1.out" 2>"$out/$1.err" || status=$?
  echo $status >"$out/$1.status"
}

failures=0
for program in $(sed 's/^#.*//; s/^.*  //' tests/c/rows.txt); do
  [ -f "tests/c/$program.c" ] || { echo "rows.txt: no test $program" >&2; failures=$((failures + 1)); }
done
# libssl_echo belongs to the interop tests.
names=$(basename -s .c tests/c/*.c | grep -vxE 'support|libssl_echo')
for_each run <<<"$names" || true # the files say which
for program in $names; do
  status=$(cat "$out/$program.status")
  cat "$out/$program.err" >&2
  printf '%s (%s): \n%s\n' "$program" "$mode" "$(cat "$out/$program.out")"
  if [ "$status" -ne 0 ]; then
    echo "$program: exit status $status" >&2
    failures=$((failures + 1))
    # A program that dies prints no count of its own.
    grep -q ' [1-9][0-9]* failed' "$out/$program.out" || echo "0 passed, 1 failed"
  fi
done

if [ "$mode" = sanitize ]; then
  BUILD_TO=$out CFLAGS="${flags[*]}" CXXFLAGS="-g -O1 -fsanitize=address,undefined" tools/examples.sh
  programs=$out
else
  programs=$build
fi
"${PYTHON:-python3}" tests/c/examples.py "$programs" "${wrap[@]}" || failures=$((failures + 1))
[ $failures -eq 0 ]
