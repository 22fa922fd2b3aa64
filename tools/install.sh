#!/usr/bin/env bash
# install.sh install: puts library, headers, manual pages and tlscat under $DESTDIR$PREFIX.
# install.sh openssl: puts OpenSSL's interface (tools/openssl-lib.sh) and tls-portcheck beside them.
# install.sh uninstall: removes them again.
set -euo pipefail
# What is installed is for everybody, whatever the umask of who installs it.
umask 022
cd "$(dirname "$0")/.."
build=${BUILD:-build}
prefix=${PREFIX:-/usr/local}
libdir=${DESTDIR:-}${LIBDIR:-$prefix/lib}
includedir=${DESTDIR:-}${INCLUDEDIR:-$prefix/include}
bindir=${DESTDIR:-}$prefix/bin
mandir=${DESTDIR:-}${MANDIR:-$prefix/share/man}

case "${1:-}" in
  install)
    install -d "$libdir/pkgconfig" "$libdir/cmake/tlscore" "$includedir/tlscore/cpp"
    install -m 755 "$build/libtlscore.so.1" "$libdir/"
    ln -sf libtlscore.so.1 "$libdir/libtlscore.so"
    install -m 644 "$build/libtlscore.a" "$libdir/"
    install -m 644 "$build/tlscore.pc" "$libdir/pkgconfig/"
    install -m 644 "$build"/cmake/*.cmake "$libdir/cmake/tlscore/"
    install -m 644 include/tlscore/tls.h include/tlscore/*.hpp "$includedir/tlscore/"
    install -m 644 include/tlscore/cpp/*.hpp "$includedir/tlscore/cpp/"
    install -d "$bindir" "$mandir"
    # Where the loader does not look by itself, tlscat says where its library is.
    case $prefix in /usr | /usr/local) rpath= ;; *) rpath=${LIBDIR:-$prefix/lib} ;; esac
    mkdir -p "$build/install"
    BUILD_TO=$build/install RPATH=$rpath tools/examples.sh tlscat >/dev/null
    install -m 755 "$build/install/tlscat" "$bindir/"
    if command -v "${PYTHON:-python3}" >/dev/null; then
      "${PYTHON:-python3}" tools/man.py write "$mandir"
      echo "installed into $libdir, $includedir, $bindir and $mandir"
    else
      echo "installed into $libdir, $includedir and $bindir; no manual pages, which need Python to be made"
    fi
    # As every library does: without DESTDIR the loader must learn of it.
    if [ -z "${DESTDIR:-}" ] && [ "$(id -u)" = 0 ]; then ldconfig; fi
    ;;
  openssl)
    compat=include/tlscore/openssl-compat
    install -d "$libdir/pkgconfig" "$includedir/tlscore/openssl-compat/openssl" "$bindir" "$mandir/man1"
    install -m 755 "$build/libtlscore_openssl.so.1" "$libdir/"
    ln -sf libtlscore_openssl.so.1 "$libdir/libtlscore_openssl.so"
    install -m 644 "$build/tlscore_openssl.pc" "$libdir/pkgconfig/"
    install -m 644 include/tlscore/openssl_compat.h "$includedir/tlscore/"
    install -m 644 "$compat"/*.h "$includedir/tlscore/openssl-compat/"
    install -m 644 "$compat"/openssl/*.h "$includedir/tlscore/openssl-compat/openssl/"
    install -m 755 "$build/tls-portcheck" "$bindir/"
    install -m 644 packaging/openssl/tls-portcheck.1 "$mandir/man1/"
    echo "installed OpenSSL's interface into $libdir and $includedir/tlscore, tls-portcheck into $bindir"
    if [ -z "${DESTDIR:-}" ] && [ "$(id -u)" = 0 ]; then ldconfig; fi
    ;;
  uninstall)
    rm -f "$libdir"/libtlscore_openssl.{so,so.1} "$libdir/pkgconfig/tlscore_openssl.pc"
    rm -f "$libdir"/libtlscore.{so,so.1,a} "$libdir/pkgconfig/tlscore.pc"
    rm -rf "$libdir/cmake/tlscore" "$includedir/tlscore"
    rm -f "$bindir"/{tlscat,tls-portcheck} "$mandir"/man1/{tlscat,tls-portcheck}.1 "$mandir"/man3/*.3tlscore
    echo "removed from $libdir, $includedir, $bindir and $mandir"
    ;;
  *) echo "usage: install.sh install|openssl|uninstall" >&2; exit 2 ;;
esac
