#!/usr/bin/env bash
# Installs into an empty directory and builds programs there as a user would: with pkg-config and
# with CMake, in C and in C++, shared and static, beside another Rust library; then uninstalls.
# shellcheck disable=SC2046 # what pkg-config prints is a list of words
set -euo pipefail
cd "$(dirname "$0")/../.."
# A user's shell has none of what `make test` exports: its paths would win over the PREFIX given below.
unset PREFIX LIBDIR INCLUDEDIR DESTDIR BUILD PROFILE MAKEFLAGS MAKEOVERRIDES MAKELEVEL
here=$PWD/tests/package
. tests/verdicts.sh
warnings=(-Wall -Wextra -Wpedantic -Werror)
prefix=$work/prefix
export PKG_CONFIG_PATH=$prefix/lib/pkgconfig LD_LIBRARY_PATH=$prefix/lib

with_pkg_config() { # compiler, source, program
  "$1" "${warnings[@]}" "$2" -o "$3" $(pkg-config --cflags --libs tlscore)
  "$3"
}

absent() { # pattern, command...: the command succeeds and does not print this
  "${@:2}" >"$work/printed"
  if grep "$1" "$work/printed"; then return 1; fi
}

# As the README says.
static_with_pkg_config() {
  "${CC:-cc}" "${warnings[@]}" "$here/app.c" -o "$work/static" $(pkg-config --cflags --libs-only-L tlscore) \
    -l:libtlscore.a $(pkg-config --static --libs-only-l tlscore | sed s/-ltlscore//)
  env -u LD_LIBRARY_PATH "$work/static"
  absent tlscore ldd "$work/static"
}

# Another Rust library in the same program: their common symbols must not meet.
beside_rust() {
  rustc --edition 2024 --crate-type staticlib -o "$work/libother.a" "$here/other.rs"
  "${CC:-cc}" "${warnings[@]}" -DWITH_OTHER "$here/app.c" -o "$work/both" $(pkg-config --cflags tlscore) \
    "$prefix/lib/libtlscore.a" "$work/libother.a" $(pkg-config --static --libs-only-l tlscore | sed 's/-ltlscore//')
  "$work/both"
}

readme_programs() { "${PYTHON:-python3}" tests/package/readme.py; }

# Without glibc's caches of freed memory: what is in use is counted.
reloaded() {
  "${CC:-cc}" "${warnings[@]}" "$here/reload.c" -o "$work/reload" -pthread $(pkg-config --cflags tlscore)
  GLIBC_TUNABLES=glibc.malloc.tcache_count=0 "$work/reload" "$prefix/lib/libtlscore.so.1"
}

with_cmake() {
  cmake -S "$here" -B "$work/cmake" -DCMAKE_PREFIX_PATH="$1"
  cmake --build "$work/cmake"
  "$work/cmake/app_c" && "$work/cmake/app_cpp" && "$work/cmake/app_static"
}

moved() {
  mv "$prefix" "$work/elsewhere"
  rm -rf "$work/cmake"
  LD_LIBRARY_PATH=$work/elsewhere/lib with_cmake "$work/elsewhere"
  mv "$work/elsewhere" "$prefix"
}

staged() {
  make -s install DESTDIR="$work/stage" PREFIX=/usr LIBDIR=/usr/lib/test
  test -e "$work/stage/usr/lib/test/libtlscore.so.1"
  test -e "$work/stage/usr/include/tlscore/tls.h"
  grep -q '^libdir=/usr/lib/test$' "$work/stage/usr/lib/test/pkgconfig/tlscore.pc"
  absent "$work" cat "$work"/stage/usr/lib/test/pkgconfig/* "$work"/stage/usr/lib/test/cmake/tlscore/*
  make -s uninstall DESTDIR="$work/stage" PREFIX=/usr LIBDIR=/usr/lib/test
  test -z "$(find "$work/stage" -type f -o -type l)"
}

succeeds "make install" make -s install PREFIX="$prefix"
succeeds "C with pkg-config" with_pkg_config "${CC:-cc}" "$here/app.c" "$work/app"
succeeds "the README's programs in C, C++ and Python" readme_programs
succeeds "C++ with pkg-config" with_pkg_config "${CXX:-c++}" "$here/app.cpp" "$work/app++"
succeeds "static with pkg-config, complete Libs.private" static_with_pkg_config
succeeds "static beside another Rust library" beside_rust
succeeds "loaded and unloaded 100 times" reloaded
succeeds "C, C++ and static with CMake" with_cmake "$prefix"
succeeds "CMake package of a moved tree" moved
succeeds "CMake refuses a version that is too new" bash -c "! cmake -S '$here' -B '$work/new' -DCMAKE_PREFIX_PATH='$prefix' -DTLSCORE_WANTED=99.0"
man_pages() {
  test "$(find "$prefix/share/man/man3" -name 'tls_*.3tlscore' | wc -l)" -ge "$(grep -c ^function packaging/abi.txt)"
  test -s "$prefix/share/man/man1/tlscat.1"
}

# It finds its library by itself; "0" is no port of a server.
tlscat_runs() {
  env -u LD_LIBRARY_PATH "$prefix/bin/tlscat" --help >"$work/help"
  grep -q 'tlscat connect HOST:PORT' "$work/help"
}

with_hpp() {
  "${CXX:-c++}" -std=c++17 "${warnings[@]}" examples/cpp/fetch.cpp -o "$work/fetch" $(pkg-config --cflags --libs tlscore)
  "$work/fetch" >"$work/usage" 2>&1 || test $? -eq 2
  grep -q usage "$work/usage"
}

succeeds "tls.hpp with pkg-config" with_hpp
succeeds "manual pages" man_pages
succeeds "tlscat" tlscat_runs
# A program of OpenSSL's, unchanged: the headers and the library by pkg-config alone, and what a program uses.
with_openssls_interface() {
  make -s install-openssl PREFIX="$prefix"
  "${CC:-cc}" "${warnings[@]}" examples/migrate/openssl/client.c -o "$work/unchanged" $(pkg-config --cflags --libs tlscore_openssl)
  "${CC:-cc}" "${warnings[@]}" "-I$(pkg-config --variable=compatdir tlscore_openssl)" -c examples/migrate/openssl/server.c -o "$work/server.o"
  "$work/unchanged" 127.0.0.1 1 tests/pki/ca.pem >"$work/printed" 2>&1 || test $? -eq 1
  grep -q 'no connection' "$work/printed"
  absent 'libssl\|libcrypto' ldd "$work/unchanged"
  env -u LD_LIBRARY_PATH "$prefix/bin/tls-portcheck" --differences "$work/server.o" examples/migrate/openssl/client.c
  test -s "$prefix/share/man/man1/tls-portcheck.1"
}

succeeds "OpenSSL's interface" with_openssls_interface
succeeds "make uninstall leaves nothing" bash -c "make -s uninstall PREFIX='$prefix' && test -z \"\$(find '$prefix' -type f -o -type l)\""
succeeds "DESTDIR and LIBDIR" staged
# The files in build/ name the default prefix again.
tools/openssl-lib.sh >/dev/null
count
