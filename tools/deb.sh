#!/usr/bin/env bash
# Builds Debian packages into $BUILD/deb, by dpkg-deb alone: libtlscore1 (the library), libtlscore-dev (headers, static
# library, pkg-config, CMake, manual pages), tlscat, libtlscore-openssl1 (OpenSSL's interface) and libtlscore-openssl-dev (its
# headers, and tls-portcheck). Whoever maintains a Debian package will write rules of his own; these
# are for machines that want what `make install` gives under the package manager's eyes.
set -euo pipefail
cd "$(dirname "$0")/.."
build=$(realpath -m "${BUILD:-build}")
out=$build/deb
version=${VERSION:-$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)}-1
arch=$(dpkg --print-architecture)
triplet=$(dpkg-architecture -qDEB_HOST_MULTIARCH 2>/dev/null || "${CC:-cc}" -print-multiarch)
maintainer=${DEBMAINTAINER:-The tlscore developers <tlscore@example.org>}
# The same bytes for the same commit.
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}
umask 022
rm -rf "$out"
mkdir -p "$out"

# What `make install` and `make install-openssl` give, once; the packages share it out.
staged=$out/staged
usual=(env PREFIX=/usr "LIBDIR=/usr/lib/$triplet" INCLUDEDIR=/usr/include RPATH=)
# Linked anew, without the path that it has in build/.
rm -f "$build/libtlscore_openssl.so.1"
"${usual[@]}" tools/openssl-lib.sh >/dev/null
for what in install openssl; do "${usual[@]}" "DESTDIR=$staged" tools/install.sh $what >/dev/null; done
find "$staged/usr/share/man" -name '*.3tlscore' -o -name '*.1' | while read -r page; do
  # A link between pages is a link between files where pages are packed.
  if target=$(sed -n 's/^\.so //p;q' "$page") && [ -n "$target" ]; then
    ln -s "$(basename "$target").gz" "$page.gz"
    rm "$page"
  else
    gzip -9n "$page"
  fi
done
libraries=("$staged/usr/lib/$triplet"/libtlscore{,_openssl}.so.1)
strip --strip-unneeded "$staged"/usr/bin/{tlscat,tls-portcheck} "${libraries[@]}"

take() { # package, paths under the stage...
  local path
  for path in "${@:2}"; do
    mkdir -p "$out/$1$(dirname "/$path")"
    mv "$staged/$path" "$out/$1/$path"
  done
}

# The licences, and what changed.
documents() { # package
  local doc=$out/$1/usr/share/doc/$1
  mkdir -p "$doc"
  {
    printf 'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n'
    printf 'Upstream-Name: tlscore\nSource: https://github.com/tlscore/tlscore\n\n'
    printf 'Files: *\nCopyright: The tlscore developers\nLicense: Expat or Apache-2.0\n\n'
    printf 'License: Expat\n'
    sed 's/^$/./; s/^/ /' LICENSE-MIT
    printf '\nLicense: Apache-2.0\n On Debian systems: /usr/share/common-licenses/Apache-2.0\n'
  } >"$doc/copyright"
  printf 'tlscore (%s) unstable; urgency=medium\n\n  * See the project'\''s CHANGELOG.md.\n\n -- %s  %s\n' \
    "$version" "$maintainer" "$(date -uRd "@$SOURCE_DATE_EPOCH")" | gzip -9n >"$doc/changelog.Debian.gz"
  gzip -9nc CHANGELOG.md >"$doc/changelog.gz"
}

# pack PACKAGE SECTION DEPENDS DESCRIPTION, and further fields on stdin: makes the package of what was taken for it.
pack() {
  local root=$out/$1
  documents "$1"
  mkdir -p "$root/DEBIAN"
  (cd "$root" && find usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum) >"$root/DEBIAN/md5sums"
  {
    printf 'Package: %s\nSource: tlscore\nVersion: %s\nArchitecture: %s\nMaintainer: %s\n' "$1" "$version" "$arch" "$maintainer"
    printf 'Installed-Size: %s\nSection: %s\nPriority: optional\nMulti-Arch: %s\n' "$(du -sk "$root/usr" | cut -f1)" "$2" \
      "$(case $1 in tlscat) echo foreign ;; *-openssl-dev) echo no ;; *) echo same ;; esac)"
    [ -z "$3" ] || printf 'Depends: %s\n' "$3"
    printf 'Homepage: https://github.com/tlscore/tlscore\n%s\n' "$4"
  } >"$root/DEBIAN/control"
  dpkg-deb --root-owner-group --build "$root" "$out/$1_${version}_$arch.deb" >/dev/null
}

# The oldest C library whose symbols are used, and which reads the relocations: dpkg-shlibdeps wants a source package
# around it.
binaries=("${libraries[@]}" "$staged"/usr/bin/{tlscat,tls-portcheck})
glibc=$({ objdump -T "${binaries[@]}" | grep -o 'GLIBC_[0-9.]*'
          objdump -p "${binaries[@]}" | sed -n 's/.*GLIBC_ABI_DT_RELR/GLIBC_2.36/p'
        } | sort -uV | tail -n 1 | cut -d_ -f2)

lib=usr/lib/$triplet
chmod 644 "${libraries[@]}"
take libtlscore1 "$lib/libtlscore.so.1"
mkdir -p "$out/libtlscore1/DEBIAN"
echo "libtlscore 1 libtlscore1 (>= ${version%-*})" >"$out/libtlscore1/DEBIAN/shlibs"
{
  echo "libtlscore.so.1 libtlscore1 (>= ${version%-*})"
  echo " TLSCORE_1@TLSCORE_1 ${version%-*}"
  sed -n 's/^function .*[ *]\(tls_[a-z0-9_]*\)(.*/\1/p' packaging/abi.txt | LC_ALL=C sort | sed "s/.*/ &@TLSCORE_1 ${version%-*}/"
} >"$out/libtlscore1/DEBIAN/symbols"
echo 'activate-noawait ldconfig' >"$out/libtlscore1/DEBIAN/triggers"
pack libtlscore1 libs "libc6 (>= $glibc), libgcc-s1" "Description: TLS 1.2 client and server (shared library)
 A TLS stack for programs that want a small, safe C interface: no global state,
 errors that say why, verification on by default. Written in Rust."

# OpenSSL's interface first: the -dev package below takes directories as they are.
take libtlscore-openssl1 "$lib/libtlscore_openssl.so.1"
mkdir -p "$out/libtlscore-openssl1/DEBIAN"
echo "libtlscore_openssl 1 libtlscore-openssl1 (>= ${version%-*})" >"$out/libtlscore-openssl1/DEBIAN/shlibs"
{
  echo "libtlscore_openssl.so.1 libtlscore-openssl1 (>= ${version%-*})"
  echo " TLSCORE_OPENSSL_1@TLSCORE_OPENSSL_1 ${version%-*}"
  sed -n 's/^#define [A-Za-z0-9_]* \(tlscore_.*\)/\1/p' include/tlscore/openssl-compat/names.h | LC_ALL=C sort |
    sed "s/.*/ &@TLSCORE_OPENSSL_1 ${version%-*}/"
} >"$out/libtlscore-openssl1/DEBIAN/symbols"
echo 'activate-noawait ldconfig' >"$out/libtlscore-openssl1/DEBIAN/triggers"
pack libtlscore-openssl1 libs "libc6 (>= $glibc), libgcc-s1, libtlscore1 (= $version)" "Description: OpenSSL's interface on tlscore (shared library)
 For C programs that were written for OpenSSL's libssl and are rebuilt on tlscore,
 a TLS 1.2 stack, without a change. A process may have OpenSSL's libraries, too."

take libtlscore-openssl-dev usr/include/tlscore/openssl{_compat.h,-compat} "$lib/libtlscore_openssl.so" \
  "$lib/pkgconfig/tlscore_openssl.pc" usr/bin/tls-portcheck usr/share/man/man1/tls-portcheck.1.gz
pack libtlscore-openssl-dev libdevel "libc6 (>= $glibc), libgcc-s1, libtlscore-openssl1 (= $version), libtlscore-dev (= $version)" \
  "Description: OpenSSL's interface on tlscore (development files)
 Headers that stand in the place of OpenSSL's, the pkg-config file, and
 tls-portcheck, which says what a program uses of OpenSSL and what becomes of it."

take libtlscore-dev usr/include "$lib/libtlscore.so" "$lib/libtlscore.a" "$lib/pkgconfig" "$lib/cmake" usr/share/man/man3
pack libtlscore-dev libdevel "libtlscore1 (= $version)" "Description: TLS 1.2 client and server (development files)
 Headers for C and C++, the static library, pkg-config and CMake files and the
 manual pages of tlscore, a TLS stack with a small, safe C interface."

take tlscat usr/bin/tlscat usr/share/man/man1
pack tlscat net "libc6 (>= $glibc), libtlscore1 (>= ${version%-*})" "Description: converse over TLS from the command line
 Connects to a TLS server, or is one, and says what was negotiated, or why not:
 the s_client and s_server of tlscore."

# Nothing of it is left over.
left=$(find "$staged" -type f -o -type l)
[ -z "$left" ] || { echo "in no package: $left" >&2; exit 1; }
rm -rf "$staged"
# The files in build/ name the default prefix again, and the library looks beside itself.
rm "$build/libtlscore_openssl.so.1"
tools/openssl-lib.sh >/dev/null
ls -l "$out"/*.deb
