#!/usr/bin/env bash
# Builds everything, then shows three conversations: our C client with openssl's server, openssl's
# client with our C server, and our client with our server.
set -euo pipefail
cd "$(dirname "$0")/.."
build=${BUILD:-build}
command -v openssl >/dev/null || { echo "demo: the openssl program is needed (make bootstrap)" >&2; exit 1; }

echo "== building the library and the examples (the first time takes a few minutes)"
tools/lib.sh
tools/examples.sh

pki=tests/pki
work=$(mktemp -d)
background=()
# shellcheck disable=SC2317
clean_up() {
  [ ${#background[@]} -eq 0 ] || kill "${background[@]}" 2>/dev/null || true
  rm -rf "$work"
}
trap clean_up EXIT

# start LOG PATTERN COMMAND...: a server in the background; sets $port from the first group of
# PATTERN in what it says.
start() {
  local log=$1 pattern=$2
  "${@:3}" >"$log" 2>&1 </dev/null &
  background+=($!)
  for _ in $(seq 200); do
    port=$(sed -nE "s/.*$pattern.*/\1/p" "$log" | head -n 1)
    [ -z "$port" ] || return 0
    sleep 0.05
  done
  echo "demo: no server:" >&2
  cat "$log" >&2
  return 1
}

facts() { # log: the line that tlscat prints on stderr
  echo "   negotiated: $(grep -m 1 '^TLSv' "$1")"
}

same() { # what, got, wanted
  if [ "$2" != "$3" ]; then
    echo "   $1: '$2' came back, not '$3'" >&2
    exit 1
  fi
  echo "   $1: '$2'"
}

echo
echo "== 1. our client, openssl s_server"
start "$work/s_server" 'ACCEPT 127\.0\.0\.1:([0-9]+)' openssl s_server -accept 127.0.0.1:0 -rev \
  -cert $pki/server-rsa.pem -key $pki/server-rsa.key -cert_chain $pki/int.pem
echo "   $ echo 'hello, openssl' | tlscat connect localhost:$port --ca $pki/ca.pem"
answer=$(echo 'hello, openssl' | "$build/tlscat" connect "127.0.0.1:$port" --name localhost --ca $pki/ca.pem 2>"$work/1")
facts "$work/1"
same "s_server reversed our line" "$answer" "lssnepo ,olleh"

echo
echo "== 2. openssl s_client, our server"
start "$work/2" 'listening on 127\.0\.0\.1:([0-9]+)' "$build/tlscat" serve 0 --echo \
  --cert $pki/server-p256.pem --key $pki/server-p256.key
echo "   $ tlscat serve $port --echo --cert server-p256.pem --key server-p256.key"
# The input stays open until the echo is there.
mkfifo "$work/in"
openssl s_client -connect "127.0.0.1:$port" -CAfile $pki/ca.pem -verify_return_error -verify_hostname localhost \
  -servername localhost -tls1_2 -nocommands -no_ign_eof <"$work/in" >"$work/s_client" 2>&1 &
background+=($!)
exec 3>"$work/in"
echo 'hello, tlscore' >&3
for _ in $(seq 200); do
  ! grep -q '^hello, tlscore' "$work/s_client" || break
  sleep 0.05
done
exec 3>&-
wait "${background[-1]}"
facts "$work/2"
echo "   openssl says: $(grep -m 1 'Cipher is' "$work/s_client"); $(grep -m 1 -o 'Verify return code: 0 (ok)' "$work/s_client")"
same "our server's echo" "$(grep -m 1 '^hello' "$work/s_client")" "hello, tlscore"

echo
echo "== 3. our client, our server (over IPv6, with a page)"
start "$work/3" 'listening on 127\.0\.0\.1:([0-9]+)' "$build/tlscat" serve 0 --www --alpn h2,http/1.1 \
  --cert $pki/server-ed25519.pem --key $pki/server-ed25519.key
echo "   $ tlscat connect [::1]:$port --ca $pki/ca.pem --alpn http/1.1 --get /"
"$build/tlscat" connect "[::1]:$port" --ca $pki/ca.pem --alpn http/1.1 --get / >"$work/page" 2>"$work/3c"
facts "$work/3c"
echo "   the page: $(grep '<p>' "$work/page")"

echo
echo "All three conversations ended with a clean close."
