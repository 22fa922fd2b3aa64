#!/usr/bin/env bash
# Programs that were written for OpenSSL, rebuilt unchanged on tlscore, and their own tests: run.sh [--quick] [PROGRAM...].
# Each is built with OpenSSL, too, so that both have their counts. WORK=DIRECTORY keeps what was built.
# WHOLE=1: of redis all tests, not those of TLS alone.
# --quick (`make test`): redis and memcached with tlscore alone, and none that is not built within $BUILD_LIMIT seconds.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(realpath -m "${WORK:-${BUILD:-build}/apps}")
mkdir -p "$work"
sides=(openssl tlscore) programs=(redis memcached mini-httpd wrk libevent isync nghttp2 wget paho.mqtt.c)
if [ "${1:-}" = --quick ]; then
  shift
  sides=(tlscore) programs=(memcached redis)
  export BUILD_LIMIT=${BUILD_LIMIT:-120}
  if ! command -v apt-get >/dev/null || ! command -v tclsh >/dev/null || ! command -v prove >/dev/null; then
    echo "skipped: Debian's sources, tclsh and prove are needed"
    exit 0
  fi
else
  . tools/packages.sh
  install_packages tcl:/usr/bin/tclsh tcl-tls:/usr/share/doc/tcl-tls libevent-dev:/usr/include/event.h luajit:/usr/bin/luajit \
    libluajit-5.1-dev:/usr/include/luajit-2.1/luajit.h nginx:/usr/sbin/nginx curl:/usr/bin/curl dovecot-imapd:/usr/sbin/dovecot \
    cmake:/usr/bin/cmake libev-dev:/usr/include/ev.h libc-ares-dev:/usr/include/ares.h zlib1g-dev:/usr/include/zlib.h mosquitto:/usr/sbin/mosquitto libhttp-daemon-perl:/usr/share/perl5/HTTP/Daemon.pm \
    libio-socket-ssl-perl:/usr/share/perl5/IO/Socket/SSL.pm
fi
tools/openssl-lib.sh
[ $# -eq 0 ] || programs=("$@")
failures=0
passed() { sed -n 's/^\([0-9]*\) passed, .*/\1/p' "$1" | tail -n 1 | grep . || echo 0; }
for program in "${programs[@]}"; do
  for side in "${sides[@]}"; do
    status=0
    "tests/apps/$program.sh" "$side" "$work" | tee "$work/$program-$side.said" || status=$?
    # 77: nothing was tested, and it was said why.
    [ $status -eq 0 ] || [ $status -eq 77 ] || [ "$side" = openssl ] || failures=$((failures + 1))
  done
  # What passes with OpenSSL and not with tlscore is a failure, but for what a script leaves out and says why.
  if [ ${#sides[@]} -eq 2 ]; then
    said=$work/$program-tlscore.said
    if [ $(($(passed "$said") + $(grep -c '^left out:' "$said" || true))) -lt "$(passed "$work/$program-openssl.said")" ]; then
      echo "FAILED: $program passes fewer tests with tlscore than with OpenSSL"
      failures=$((failures + 1))
    fi
  fi
  # Speed is told, and never a failure.
  if [ "$program" = redis ] && [ ${#sides[@]} -eq 2 ]; then tests/apps/redis-benchmark.sh "$work" || true; fi
done
[ $failures -eq 0 ]
