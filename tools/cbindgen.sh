#!/usr/bin/env bash
# Runs cbindgen 0.29, from build/tools or from the PATH: another version would write another header.
set -euo pipefail
cd "$(dirname "$0")/.."
for candidate in "${BUILD:-build}/tools/bin/cbindgen" "$(command -v cbindgen || true)"; do
  if [ -x "$candidate" ] && [[ "$("$candidate" --version)" == "cbindgen 0.29."* ]]; then
    exec "$candidate" "$@"
  fi
done
echo "cbindgen 0.29 is missing: run 'make bootstrap'" >&2
exit 1
