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
  python3:/usr/bin/python3 python3-venv:/usr/share/doc/python3-venv/copyright
)
missing=()
for entry in "${wanted[@]}"; do
  [ -e "${entry#*:}" ] || missing+=("${entry%%:*}")
done

if [ ${#missing[@]} -gt 0 ]; then
  sudo=()
  [ "$(id -u)" = 0 ] || sudo=(sudo -n)
  echo "bootstrap: installing Debian packages: ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  "${sudo[@]}" apt-get update -q </dev/null
  # nginx is only run with our own configuration: its service must not start and take port 80.
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
    apt-get install -y -q --no-install-recommends "${missing[@]}" </dev/null
else
  echo "bootstrap: all Debian packages are there"
fi

if ! tools/cbindgen.sh --version >/dev/null 2>&1; then
  echo "bootstrap: installing cbindgen 0.29 into ${BUILD:-build}/tools"
  # Unoptimised: it is built in a minute and runs in a second.
  cargo install --quiet --debug --root "${BUILD:-build}/tools" --version '^0.29' --locked cbindgen </dev/null
fi
echo "bootstrap: $(tools/cbindgen.sh --version), $(cargo --version)"
