#!/usr/bin/env bash
# tlscore beside its peers: builds them all (OpenSSL is the system's), and our shared library for the column of
# the C API; then the Python package beside the ssl module. JSON=FILE and CHARTS=DIRECTORY as in `bench`; words are passed on.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/packages.sh
# aws-lc, under rustls and s2n-tls, is C.
install_packages libssl-dev:/usr/include/openssl/ssl.h cmake:/usr/bin/cmake pkg-config:/usr/bin/pkg-config
build=$(realpath -m "${BUILD:-build}")
only=
for ((i = 1; i < $#; i++)); do
  [ "${!i}" != --only ] || { next=$((i + 1)); only=${!next}; }
done

# A word that means Python's rows alone compiles nothing else.
case $only in
python*) ;;
*)
  tools/lib.sh
  TLSCORE_LIBRARY=$(realpath "$build/libtlscore.so.1")
  export TLSCORE_LIBRARY
  cargo run --release --quiet --manifest-path bench/Cargo.toml --bin bench -- \
    ${JSON:+--json "$JSON"} --charts "${CHARTS:-$build/charts}" "$@"
  ;;
esac

# tlscore.compat beside the ssl module of this interpreter: bench/python.
python=${PYTHON:-python3}
[ -n "$("$python" bench/python/main.py --list --only "$only")" ] || exit 0
venv=$build/python-bench
[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
"$venv/bin/pip" --disable-pip-version-check --quiet install --force-reinstall ./tls-py
"$venv/bin/python" bench/python/main.py ${JSON:+--json "$JSON"} "$@"
