#!/usr/bin/env bash
# header.sh write: generates include/tlscore/tls.h from tls-capi, and adds what is new to packaging/abi.txt.
# header.sh check: fails, with the difference, when the committed header is not what it generates.
set -euo pipefail
cd "$(dirname "$0")/.."

header=include/tlscore/tls.h
generate() {
  tools/cbindgen.sh --quiet --config tls-capi/cbindgen.toml --crate tls-capi --output "$1" tls-capi
}

case "${1:-}" in
  write)
    mkdir -p "$(dirname "$header")"
    generate "$header"
    echo "wrote $header"
    tools/abi.sh write
    ;;
  check)
    fresh=$(mktemp)
    trap 'rm -f "$fresh"' EXIT
    generate "$fresh"
    diff -u "$header" "$fresh" || { echo "$header is stale: run 'make header' and commit it" >&2; exit 1; }
    echo "$header is what the sources say"
    ;;
  *) echo "usage: header.sh write|check" >&2; exit 2 ;;
esac
