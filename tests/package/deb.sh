#!/usr/bin/env bash
# The Debian packages: they install, a program links with them as the README says, and they go without a trace. In a
# directory of its own, under dpkg's eyes; where that is root's machine for tests (CI), also for real.
# shellcheck disable=SC2046 # what pkg-config prints is a list of words
set -euo pipefail
cd "$(dirname "$0")/../.."
unset PREFIX LIBDIR INCLUDEDIR DESTDIR PROFILE MAKEFLAGS MAKEOVERRIDES MAKELEVEL
build=$(realpath -m "${BUILD:-build}")
if ! command -v dpkg-deb >/dev/null; then
  echo "skipped: this machine has no dpkg"
  exit 0
fi
. tests/verdicts.sh
packages=(libtlscore1 libtlscore-dev tlscat libtlscore-openssl1 libtlscore-openssl-dev)

# Owners are root's for whoever is not root, too. What the packages depend on is not in there.
in_root() {
  local pretend=()
  [ "$(id -u)" = 0 ] || pretend=(fakeroot)
  "${pretend[@]}" dpkg --root="$work/system" --force-depends --force-not-root --force-script-chrootless --log="$work/dpkg.log" "$@"
}

no_errors_of_lintian() { lintian --allow-root --no-cfg --fail-on error "$build"/deb/*.deb; }

install_there() {
  mkdir -p "$work/system/var/lib/dpkg/info" "$work/system/var/lib/dpkg/updates"
  touch "$work/system/var/lib/dpkg/status" "$work/system/var/lib/dpkg/available"
  in_root -i "$build"/deb/*.deb
  dpkg --root="$work/system" --verify "${packages[@]}"
}

# With nothing but what the packages brought.
links_there() {
  local triplet
  triplet=$(basename "$(dirname "$(find "$work/system/usr/lib" -name libtlscore.so.1)")")
  export PKG_CONFIG_LIBDIR=$work/system/usr/lib/$triplet/pkgconfig PKG_CONFIG_SYSROOT_DIR=$work/system
  export PKG_CONFIG_ALLOW_SYSTEM_CFLAGS=1 PKG_CONFIG_ALLOW_SYSTEM_LIBS=1
  LD_LIBRARY_PATH=$work/system/usr/lib/$triplet "${PYTHON:-python3}" tests/package/readme.py c cpp
  LD_LIBRARY_PATH=$work/system/usr/lib/$triplet "$work/system/usr/bin/tlscat" --help | grep -q connect
  # A program of OpenSSL's, unchanged, and what tls-portcheck says of it.
  "${CC:-cc}" -Wall -Werror examples/migrate/openssl/client.c -o "$work/client" $(pkg-config --cflags --libs tlscore_openssl)
  LD_LIBRARY_PATH=$work/system/usr/lib/$triplet "$work/client" 127.0.0.1 1 tests/pki/ca.pem >"$work/printed" 2>&1 || test $? -eq 1
  grep -q 'no connection' "$work/printed"
  readelf -d "$work/client" >"$work/needed"
  grep -q 'NEEDED.*libtlscore_openssl.so.1' "$work/needed"
  "$work/system/usr/bin/tls-portcheck" --differences examples/migrate/openssl/client.c
}

remove_there() {
  in_root -P "${packages[@]}"
  # dpkg's own directories alone.
  test -z "$(find "$work/system" -path "$work/system/var/lib/dpkg" -prune -o \( -type f -o -type l \) -print)"
  test ! -e "$work/system/usr/include/tlscore"
}

for_real() {
  local package status=0
  for package in "${packages[@]}"; do
    if dpkg -s "$package" >/dev/null 2>&1; then
      echo "$package is installed already: left alone"
      return 0
    fi
  done
  dpkg -i "$build"/deb/*.deb || status=$?
  if [ $status -eq 0 ]; then
    ("${PYTHON:-python3}" tests/package/readme.py c cpp && tlscat --help >/dev/null && man -w tls_read) || status=$?
  fi
  dpkg -P "${packages[@]}"
  test ! -e /usr/include/tlscore
  # (`!` alone would not end the script.)
  if ldconfig -p | grep -q libtlscore; then status=1; fi
  return $status
}

succeeds "make deb" make -s deb BUILD="$build"
if command -v lintian >/dev/null; then succeeds "lintian finds no error" no_errors_of_lintian; fi
succeeds "they install, and every file is what the package says" install_there
succeeds "a program links with them and runs" links_there
succeeds "they leave nothing behind" remove_there
if [ -n "${CI:-}" ] && [ "$(id -u)" = 0 ]; then succeeds "installed, used and removed for real" for_real; fi
count
