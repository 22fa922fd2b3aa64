#!/usr/bin/env bash
# Builds the OpenSSL compatibility library into $BUILD, over the libtlscore.so that is there (tools/lib.sh):
# libtlscore_openssl.so.1 (and .so), tlscore_openssl.pc, and openssl/, a directory that looks like an installation
# of OpenSSL to build systems that ask for one (OPENSSL_PREFIX=..., --with-ssl=...). And tls-portcheck.
# shellcheck disable=SC2086 # compilers and libraries are lists of words
set -euo pipefail
cd "$(dirname "$0")/.."
build=${BUILD:-build}
profile=${PROFILE:-release}
prefix=${PREFIX:-/usr/local}
libdir=${LIBDIR:-$prefix/lib}
includedir=${INCLUDEDIR:-$prefix/include}
version=${VERSION:-$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)}
# An older libtlscore may lack what is used here; nothing is done where it is new.
tools/lib.sh >/dev/null

log=$build/cargo-openssl.log
cargo rustc --profile "$profile" -p tls-openssl --lib --crate-type staticlib -- \
  --print native-static-libs 2>&1 | tee "$log" | { grep -vE '^note: (native-static-libs|link against)|^$' || true; }
private_libs=$(sed -n 's/.*native-static-libs: //p' "$log" | tail -n 1)
profile_dir=${profile/#dev/debug}
archive=${CARGO_TARGET_DIR:-target}/$profile_dir/libtls_openssl.a
library=$build/libtlscore_openssl.so.1
rpath=${RPATH-\$ORIGIN}

# Everything but tlscore_* is hidden; the stack is libtlscore's, by its public functions. That is looked for beside this
# one, wherever both are ($RPATH says otherwise; "": where the loader looks).
if [ "$library" -ot "$archive" ] || [ "$library" -ot "$0" ] || [ "$library" -ot packaging/openssl/tlscore_openssl.map ]; then
  ${CC:-cc} -shared -o "$library" \
    -Wl,--whole-archive "$archive" -Wl,--no-whole-archive -L"$build" -ltlscore \
    -Wl,--version-script=packaging/openssl/tlscore_openssl.map -Wl,-soname,libtlscore_openssl.so.1 \
    ${rpath:+"-Wl,-rpath,$rpath"} -Wl,--gc-sections -Wl,--no-undefined -Wl,-z,relro,-z,now -Wl,--as-needed -Wl,--strip-debug \
    $(tools/relr.sh) $private_libs
  ln -sf libtlscore_openssl.so.1 "$build/libtlscore_openssl.so"
fi
sed -e "s|@PREFIX@|$prefix|g" -e "s|@LIBDIR@|$libdir|g" -e "s|@INCLUDEDIR@|$includedir|g" -e "s|@VERSION@|$version|g" \
  packaging/openssl/tlscore_openssl.pc.in >"$build/tlscore_openssl.pc"

# -lssl and -lcrypto of this directory are the compatibility library.
tree=$build/openssl
mkdir -p "$tree/lib/pkgconfig" "$tree/include"
ln -sfn "$(realpath include/tlscore/openssl-compat/openssl)" "$tree/include/openssl"
where=$(realpath "$build")
# CMake gives programs the directory of libssl.so for their run path.
for name in tlscore_openssl tlscore; do ln -sf "$where/lib$name.so.1" "$tree/lib/lib$name.so.1"; done
for name in ssl crypto; do
  echo "INPUT($where/libtlscore_openssl.so.1 $where/libtlscore.so.1)" >"$tree/lib/lib$name.so"
done
for name in libssl libcrypto openssl; do
  cat >"$tree/lib/pkgconfig/$name.pc" <<PC
Name: $name
Description: OpenSSL's interface on tlscore
Version: 3.0.0
Libs: -L$where -Wl,--no-as-needed -ltlscore_openssl -ltlscore -Wl,-rpath,$where
Cflags: -I$(realpath include/tlscore/openssl-compat)
PC
done

cargo build --quiet --profile "$profile" -p tls-portcheck
install -m 755 "${CARGO_TARGET_DIR:-target}/$profile_dir/tls-portcheck" "$build/tls-portcheck"
echo "$library ($(stat -c %s "$library") bytes)"
