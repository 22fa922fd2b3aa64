#!/usr/bin/env bash
# Installs into an empty directory and builds programs there as a user would: with pkg-config and
# with CMake, in C and in C++, shared and static, beside another Rust library; then uninstalls.
# shellcheck disable=SC2046 # what pkg-config prints is a list of words
set -euo pipefail
cd "$(dirname "$0")/../.."
# A user's shell has none of what `make test` exports: its paths would win over the PREFIX given below.
unset PREFIX LIBDIR INCLUDEDIR DESTDIR BUILD PROFILE MAKEFLAGS MAKEOVERRIDES MAKELEVEL
here=$PWD/tests/package
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
passed=0 failed=0
# In the background, because `set -e` does not hold in functions whose status a condition looks at.
check() { # description, command...
  "${@:2}" >"$root/log" 2>&1 &
  if wait $!; then
    passed=$((passed + 1))
    echo "ok: $1"
  else
    failed=$((failed + 1))
    echo "FAILED: $1"
    sed 's/^/  /' "$root/log"
  fi
}
warnings=(-Wall -Wextra -Wpedantic -Werror)
prefix=$root/prefix
export PKG_CONFIG_PATH=$prefix/lib/pkgconfig LD_LIBRARY_PATH=$prefix/lib

with_pkg_config() { # compiler, source, program
  "$1" "${warnings[@]}" "$2" -o "$3" $(pkg-config --cflags --libs tlscore)
  "$3"
}

absent() { # pattern, command...: the command succeeds and does not print this
  "${@:2}" >"$root/printed"
  if grep "$1" "$root/printed"; then return 1; fi
}

# As the README says.
static_with_pkg_config() {
  "${CC:-cc}" "${warnings[@]}" "$here/app.c" -o "$root/static" $(pkg-config --cflags --libs-only-L tlscore) \
    -l:libtlscore.a $(pkg-config --static --libs-only-l tlscore | sed s/-ltlscore//)
  env -u LD_LIBRARY_PATH "$root/static"
  absent tlscore ldd "$root/static"
}

# Another Rust library in the same program: their common symbols must not meet.
beside_rust() {
  rustc --edition 2024 --crate-type staticlib -o "$root/libother.a" "$here/other.rs"
  "${CC:-cc}" "${warnings[@]}" -DWITH_OTHER "$here/app.c" -o "$root/both" $(pkg-config --cflags tlscore) \
    "$prefix/lib/libtlscore.a" "$root/libother.a" $(pkg-config --static --libs-only-l tlscore | sed 's/-ltlscore//')
  "$root/both"
}

readme_programs() { "${PYTHON:-python3}" tests/package/readme.py; }

# Without glibc's caches of freed memory: what is in use is counted.
reloaded() {
  "${CC:-cc}" "${warnings[@]}" "$here/reload.c" -o "$root/reload" -pthread $(pkg-config --cflags tlscore)
  GLIBC_TUNABLES=glibc.malloc.tcache_count=0 "$root/reload" "$prefix/lib/libtlscore.so.1"
}

with_cmake() {
  cmake -S "$here" -B "$root/cmake" -DCMAKE_PREFIX_PATH="$1"
  cmake --build "$root/cmake"
  "$root/cmake/app_c" && "$root/cmake/app_cpp" && "$root/cmake/app_static"
}

moved() {
  mv "$prefix" "$root/elsewhere"
  rm -rf "$root/cmake"
  LD_LIBRARY_PATH=$root/elsewhere/lib with_cmake "$root/elsewhere"
  mv "$root/elsewhere" "$prefix"
}

staged() {
  make -s install DESTDIR="$root/stage" PREFIX=/usr LIBDIR=/usr/lib/test
  test -e "$root/stage/usr/lib/test/libtlscore.so.1"
  test -e "$root/stage/usr/include/tlscore/tls.h"
  grep -q '^libdir=/usr/lib/test$' "$root/stage/usr/lib/test/pkgconfig/tlscore.pc"
  absent "$root" cat "$root"/stage/usr/lib/test/pkgconfig/* "$root"/stage/usr/lib/test/cmake/tlscore/*
  make -s uninstall DESTDIR="$root/stage" PREFIX=/usr LIBDIR=/usr/lib/test
  test -z "$(find "$root/stage" -type f -o -type l)"
}

check "make install" make -s install PREFIX="$prefix"
check "C with pkg-config" with_pkg_config "${CC:-cc}" "$here/app.c" "$root/app"
check "the README's programs in C, C++ and Python" readme_programs
check "C++ with pkg-config" with_pkg_config "${CXX:-c++}" "$here/app.cpp" "$root/app++"
check "static with pkg-config, complete Libs.private" static_with_pkg_config
check "static beside another Rust library" beside_rust
check "loaded and unloaded 100 times" reloaded
check "C, C++ and static with CMake" with_cmake "$prefix"
check "CMake package of a moved tree" moved
check "CMake refuses a version that is too new" bash -c "! cmake -S '$here' -B '$root/new' -DCMAKE_PREFIX_PATH='$prefix' -DTLSCORE_WANTED=99.0"
man_pages() {
  test "$(find "$prefix/share/man/man3" -name 'tls_*.3tlscore' | wc -l)" -ge "$(grep -c ^function packaging/abi.txt)"
  test -s "$prefix/share/man/man1/tlscat.1"
}

# It finds its library by itself; "0" is no port of a server.
tlscat_runs() {
  env -u LD_LIBRARY_PATH "$prefix/bin/tlscat" --help >"$root/help"
  grep -q 'tlscat connect HOST:PORT' "$root/help"
}

with_hpp() {
  "${CXX:-c++}" -std=c++17 "${warnings[@]}" examples/cpp/fetch.cpp -o "$root/fetch" $(pkg-config --cflags --libs tlscore)
  "$root/fetch" >"$root/usage" 2>&1 || test $? -eq 2
  grep -q usage "$root/usage"
}

check "tls.hpp with pkg-config" with_hpp
check "manual pages" man_pages
check "tlscat" tlscat_runs
check "make uninstall leaves nothing" bash -c "make -s uninstall PREFIX='$prefix' && test -z \"\$(find '$prefix' -type f -o -type l)\""
check "DESTDIR and LIBDIR" staged
# The files in build/ name the default prefix again.
tools/lib.sh >/dev/null
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
