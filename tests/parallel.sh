# Sourced, with `set -euo pipefail`.

# A command, and words on stdin, one a line: runs `command word` for each, as many at once as there are processors.
# Fails if one of them does.
for_each() {
  local word running=0 status=0 cores
  cores=$(nproc)
  while read -r word; do
    if [ $running -ge "$cores" ]; then
      wait -n || status=1
      running=$((running - 1))
    fi
    "$@" "$word" </dev/null &
    running=$((running + 1))
  done
  for (( ; running > 0; running--)); do wait -n || status=1; done
  return $status
}
