# What the shell tests share: a count of verdicts, the directory $work that goes at the end, and the line
# `N passed, N failed`. Sourced, with `set -euo pipefail`.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0

# A description, and a file that must be empty.
empty() {
  if [ -s "$2" ]; then
    failed=$((failed + 1))
    echo "FAILED: $1:"
    sed 's/^/  /' "$2"
  else
    passed=$((passed + 1))
    echo "ok: $1"
  fi
}

# A description, and a command that must succeed. In the background, because `set -e` does not hold in functions
# whose status a condition looks at.
succeeds() {
  local status=0
  "${@:2}" >"$work/log" 2>&1 &
  wait $! || status=$?
  if [ $status -eq 0 ]; then
    : >"$work/said"
  else
    { cat "$work/log"; echo "exit status $status"; } >"$work/said"
  fi
  empty "$1" "$work/said"
}

# The count, and whether all is well.
count() {
  echo "$passed passed, $failed failed"
  [ $failed -eq 0 ]
}
