#!/usr/bin/env bash
# What X509_check_ca tells apart, and a file with more certificates than a store shows at once, for
# tests/openssl/trace/stores.c. Run once; the files are committed, no key is kept.
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
openssl ecparam -name prime256v1 -genkey -noout -out "$work/key"
# A root of version 1; a leaf of version 1; keyUsage alone, that of a CA and another one; Netscape's extension alone.
openssl req -new -key "$work/key" -subj '/CN=kind' -out "$work/csr"
made() { openssl x509 -req -in "$work/csr" -days 36500 "${@:2}" -out "kind-$1.pem" 2>/dev/null; }
extended() { printf '%s\n' "$2" >"$work/ext" && made "$1" -signkey "$work/key" -extfile "$work/ext"; }
made v1 -signkey "$work/key"
openssl req -x509 -new -key "$work/key" -subj "/CN=issuer" -days 36500 -out "$work/issuer.pem"
made v1-leaf -CA "$work/issuer.pem" -CAkey "$work/key" -CAcreateserial -CAserial "$work/serial"
extended cert-sign 'keyUsage=keyCertSign'
extended signature 'keyUsage=digitalSignature'
extended netscape 'nsCertType=sslCA'
extended netscape-server 'nsCertType=server'
cat ../../pki/{ca,ca-p256,ca-p384,ca-p521,ca-ed25519,other-ca,int,int-not-ca,int-constrained,int-eku}.pem \
  ../../pki/by-ca-{p256,p384,p521,ed25519}.pem ../../pki/name-{cn,ip,many,wildcard}.pem >bundle.pem
