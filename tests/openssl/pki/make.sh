#!/usr/bin/env bash
# Chains that are forged in the name of a trusted root (root.pem), for tests/openssl/trace/forged.c. Run once; the files
# are committed, the keys of issuers are not kept.
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
key() { openssl ecparam -name prime256v1 -genkey -noout -out "$work/$1.key"; }
ca='basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,cRLSign'
leaf='subjectAltName=DNS:localhost
extendedKeyUsage=serverAuth,clientAuth
keyUsage=digitalSignature'
# name, subject, extensions, issuer, days
issue() {
  key "$1"
  printf '%s\n' "$3" >"$work/ext"
  openssl req -new -key "$work/$1.key" -subj "$2" -out "$work/csr"
  openssl x509 -req -in "$work/csr" -CA "$work/$4.pem" -CAkey "$work/$4.key" -CAcreateserial -days "$5" -extfile "$work/ext" \
    -out "$work/$1.pem" 2>/dev/null
}
root() {
  key "$1"
  openssl req -x509 -new -key "$work/$1.key" -subj "$2" -days 36500 -out "$work/$1.pem" -addext basicConstraints=critical,CA:TRUE
}
root root '/CN=forged at root'
root thief '/CN=forged at root'
issue forged-int '/CN=namesake' "$ca" thief 36500
issue forged '/CN=namesake' "$leaf" forged-int 36500
issue other '/CN=somebody' "$leaf" forged-int 36500
issue true-int '/CN=namesake' "$ca" root 36500
issue true '/CN=namesake' "$leaf" true-int 36500
cp "$work/root.pem" root.pem
for name in forged other; do
  cat "$work/$name.pem" "$work/forged-int.pem" >$name.pem
  cp "$work/$name.key" $name.key
done
cat "$work/true.pem" "$work/true-int.pem" >true.pem
cp "$work/true.key" true.key
