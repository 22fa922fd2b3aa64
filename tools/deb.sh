#!/usr/bin/env bash
# Builds Debian packages into $BUILD/deb, by dpkg-deb alone: libtlscore1 (the library), libtlscore-dev (headers, static
# library, pkg-config, CMake, manual pages) and tlscat. Whoever maintains a Debian package will write rules of his own; these
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

# What `make install` gives, once; the packages share it out.
staged=$out/staged
PREFIX=/usr LIBDIR=/usr/lib/$triplet INCLUDEDIR=/usr/include tools/lib.sh >/dev/null
DESTDIR=$staged PREFIX=/usr LIBDIR=/usr/lib/$triplet INCLUDEDIR=/usr/include tools/install.sh install >/dev/null
find "$staged/usr/share/man" -name '*.3tlscore' -o -name '*.1' | while read -r page; do
  # A link between pages is a link between files where pages are packed.
  if target=$(sed -n 's/^\.so //p;q' "$page") && [ -n "$target" ]; then
    ln -s "$(basename "$target").gz" "$page.gz"
    rm "$page"
  else
    gzip -9n "$page"
  fi
done
strip --strip-unneeded "$staged/usr/bin/tlscat" "$staged/usr/lib/$triplet/libtlscore.so.1"

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
      "$([ "$1" = tlscat ] && echo foreign || echo same)"
    [ -z "$3" ] || printf 'Depends: %s\n' "$3"
    printf 'Homepage: https://github.com/tlscore/tlscore\n%s\n' "$4"
  } >"$root/DEBIAN/control"
  dpkg-deb --root-owner-group --build "$root" "$out/$1_${version}_$arch.deb" >/dev/null
}

# The oldest C library whose symbols are used, and which reads the relocations: dpkg-shlibdeps wants a source package
# around it.
binaries=("$staged/usr/lib/$triplet/libtlscore.so.1" "$staged/usr/bin/tlscat")
glibc=$({ objdump -T "${binaries[@]}" | grep -o 'GLIBC_[0-9.]*'
          objdump -p "${binaries[@]}" | sed -n 's/.*GLIBC_ABI_DT_RELR/GLIBC_2.36/p'
        } | sort -uV | tail -n 1 | cut -d_ -f2)

lib=usr/lib/$triplet
chmod 644 "$staged/$lib/libtlscore.so.1"
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

take libtlscore-dev usr/include "$lib/libtlscore.so" "$lib/libtlscore.a" "$lib/pkgconfig" "$lib/cmake" usr/share/man/man3
pack libtlscore-dev libdevel "libtlscore1 (= $version)" "Description: TLS 1.2 client and server (development files)
 Headers for C and C++, the static library, pkg-config and CMake files and the
 manual pages of tlscore, a TLS stack with a small, safe C interface."

take tlscat usr/bin/tlscat usr/share/man/man1
pack tlscat net "libc6 (>= $glibc), libtlscore1 (>= ${version%-*})" "Description: converse over TLS from the command line
 Connects to a TLS server, or is one, and says what was negotiated, or why not:
 the s_client and s_server of tlscore."

# Nothing that `make install` gives is left over.
left=$(find "$staged" -type f -o -type l)
[ -z "$left" ] || { echo "in no package: $left" >&2; exit 1; }
rm -rf "$staged"
# The files in build/ name the default prefix again.
tools/lib.sh >/dev/null
ls -l "$out"/*.deb
