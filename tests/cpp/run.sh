#!/usr/bin/env bash
# tls.hpp with each compiler and standard that it promises, without a warning; that nothing of tls.h is missing in it;
# its tests, plain and with ASan and UBSan in them; and the C++ examples with openssl.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=${BUILD:-build}
out=$build/test/cpp
mkdir -p "$out"
. tests/parallel.sh
flags=(-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -Werror -g -Iinclude -pthread)
link=(-L"$build" -ltlscore "-Wl,-rpath,$(realpath "$build")")
failures=0
verdict() { # description, status
  if [ "$2" -eq 0 ]; then
    echo "ok: $1"
    echo "1 passed, 0 failed"
  else
    echo "FAILED: $1"
    echo "0 passed, 1 failed"
    failures=$((failures + 1))
  fi
}
try() { # description, command...
  local status=0
  "${@:2}" || status=$?
  verdict "$1" $status
}

# Each function of the header is called in the C++ headers, or unwrapped.txt says why not.
complete() {
  local missing
  missing=$(comm -23 <(sed -n 's/^function .*[ *]\(tls_[a-z0-9_]*\)(.*/\1/p' packaging/abi.txt | sort -u) \
    <(cat include/tlscore/cpp/*.hpp <(sed 's/#.*//' tests/cpp/unwrapped.txt) | grep -oE '\btls_[a-z0-9_]+' | sort -u))
  [ -z "$missing" ] || { echo "not in tls.hpp:" $missing; return 1; }
}

compilers=("${CXX:-c++}")
! command -v clang++ >/dev/null || compilers+=(clang++)
reads() { # standard and compiler and file
  local words
  read -r -a words <<<"$1"
  try "${words[2]} as ${words[0]} with ${words[1]}" "${words[1]}" "-std=${words[0]}" "${flags[@]}" -fsyntax-only "${words[2]}"
  [ $failures -eq 0 ]
}
for compiler in "${compilers[@]}"; do
  for std in c++17 c++20; do
    printf "$std $compiler %s\n" tests/cpp/*.cpp examples/cpp/*.cpp
  done
done | for_each reads || failures=1
too_old() {
  local said
  said=$("${CXX:-c++}" -std=c++14 -Iinclude -fsyntax-only -x c++ - <<<'#include <tlscore/tls.hpp>' 2>&1) && return 1
  grep -q 'needs C++17' <<<"$said"
}
try "C++14 is told what is needed" too_old
try "tls.hpp has every function of tls.h" complete
plain() { # source, and what is built
  "${CXX:-c++}" -std=c++17 "${flags[@]}" -O1 "$1" -o "$2" "${link[@]}"
  "$2"
}
sanitized() {
  "${CXX:-c++}" -std=c++20 "${flags[@]}" -O1 -fsanitize=address,undefined -fno-sanitize-recover=all "$1" -o "$2" "${link[@]}"
  ASAN_OPTIONS=detect_leaks=1 "$2"
}
runs() { # how and source
  local name
  name=$(basename "${1#* }" .cpp)
  "${1%% *}" "${1#* }" "$out/$name-${1%% *}" >"$out/$name-${1%% *}.out" 2>&1
}
for source in tests/cpp/*.cpp; do
  printf '%s\n' "plain $source" "sanitized $source"
done | for_each runs || failures=$((failures + 1))
cat "$out"/*.out
"${PYTHON:-python3}" tests/cpp/examples.py "$build" || failures=$((failures + 1))
[ $failures -eq 0 ]
