#!/usr/bin/env bash
# Data races in the whole library: it and Rust's standard library are built with ThreadSanitizer's instrumentation, and the
# C tests with threads run on them. Nothing is suppressed, and no lock is invisible: a standard library that is not
# instrumented gives false reports (its locks' slow paths are not seen), as valgrind's helgrind does, which knows pthread's
# locks alone. Wants the standard library's sources (rustup component add rust-src); the first build takes minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
build=$(realpath -m "${BUILD:-build}")
out=$build/test/tsan
sysroot=$(rustc --print sysroot)
target=$(rustc -vV | sed -n 's/^host: //p')
if [ ! -d "$sysroot/lib/rustlib/src/rust/library" ]; then
  echo "tsan: the sources of Rust's standard library are needed: rustup component add rust-src" >&2
  exit 1
fi
mkdir -p "$out"

# -Zsanitizer and -Zbuild-std are not stable: the compiler is told to allow them, here alone.
RUSTC_BOOTSTRAP=1 RUSTFLAGS="-Zsanitizer=thread -Cdebuginfo=1" \
  cargo build --quiet -Zbuild-std --target "$target" --target-dir "$build/tsan" -p tls-capi --lib --profile dev
archive=$build/tsan/$target/debug/libtls_capi.a
# rustc's own runtime: GCC's lacks what LLVM's instrumentation calls.
runtime=$(echo "$sysroot/lib/rustlib/$target/lib/librustc"*_rt.tsan.a)

compile() { # source, program
  local object objects=()
  for source in "$1" tests/c/support.c; do
    object=$out/$(basename "$source").o
    "${CC:-cc}" -std=c11 -O1 -g -fsanitize=thread -Iinclude -pthread -c "$source" -o "$object"
    objects+=("$object")
  done
  "${CC:-cc}" -pthread "${objects[@]}" "$archive" -Wl,--whole-archive "$runtime" -Wl,--no-whole-archive -lm -ldl -lrt -o "$2"
}

passed=0 failed=0
verdict() { # description, status
  if [ "$2" -eq 0 ]; then
    passed=$((passed + 1))
    echo "ok: $1"
  else
    failed=$((failed + 1))
    echo "FAILED: $1"
  fi
}
export TSAN_OPTIONS=halt_on_error=0:exitcode=66:second_deadlock_stack=1

# The control: one connection used by two threads at once, which the header forbids, must be seen.
compile tests/c/tsan/control.c "$out/control"
status=0
"$out/control" >"$out/control.log" 2>&1 || status=$?
[ "$status" -eq 66 ] && grep -q 'WARNING: ThreadSanitizer: data race' "$out/control.log" && grep -q 'tls_core::' "$out/control.log" && status=0
verdict "a race is seen where there is one, inside of the library" $status

for source in tests/c/threads.c tests/c/live_changes.c tests/c/fork.c tests/c/loopback.c tests/c/server_session_cache.c tests/c/tickets.c; do
  name=$(basename "$source" .c)
  compile "$source" "$out/$name"
  status=0
  timeout 600 "$out/$name" >"$out/$name.log" 2>&1 || status=$?
  [ $status -eq 0 ] || tail -n 60 "$out/$name.log"
  verdict "$name: $(tail -n 1 "$out/$name.log"), no race" $status
done
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
