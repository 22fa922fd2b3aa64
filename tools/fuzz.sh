#!/usr/bin/env bash
# Runs every fuzz target (cargo-fuzz) for $SECONDS_EACH seconds. libFuzzer needs unstable compiler
# flags, hence RUSTC_BOOTSTRAP; nothing else here does.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${SECONDS_EACH:-60}
export RUSTC_BOOTSTRAP=1
PATH=$PWD/${BUILD:-build}/tools/bin:$PATH
if ! cargo fuzz --version >/dev/null 2>&1; then
  echo "fuzz: installing cargo-fuzz into ${BUILD:-build}/tools"
  cargo install --quiet --locked --version '^0.13' --root "${BUILD:-build}/tools" cargo-fuzz </dev/null
fi
logs=${BUILD:-build}/fuzz
mkdir -p "$logs"
for target in $(cargo fuzz list); do
  echo "== $target"
  # New inputs go to fuzz/corpus, which is not committed; fuzz/seeds is where it begins.
  mkdir -p "fuzz/corpus/$target"
  if ! cargo fuzz run "$target" "fuzz/corpus/$target" "fuzz/seeds/$target" -- \
    -max_total_time="$seconds" -print_final_stats=1 >"$logs/$target.log" 2>&1; then
    tail -n 40 "$logs/$target.log" >&2
    echo "$target failed; an input that shows it may be in fuzz/artifacts/$target" >&2
    exit 1
  fi
  grep -E 'DONE|stat::number_of_executed_units' "$logs/$target.log"
done
