#!/usr/bin/env bash
# wget with its OpenSSL back end, out of Debian's source package and unchanged, with OpenSSL or with tlscore: its own tests of
# TLS (those in Perl that need a name of their own in the DNS tell that they are skipped), then conversations with an nginx that
# has the system's OpenSSL. wget.sh SIDE DIRECTORY
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/apps/source.sh
side=$1 work=$2 pki=$PWD/tests/pki
openssl_of "$side"
tree=$(tree_of wget "$side" "$work") || skip "no source package of wget can be had here"
if [ ! -x "$tree/src/wget" ]; then
  # NTLM is DES and MD4, which are nobody's TLS.
  configured() {
    cd "$tree"
    ./configure --with-ssl=openssl --disable-ntlm --disable-nls --without-metalink --without-libpsl --disable-pcre --disable-pcre2
    make -j"$(nproc)" -C lib && make -j"$(nproc)" -C src
  }
  export -f configured
  export tree
  quietly "$tree.log" bash -ec configured
fi
[ "$side" = openssl ] || linked_with_tlscore "$tree/src/wget"

export SSL_TESTS=1 WGETRC=/dev/null SYSTEM_WGETRC='' MAKE_CHECK=True srcdir=. tree
own() { # directory, interpreter, test: 77 is a test that is skipped
  local status=0
  (cd "$tree/$1" && ${2} "$3") || status=$?
  if [ $status -eq 77 ]; then echo "skips: $3"; else [ $status -eq 0 ]; fi
}
export -f own
export PYTHONPATH=.
for test in "$tree"/testenv/Test-*https*.py "$tree/testenv/Test-hsts.py"; do check "$(basename "$test")" own testenv python3 "$(basename "$test")"; done
if perl -MHTTP::Daemon -MIO::Socket::SSL -e 1 2>/dev/null; then
  for test in "$tree"/tests/Test-proxied-https*.px; do check "$(basename "$test")" own tests 'perl -I.' "$(basename "$test")"; done
fi

port=27457 asking=27458 self=27459 served=$tree/served out=$tree/out
mkdir -p "$served/many" "$out"
for size in 1 100000 5000000; do head -c $size /dev/urandom >"$served/$size"; done
for n in $(seq 50); do echo "$n" >"$served/many/$n"; done
for n in $(seq 50); do echo "<a href=\"$n\">$n</a>"; done >"$served/many/index.html"
servers=()
trap 'kill "${servers[@]}" 2>/dev/null' EXIT
nginx_on $port "$served" server-rsa "listen 127.0.0.1:$port ssl;"
servers+=("$nginx_pid")
# wget sends a certificate without its chain.
cat "$pki/ca.pem" "$pki/int.pem" >"$out/cas.pem"
nginx_on $asking "$served" server-p256 "listen 127.0.0.1:$asking ssl; ssl_verify_client on; ssl_verify_depth 3; ssl_client_certificate $out/cas.pem;"
servers+=("$nginx_pid")
nginx_on $self "$served" self-leaf "listen 127.0.0.1:$self ssl;"
servers+=("$nginx_pid")
export port asking self served out pki
wget_of() { timeout 50 "$tree/src/wget" --no-config --tries=1 --timeout=20 -q "$@"; }
trusting() { wget_of "--ca-certificate=$pki/ca.pem" "$@"; }
is_whole() { trusting "${@:2}" -O - "https://localhost:$port/$1" | cmp - "$served/$1"; }
ends() { # status, wget's arguments...
  local status=0
  wget_of "${@:2}" -O /dev/null || status=$?
  [ $status -eq "$1" ]
}
recursive() { rm -rf "$out/many" && trusting -r -np -nH -P "$out" "https://localhost:$port/many/" && [ "$(cat "$out"/many/[0-9]* | sort -n | tail -n 1)" = 50 ]; }
goes_on() { head -c 1000000 "$served/5000000" >"$out/5000000" && (cd "$out" && trusting -c "https://localhost:$port/5000000") && cmp "$out/5000000" "$served/5000000"; }
known() { trusting "--certificate=$pki/client-rsa.pem" "--private-key=$pki/client-rsa.key" -O - "https://localhost:$asking/100000" | cmp - "$served/100000"; }
export -f wget_of trusting is_whole ends recursive goes_on known
for size in 1 100000 5000000; do check "$size bytes" is_whole $size; done
check "fifty over one connection" recursive
check "a file goes on" goes_on
check "an address" ends 0 "--ca-certificate=$pki/ca.pem" "https://127.0.0.1:$port/1"
check "a client's certificate" known
check "none where one is asked for" ends 8 "--ca-certificate=$pki/ca.pem" "https://localhost:$asking/1"
check "a trusted directory without it" ends 5 --ca-certificate=/dev/null --ca-directory="$out" "https://localhost:$port/1"
check "another CA" ends 5 "--ca-certificate=$pki/other-ca.pem" "https://localhost:$port/1"
check "another CA, and it does not matter" ends 0 --no-check-certificate "https://localhost:$port/1"
check "a self-signed certificate" ends 5 "--ca-certificate=$pki/ca.pem" "https://localhost:$self/1"
check "forward secrecy" is_whole 1 --secure-protocol=PFS
for version in TLSv1_1 TLSv1_2; do check "at least $version" is_whole 1 --secure-protocol=$version; done
check "a suite" is_whole 1 --ciphers=ECDHE-RSA-AES256-GCM-SHA384
check "no suite" ends 1 --ciphers=nonsense "--ca-certificate=$pki/ca.pem" "https://localhost:$port/1"
cat "$pki/crl-int.pem" "$pki/crl-ca.pem" >"$out/good.crl"
cat "$pki/crl-int-revoked.pem" "$pki/crl-ca.pem" >"$out/bad.crl"
check "a list that revokes nobody" is_whole 1 "--crl-file=$out/good.crl"
check "a list without the server's CA" ends 5 "--crl-file=$pki/crl-ca.pem" "--ca-certificate=$pki/ca.pem" "https://localhost:$port/1"
check "no list at all" ends 1 "--crl-file=$pki/ca.pem" "--ca-certificate=$pki/ca.pem" "https://localhost:$port/1"
check "nobody there" ends 4 "--ca-certificate=$pki/ca.pem" "https://localhost:27460/1"
counts "wget with $side: its own tests of TLS, and conversations with nginx"
