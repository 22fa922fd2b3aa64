#!/usr/bin/env bash
# examples/migrate: the client and the server built with OpenSSL, with our OpenSSL interface and with our own, each client
# with each server. Then both libraries in one process, which is what a program in the middle of its way is.
# shellcheck disable=SC2046,SC2086 # compilers and flags are lists of words
set -euo pipefail
cd "$(dirname "$0")/../.."
build=$(realpath "${BUILD:-build}")
pki=$PWD/tests/pki
. tests/verdicts.sh
warnings=(-std=c11 -Wall -Wextra -Wpedantic -Werror -O1 -g)
rpath=-Wl,-rpath,$build
ours=(-Iinclude/tlscore/openssl-compat "-L$build" $rpath)
for part in client server; do
  succeeds "before: $part" ${CC:-cc} "${warnings[@]}" examples/migrate/openssl/$part.c -o "$work/before-$part" -lssl -lcrypto
  succeeds "compat: $part" ${CC:-cc} "${warnings[@]}" "${ours[@]}" examples/migrate/openssl/$part.c -o "$work/compat-$part" \
    -ltlscore_openssl -ltlscore
  succeeds "native: $part" ${CC:-cc} "${warnings[@]}" -Iinclude examples/migrate/native/$part.c -o "$work/native-$part" "-L$build" $rpath -ltlscore
done

head -c 200000 /dev/urandom >"$work/data"
: >"$work/nothing"
echo hello >"$work/hello"
echoes() { # client, port, file
  timeout 30 "$work/$1-client" 127.0.0.1 "$2" "$pki/ca.pem" localhost <"$3" >"$work/back" && cmp "$3" "$work/back"
}
refuses() { # client, port, CA, name, word of the reason
  ! timeout 30 "$work/$1-client" 127.0.0.1 "$2" "$pki/$3" "$4" <"$work/hello" >"$work/back" 2>"$work/why" || return 1
  [ ! -s "$work/back" ] && grep -qiE "$5" "$work/why"
}
truncates() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1" && printf '\026\003\001' >&3) || true; }
at_once() { # client, port
  local n pids=() pid
  for n in 1 2 3 4 5; do
    { timeout 60 "$work/$1-client" 127.0.0.1 "$2" "$pki/ca.pem" localhost <"$work/data" | cmp - "$work/data"; } & pids+=($!)
  done
  for pid in "${pids[@]}"; do wait "$pid"; done
}
servers=()
trap 'kill "${servers[@]}" 2>/dev/null; rm -rf "$work"' EXIT
port=27460
for server in before compat native; do
  port=$((port + 1))
  "$work/$server-server" $port "$pki/server-rsa.pem" "$pki/server-rsa.key" 2>"$work/$server.said" &
  servers+=($!)
  for _ in $(seq 100); do if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then break; fi; sleep 0.05; done
  for client in before compat native; do
    for file in hello nothing data; do succeeds "$client client, $server server: $file" echoes $client $port "$work/$file"; done
    succeeds "$client client, $server server: five at once" at_once $client $port
    succeeds "$client client, $server server: another CA" refuses $client $port other-ca.pem localhost 'issuer|chain|trust|unknown'
    succeeds "$client client, $server server: another name" refuses $client $port ca.pem example.org 'name|host'
  done
  truncates $port
  succeeds "$server server: goes on behind a connection that broke" echoes native $port "$work/hello"
done

# OpenSSL's libssl and ours in one process: a pair of each, and one of both.
${CC:-cc} "${warnings[@]}" -DNAME=of_openssl -c tests/openssl/beside.c -o "$work/openssl.o"
${CC:-cc} "${warnings[@]}" -DNAME=of_tlscore "${ours[@]}" -c tests/openssl/beside.c -o "$work/tlscore.o"
succeeds "both libraries link into one program" ${CC:-cc} "${warnings[@]}" tests/openssl/beside_main.c "$work/openssl.o" "$work/tlscore.o" \
  -o "$work/beside" "-L$build" $rpath -ltlscore_openssl -ltlscore -lssl -lcrypto
succeeds "both libraries in one process" timeout 30 "$work/beside" "$pki/ca.pem" "$pki/server-rsa.pem" "$pki/server-rsa.key"
count
