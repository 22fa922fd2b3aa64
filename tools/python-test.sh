#!/usr/bin/env bash
# Builds and installs tls-py into a virtual environment of its own in $BUILD, with Cargo's dev
# profile (the cryptography in it is optimised), checks the stubs, and runs the tests of tls-py/tests, beside
# them CPython's own test_ssl.py against tlscore.compat where the interpreter has it, and the same with other versions of
# Python that are found (pyenv's too): the extension is one for all. Arguments go to pytest. Ends with the line `N passed, N failed`.
set -euo pipefail
cd "$(dirname "$0")/.."
build=$(realpath -m "${BUILD:-build}")
venv=$build/python
logs=$build/python-logs
mkdir -p "$logs"
say() { printf -- '-- %s\n' "$*"; }

say "virtual environment $venv ($("${PYTHON:-python3}" --version))"
[ -x "$venv/bin/python" ] || "${PYTHON:-python3}" -m venv "$venv"
pip=("$venv/bin/pip" --disable-pip-version-check --quiet)
"${pip[@]}" install -r tls-py/tests/requirements.txt >"$logs/pip" 2>&1 &
requirements=$!

say "cargo fmt and clippy of tls-py"
export PYO3_PYTHON=$venv/bin/python
# The workspace's directory: what both depend on is compiled once.
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$PWD/target}
# --locked: tls-py has a lock file of its own, which nobody else's build would notice to be stale.
# `cargo update --workspace --manifest-path tls-py/Cargo.toml` makes it follow.
(cd tls-py && cargo fmt --check && cargo clippy --quiet --locked --all-features -- -D warnings)

say "pip install ./tls-py"
wait $requirements || { cat "$logs/pip"; exit 1; }
PATH=$venv/bin:$PATH "${pip[@]}" install --no-build-isolation --force-reinstall --no-deps \
  --config-settings 'build-args=--locked --profile dev --features test-hooks' ./tls-py

types() {
  local allowed=$PWD/tls-py/tests/stubtest-allowed.txt
  (cd "$venv" && bin/python -m mypy.stubtest --allowlist "$allowed" --ignore-unused-allowlist tlscore)
  "$venv/bin/mypy" --strict --no-error-summary --cache-dir "$build/mypy" tls-py/python/tlscore
  "$venv/bin/mypy" --strict --no-error-summary --cache-dir "$build/mypy" \
    tls-py/tests/typing_example.py examples/python/*.py bench/python/*.py
}
cpython() {
  local python number jobs=() seen='' status=0
  mkdir -p "$build/python-abi3"
  ln -sfn "$("$venv/bin/python" -c 'import os, tlscore; print(os.path.dirname(tlscore.__file__))')" "$build/python-abi3/tlscore"
  # Side by side: they wait more than they compute.
  for python in "$venv/bin/python" python3.{11..14} "$HOME"/.pyenv/versions/*/bin/python3; do
    number=$(version "$python") || continue
    case "$seen" in *" $number "*) continue ;; esac
    seen+=" $number "
    (cd "$venv" && PYTHONPATH=$build/python-abi3 timeout 300 "$python" -B "$OLDPWD/tls-py/tests/cpython/run.py") \
      >"$logs/cpython-$number" 2>&1 &
    jobs+=("$!:$number")
  done
  for job in "${jobs[@]}"; do
    wait "${job%:*}" || status=$?
    cat "$logs/cpython-${job#*:}"
  done
  [ -n "$seen" ] || echo "no interpreter has test.test_ssl (Debian: libpython3-testsuite)"
  return $status
}
# Its version, where it is one that the extension is for, and has CPython's tests.
version() {
  "$1" -c 'import sys, test.test_ssl; assert sys.version_info >= (3, 11); print("%d.%d" % sys.version_info[:2])' 2>/dev/null
}
# Beside pytest, which waits more than it computes.
(types) >"$logs/types" 2>&1 &
types=$!
(cpython) >"$logs/cpython" 2>&1 &
cpython=$!

say "pytest"
status=0
(cd tls-py && "$venv/bin/python" -X dev -m pytest -p no:cacheprovider "$@") | tee "$logs/pytest" || status=$?
count() { grep -E ' in [0-9.]+s' "$logs/pytest" | tail -n 1 | sed -n -E "s/(^|.*[^0-9])([0-9]+) $1.*/\2/p"; }
passed=$(count passed) failed=$(count failed) errors=$(count error)

say "mypy --strict and stubtest"
wait $types || status=$?
cat "$logs/types"
say "CPython's test_ssl.py"
wait $cpython || status=$?
cat "$logs/cpython"
printf '%d passed, %d failed\n' "${passed:-0}" $((${failed:-0} + ${errors:-0}))
exit "$status"
