#!/usr/bin/env bash
# examples.sh [tlscat]: builds examples/c and examples/cpp, or tlscat alone, against the library in $BUILD. The programs
# find the library beside themselves, wherever $BUILD is moved. $BUILD_TO puts them elsewhere (for the sanitizers), and
# $RPATH says where they find it ("": where the loader looks).
# shellcheck disable=SC2206 # compilers and flags are lists of words
set -euo pipefail
cd "$(dirname "$0")/.."
build=${BUILD:-build}
out=${BUILD_TO:-$build}
warnings=(-Wall -Wextra -Wpedantic -Werror)
c=(${CC:-cc} -std=c11 "${warnings[@]}" ${CFLAGS:--O2 -g} -Iinclude)
cxx=(${CXX:-c++} -std=c++17 "${warnings[@]}" ${CXXFLAGS:--O2 -g} -Iinclude)
rpath=\$ORIGIN
[ "$out" = "$build" ] || rpath=$(realpath "$build")
rpath=${RPATH-$rpath}
link=(-L"$build" -ltlscore ${rpath:+"-Wl,-rpath,$rpath"})

"${c[@]}" -pthread -Iexamples/c examples/c/tlscat.c examples/c/tlscat/*.c -o "$out/tlscat" "${link[@]}"
[ "${1:-}" != tlscat ] || exit 0

for program in client server poll_server; do
  "${c[@]}" "examples/c/$program.c" -o "$out/$program" "${link[@]}"
done
for program in fetch poll_echo; do
  "${cxx[@]}" "examples/cpp/$program.cpp" -o "$out/$program" "${link[@]}"
done
echo "built client, server, poll_server, tlscat, fetch and poll_echo in $out"
