#!/usr/bin/env bash
# Builds the C library into $BUILD: libtlscore.so.1 (and .so), libtlscore.a, tlscore.pc, cmake/.
# shellcheck disable=SC2086 # compilers and libraries are lists of words
set -euo pipefail
cd "$(dirname "$0")/.."
build=${BUILD:-build}
profile=${PROFILE:-release}
prefix=${PREFIX:-/usr/local}
libdir=${LIBDIR:-$prefix/lib}
includedir=${INCLUDEDIR:-$prefix/include}
version=${VERSION:-$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)}
mkdir -p "$build/cmake"

# LLVM takes a block of assembly for one instruction, however long, and would copy graviola's (up to 22 kB) to
# wherever they are called. Compilers whose LLVM does not know the option make a larger library.
once=llvm-args=-inline-asm-instr-cost=100
"${RUSTC:-rustc}" -C $once --print cfg >/dev/null 2>&1 && export RUSTFLAGS="${RUSTFLAGS:+$RUSTFLAGS }-C $once"

# The crate type is forced: beside an rlib, cargo would leave LTO out. --print lets rustc name the
# system libraries that its own archive needs; cargo repeats that note when nothing is compiled.
log=$build/cargo.log
cargo rustc --profile "$profile" -p tls-capi --lib --crate-type staticlib -- \
  --print native-static-libs 2>&1 | tee "$log" | { grep -vE '^note: (native-static-libs|link against)|^$' || true; }
private_libs=$(sed -n 's/.*native-static-libs: //p' "$log" | tail -n 1)
profile_dir=${profile/#dev/debug}
archive=${CARGO_TARGET_DIR:-target}/$profile_dir/libtls_capi.a
[ -n "$private_libs" ] || { echo "rustc named no system libraries: Libs.private would be wrong" >&2; exit 1; }

# Relocations in 1 kB instead of 70: the dynamic linker has to know the form, and glibc does from 2.36 on.
relocations=$(tools/relr.sh)

# Everything but tls_* is hidden by the version script, and what only the hidden needs is dropped.
link_shared() {
  ${CC:-cc} -shared -o "$build/libtlscore.so.1" \
    -Wl,--whole-archive "$archive" -Wl,--no-whole-archive \
    -Wl,--version-script=packaging/tlscore.map -Wl,-soname,libtlscore.so.1 \
    -Wl,--gc-sections -Wl,--no-undefined -Wl,-z,relro,-z,now -Wl,--as-needed -Wl,--strip-debug \
    $relocations $private_libs
  ln -sf libtlscore.so.1 "$build/libtlscore.so"
}

# One object whose only global symbols are tls_*: a program may link another Rust library beside it.
# Its COMDAT groups are dissolved: the linker matches groups by name, local or not, and would drop the
# other library's.
# The standard library's bitcode goes: joined by ld it is no bitcode any more, and binutils with the
# LLVM plugin choke on it.
link_static() {
  local object=$build/tlscore.o
  ld -r --whole-archive "$archive" -o "$object" \
    --gc-sections --gc-keep-exported --force-group-allocation --strip-debug
  objcopy --wildcard --keep-global-symbol='tls_*' -R .llvmbc -R .llvmcmd "$object"
  rm -f "$build/libtlscore.a"
  ar rcs "$build/libtlscore.a" "$object"
  rm -f "$object"
}

fill() { # template, result
  local cmake_dir=$libdir/cmake/tlscore
  sed -e "s|@PREFIX@|$prefix|g" -e "s|@LIBDIR@|$libdir|g" -e "s|@INCLUDEDIR@|$includedir|g" \
    -e "s|@VERSION@|$version|g" -e "s|@LIBS_PRIVATE@|$private_libs|g" \
    -e "s|@LIBS_PRIVATE_CMAKE@|$(tr -s ' ' ';' <<<"${private_libs% }")|g" \
    -e "s|@INCLUDE_FROM_CMAKE@|$(realpath -m --relative-to="$cmake_dir" "$includedir")|g" "$1" >"$2"
}

# Linking is skipped when neither the archive nor this script is newer than the result.
if [ "$build/libtlscore.a" -ot "$archive" ] || [ "$build/libtlscore.a" -ot "$0" ] \
  || [ "$build/libtlscore.a" -ot packaging/tlscore.map ] || [ ! -e "$build/libtlscore.so" ]; then
  link_shared
  link_static
fi
fill packaging/tlscore.pc.in "$build/tlscore.pc"
fill packaging/tlscore-config.cmake.in "$build/cmake/tlscore-config.cmake"
fill packaging/tlscore-config-version.cmake.in "$build/cmake/tlscore-config-version.cmake"
echo "$build/libtlscore.so.1 ($(stat -c %s "$build/libtlscore.so.1") bytes), $build/libtlscore.a"
