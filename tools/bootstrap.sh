#!/usr/bin/env bash
# Installs what the tests need on Debian 12: the peers to talk to, and the tools that check us.
# Rust (1.95 or later), a C compiler and Python must be there. Says what it does; asks nothing.
set -euo pipefail
cd "$(dirname "$0")/.."

# package:the command or file that proves it is there
wanted=(
  openssl:/usr/bin/openssl libssl-dev:/usr/include/openssl/ssl.h gnutls-bin:/usr/bin/gnutls-serv
  nginx:/usr/sbin/nginx curl:/usr/bin/curl valgrind:/usr/bin/valgrind cmake:/usr/bin/cmake
  pkg-config:/usr/bin/pkg-config g++:/usr/bin/g++ bsdextrautils:/usr/bin/column
  mandoc:/usr/bin/mandoc abigail-tools:/usr/bin/abidiff
  python3:/usr/bin/python3 python3-venv:/usr/share/doc/python3-venv/copyright
  libmbedtls-dev:/usr/include/mbedtls/ssl.h libwolfssl-dev:/usr/include/wolfssl/ssl.h
  botan:/usr/bin/botan libnss3-tools:/usr/bin/tstclnt
  redis-server:/usr/bin/redis-server libhiredis-dev:/usr/include/hiredis/hiredis.h
  memcached:/usr/bin/memcached libmemcached-dev:/usr/include/libmemcached/memcached.h
)
. tools/packages.sh
install_packages "${wanted[@]}"

if ! tools/cbindgen.sh --version >/dev/null 2>&1; then
  echo "bootstrap: installing cbindgen 0.29 into ${BUILD:-build}/tools"
  # Unoptimised: it is built in a minute and runs in a second.
  cargo install --quiet --debug --root "${BUILD:-build}/tools" --version '^0.29' --locked cbindgen </dev/null
fi
echo "bootstrap: $(tools/cbindgen.sh --version), $(cargo --version)"
