#!/usr/bin/env bash
# BoringSSL's protocol tests (BoGo) against our shim. BORINGSSL names a checkout of BoringSSL, of
# which nothing is kept here; a Go toolchain must be on the PATH, or RUNNER names a runner that was
# built before (cd ssl/test/runner && go test -c). TESTS: patterns, separated by semicolons.
set -euo pipefail
cd "$(dirname "$0")/.."
top=$PWD
: "${BORINGSSL:?set BORINGSSL to a checkout of BoringSSL}"
out=${BUILD:-build}/bogo
mkdir -p "$out"
out=$(cd "$out" && pwd)

echo "bogo: building the shim"
cargo build --quiet -p bogo-shim
if [ -z "${RUNNER:-}" ]; then
  RUNNER=$out/runner.test
  echo "bogo: building the runner of $(git -C "$BORINGSSL" rev-parse --short HEAD)"
  (cd "$BORINGSSL/ssl/test/runner" && go test -c -o "$RUNNER")
fi
cd "$BORINGSSL/ssl/test/runner"
"$RUNNER" -shim-path "$top/target/debug/bogo-shim" -shim-config "$top/tests/bogo/config.json" \
  -allow-unimplemented -num-workers 4 -pipe -json-output "$out/results.json" \
  -test "${TESTS:-*TLS12*;*-TLS}" > "$out/log" 2>&1 || true
python3 - "$out/results.json" <<'P'
import collections, json, sys
tests = json.load(open(sys.argv[1]))["tests"]
print("bogo:", dict(collections.Counter(t["actual"] for t in tests.values())))
failed = sorted(name for name, t in tests.items() if t["actual"] == "FAIL")
print("\n".join(failed))
sys.exit(bool(failed))
P
