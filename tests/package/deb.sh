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
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
packages=(libtlscore1 libtlscore-dev tlscat)
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

# Owners are root's for whoever is not root, too. What the packages depend on is not in there.
in_root() {
  local pretend=()
  [ "$(id -u)" = 0 ] || pretend=(fakeroot)
  "${pretend[@]}" dpkg --root="$root/system" --force-depends --force-not-root --force-script-chrootless --log="$root/dpkg.log" "$@"
}

no_errors_of_lintian() { lintian --allow-root --no-cfg --fail-on error "$build"/deb/*.deb; }

install_there() {
  mkdir -p "$root/system/var/lib/dpkg/info" "$root/system/var/lib/dpkg/updates"
  touch "$root/system/var/lib/dpkg/status" "$root/system/var/lib/dpkg/available"
  in_root -i "$build"/deb/*.deb
  dpkg --root="$root/system" --verify "${packages[@]}"
}

# With nothing but what the packages brought.
links_there() {
  local triplet
  triplet=$(basename "$(dirname "$(find "$root/system/usr/lib" -name libtlscore.so.1)")")
  export PKG_CONFIG_LIBDIR=$root/system/usr/lib/$triplet/pkgconfig PKG_CONFIG_SYSROOT_DIR=$root/system
  export PKG_CONFIG_ALLOW_SYSTEM_CFLAGS=1 PKG_CONFIG_ALLOW_SYSTEM_LIBS=1
  "${CC:-cc}" -Wall -Werror tests/package/app.c -o "$root/app" $(pkg-config --cflags --libs tlscore)
  LD_LIBRARY_PATH=$root/system/usr/lib/$triplet "$root/app"
  LD_LIBRARY_PATH=$root/system/usr/lib/$triplet "$root/system/usr/bin/tlscat" --help | grep -q connect
}

remove_there() {
  in_root -P "${packages[@]}"
  # dpkg's own directories alone.
  test -z "$(find "$root/system" -path "$root/system/var/lib/dpkg" -prune -o \( -type f -o -type l \) -print)"
  test ! -e "$root/system/usr/include/tlscore"
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
    (cd "$root" && "${CC:-cc}" "$OLDPWD/tests/package/app.c" $(pkg-config --cflags --libs tlscore) && ./a.out && tlscat --help >/dev/null &&
      man -w tls_read) || status=$?
  fi
  dpkg -P "${packages[@]}"
  test ! -e /usr/include/tlscore
  ! ldconfig -p | grep -q libtlscore
  return $status
}

check "make deb" make -s deb BUILD="$build"
if command -v lintian >/dev/null; then check "lintian finds no error" no_errors_of_lintian; fi
check "they install, and every file is what the package says" install_there
check "a program links with them and runs" links_there
check "they leave nothing behind" remove_there
if [ -n "${CI:-}" ] && [ "$(id -u)" = 0 ]; then check "installed, used and removed for real" for_real; fi
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
