#!/usr/bin/env bash
# Runs the checks and tests, all of them or the steps named, and goes on behind a failing one.
# Ends with a table of the steps and the line `N passed, N failed`.
set -euo pipefail
cd "$(dirname "$0")/.."
export BUILD=${BUILD:-build} CC=${CC:-cc} CXX=${CXX:-c++} PYTHON=${PYTHON:-python3}

steps=(fmt clippy rust shim doc header abi compile man lib symbols openssl migrate apps examples c cpp verify adapters out-of-tree deb interop valgrind sanitize
  constant-time python)

step_fmt() { cargo fmt --all --check && cargo fmt --check --manifest-path bench/Cargo.toml; }
step_clippy() { cargo clippy --workspace --all-targets --features tls-core/fuzzing --quiet -- -D warnings; }
step_rust() { cargo test --workspace --quiet --no-fail-fast; }
step_shim() { cargo build --quiet -p bogo-shim && "$PYTHON" tests/bogo/replay.py "${CARGO_TARGET_DIR:-target}/debug/bogo-shim"; }
step_doc() { RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --quiet; }
step_header() { tools/header.sh check; }
step_abi() { tools/abi.sh check; }
step_compile() { tests/c/compile.sh; }
step_man() { tests/package/man.sh; }
step_lib() { tools/lib.sh; }
step_symbols() { tests/c/symbols.sh; }
step_openssl() { tests/openssl/run.sh; }
step_migrate() { tests/openssl/migrate.sh; }
step_apps() { tests/apps/run.sh --quick; }
step_examples() { tools/examples.sh; }
step_c() { tests/c/run.sh plain; }
step_cpp() { tests/cpp/run.sh; }
step_verify() { cargo run --quiet -p verify-table -- "$BUILD/tlscat"; }
step_adapters() { "$PYTHON" tests/adapters/run.py; }
step_out-of-tree() { tests/package/run.sh; }
step_deb() { tests/package/deb.sh; }
step_interop() { "$PYTHON" tests/interop/run.py; }
step_valgrind() { tests/c/run.sh valgrind && "$PYTHON" tests/openssl/run.py valgrind; }
step_sanitize() { tests/c/run.sh sanitize && "$PYTHON" tests/openssl/run.py sanitize; }
step_constant-time() { tls-crypto/constant-time.sh; }
step_python() { tools/python-test.sh; }

# A process of its own: `set -e` does not hold in functions whose status is looked at.
if [ "${1:-}" = --step ]; then
  "step_$2"
  exit
fi

[ $# -eq 0 ] || steps=("$@")
logs=$BUILD/test
mkdir -p "$logs"
total_passed=0 total_failed=0 table=
for step in "${steps[@]}"; do
  printf '\n== %s\n' "$step"
  log=$logs/$step.log
  start=$SECONDS status=0
  "$0" --step "$step" </dev/null 2>&1 | tee "$log" || status=$?
  # cargo's `test result: ok. 3 passed; 0 failed` and our own `3 passed, 0 failed`.
  read -r passed failed < <(sed -n -E \
    's/^(test result: [A-Za-z]+\. )?([0-9]+) passed[;,] ([0-9]+) failed.*/\2 \3/p' "$log" |
    awk '{ p += $1; f += $2 } END { print p + 0, f + 0 }')
  # A step that could not test anything says so, and counts for nothing.
  verdict=ok
  if [ $status -eq 0 ] && [ "$passed" -eq 0 ]; then
    if grep -q '^skipped: ' "$log"; then verdict=skipped; else passed=1; fi
  fi
  if [ $status -ne 0 ] && [ "$failed" -eq 0 ]; then failed=1; fi
  total_passed=$((total_passed + passed)) total_failed=$((total_failed + failed))
  [ "$failed" -eq 0 ] || verdict=FAILED
  table+=$(printf '%-12s %-7s %6d passed %4d failed %5d s' "$step" $verdict "$passed" "$failed" $((SECONDS - start)))$'\n'
done

printf '%d passed, %d failed\n' "$total_passed" "$total_failed" >"$logs/summary"
printf '\n%s\n%s\n' "$table" "$(cat "$logs/summary")"
[ $total_failed -eq 0 ]
