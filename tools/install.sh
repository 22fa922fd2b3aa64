#!/usr/bin/env bash
# install.sh install: puts the library under $DESTDIR$PREFIX. install.sh uninstall: removes it again.
set -euo pipefail
cd "$(dirname "$0")/.."
build=${BUILD:-build}
prefix=${PREFIX:-/usr/local}
libdir=${DESTDIR:-}${LIBDIR:-$prefix/lib}
includedir=${DESTDIR:-}${INCLUDEDIR:-$prefix/include}

case "${1:-}" in
  install)
    install -d "$libdir/pkgconfig" "$libdir/cmake/tlscore" "$includedir/tlscore/cpp"
    install -m 755 "$build/libtlscore.so.1" "$libdir/"
    ln -sf libtlscore.so.1 "$libdir/libtlscore.so"
    install -m 644 "$build/libtlscore.a" "$libdir/"
    install -m 644 "$build/tlscore.pc" "$libdir/pkgconfig/"
    install -m 644 "$build"/cmake/*.cmake "$libdir/cmake/tlscore/"
    install -m 644 include/tlscore/*.h include/tlscore/*.hpp "$includedir/tlscore/"
    install -m 644 include/tlscore/cpp/*.hpp "$includedir/tlscore/cpp/"
    echo "installed into $libdir and $includedir"
    # As every library does: without DESTDIR the loader must learn of it.
    if [ -z "${DESTDIR:-}" ] && [ "$(id -u)" = 0 ]; then ldconfig; fi
    ;;
  uninstall)
    rm -f "$libdir"/libtlscore.{so,so.1,a} "$libdir/pkgconfig/tlscore.pc"
    rm -rf "$libdir/cmake/tlscore" "$includedir/tlscore"
    echo "removed from $libdir and $includedir"
    ;;
  *) echo "usage: install.sh install|uninstall" >&2; exit 2 ;;
esac
