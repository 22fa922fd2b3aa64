#!/usr/bin/env bash
# What scanners that others wrote find in a server with the default policy: sslscan and testssl.sh (Debian),
# sslyze (PyPI, in a virtual environment). Their whole output is in $BUILD/scan. Fails where one of them
# finds something.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/packages.sh
install_packages sslscan:/usr/bin/sslscan testssl.sh:/usr/bin/testssl
build=${BUILD:-build} python=${PYTHON:-python3} pki=tests/pki
out=$build/scan
mkdir -p "$out"
if [ ! -x "$out/venv/bin/sslyze" ]; then
  echo "scan: installing sslyze into $out/venv"
  "$python" -m venv "$out/venv"
  "$out/venv/bin/pip" install --quiet 'sslyze==6.3.*' </dev/null
fi

"$build/tlscat" serve 0 --cert $pki/server-rsa.pem --key $pki/server-rsa.key \
  --cert $pki/server-p256.pem --key $pki/server-p256.key --www >"$out/server" 2>&1 &
trap 'kill %1 2>/dev/null || true' EXIT
for _ in $(seq 50); do
  port=$(sed -n 's/.*listening on 127\.0\.0\.1:\([0-9]*\).*/\1/p' "$out/server")
  [ -n "$port" ] && break
  sleep 0.1
done
[ -n "$port" ] || { cat "$out/server"; exit 1; }

passed=0 failed=0
verdict() { # name, file, pattern of bad news, pattern that must be there
  if grep -Eq "$4" "$2" && ! grep -E "$3" "$2"; then
    passed=$((passed + 1)) && echo "ok: $1"
  else
    failed=$((failed + 1)) && echo "FAILED: $1 (see $2)"
  fi
}

timeout 120 sslscan --no-colour "127.0.0.1:$port" >"$out/sslscan" 2>&1 || true
verdict sslscan "$out/sslscan" \
  '(SSLv[23]|TLSv1\.[01]) +enabled|[^t] vulnerable|(3DES|RC4|NULL|anon|EXP|MD5|CBC|DHE-.*-SHA$)|Compression enabled|Insecure' \
  'TLSv1\.2 +enabled'

timeout 120 "$out/venv/bin/sslyze" "localhost:$port" >"$out/sslyze" 2>&1 || true
# The test PKI is in no browser's store: what sslyze says about trust is no finding.
sed -n '/SSL 2.0 Cipher Suites/,/SCANS COMPLETED/p' "$out/sslyze" >"$out/sslyze-protocol"
verdict sslyze "$out/sslyze-protocol" 'VULNERABLE|INSECURE|ERROR|FAILED|_CBC_|_RC4_|_NULL_|_anon_' \
  'The server accepted the following'

timeout 600 testssl --color 0 --quiet --warnings off --openssl "$(command -v openssl)" --ip 127.0.0.1 \
  -p -s -U "localhost:$port" >"$out/testssl" 2>&1 || true
# Without TLS 1.3 it grumbles about a "weaker protocol" in words without NOT ok.
verdict testssl.sh "$out/testssl" 'NOT ok|VULNERABLE' 'Strong encryption \(AEAD ciphers\) +offered \(OK\)'

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
