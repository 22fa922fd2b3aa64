#!/usr/bin/env bash
# tlscore beside its peers: builds them all (OpenSSL is the system's), and our shared library for the column of
# the C API. JSON=FILE and CHARTS=DIRECTORY as in `bench`; words are passed on.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/packages.sh
# aws-lc, under rustls and s2n-tls, is C.
install_packages libssl-dev:/usr/include/openssl/ssl.h cmake:/usr/bin/cmake pkg-config:/usr/bin/pkg-config
build=${BUILD:-build}
tools/lib.sh
TLSCORE_LIBRARY=$(realpath "$build/libtlscore.so.1")
export TLSCORE_LIBRARY
exec cargo run --release --quiet --manifest-path bench/Cargo.toml --bin bench -- \
  ${JSON:+--json "$JSON"} --charts "${CHARTS:-$build/charts}" "$@"
