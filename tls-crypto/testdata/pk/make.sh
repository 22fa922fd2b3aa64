#!/bin/sh
# Makes the keys, signatures and ciphertexts that the tests of tls-crypto embed. They were made
# once, with OpenSSL 3.0, and committed; tests need no openssl.
set -eu
cd "$(dirname "$0")"

key() { # name, then the arguments of genpkey
    name=$1
    shift
    openssl genpkey -out key.pem "$@" 2>/dev/null
    openssl pkcs8 -topk8 -nocrypt -in key.pem -outform DER -out "$name.p8"
    openssl pkey -in "$name.p8" -inform DER -pubout -outform DER -out "$name.spki"
}

rsa() { # name, bits, further options
    name=$1 bits=$2
    shift 2
    key "$name" -algorithm RSA -pkeyopt "rsa_keygen_bits:$bits" "$@"
}

rsa rsa1024 1024
rsa rsa2048 2048
rsa rsa2056 2056
rsa rsa3072 3072
rsa rsa4096 4096
rsa rsa-e3 2048 -pkeyopt rsa_keygen_pubexp:3
rsa rsa-three-primes 2048 -pkeyopt rsa_keygen_primes:3
rsa rsa-long-exponent 2048 -pkeyopt rsa_keygen_pubexp:17179869185
rsa rsa1016 1016
key pss -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048
for hash in sha1 sha256 sha512; do
    key "pss-$hash" -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 \
        -pkeyopt "rsa_pss_keygen_md:$hash" -pkeyopt "rsa_pss_keygen_mgf1_md:$hash"
done
key pss-two-hashes -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 \
    -pkeyopt rsa_pss_keygen_md:sha256 -pkeyopt rsa_pss_keygen_mgf1_md:sha512
for curve in P-256 P-384 P-521 secp256k1; do
    name=$(printf %s "$curve" | tr -d - | tr P p)
    key "$name" -algorithm EC -pkeyopt "ec_paramgen_curve:$curve"
done
key p256-explicit -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit
key ed25519 -algorithm ED25519
key ed448 -algorithm ED448
key x25519 -algorithm X25519

openssl rsa -in rsa2048.p8 -inform DER -traditional -outform DER -out rsa2048.pkcs1 2>/dev/null
for curve in p256 p384 p521; do
    openssl ec -in "$curve.p8" -inform DER -outform DER -out "$curve.sec1" 2>/dev/null
done

# Signatures over the nine bytes "a message".
printf 'a message' >message
pkcs1() { openssl dgst "-$2" -sign "$1.p8" -keyform DER -out "$1.pkcs1-$2.sig" message; }
pss() {
    openssl dgst "-$2" -sign "$1.p8" -keyform DER -sigopt rsa_padding_mode:pss \
        -sigopt rsa_pss_saltlen:digest -out "$1.pss-$2.sig" message
}
ecdsa() { openssl dgst "-$2" -sign "$1.p8" -keyform DER -out "$1.ecdsa-$2.sig" message; }
for hash in sha1 sha256 sha384 sha512; do
    pkcs1 rsa2048 $hash
    pkcs1 rsa1024 $hash
    for curve in p256 p384 p521; do ecdsa $curve $hash; done
done
for hash in sha256 sha384 sha512; do
    pss rsa2048 $hash
    pss rsa2056 $hash
    pss pss $hash
done
pss pss-sha256 sha256
pss pss-sha512 sha512
pkcs1 rsa-e3 sha256
openssl dgst -sha256 -sign rsa2048.p8 -keyform DER -sigopt rsa_padding_mode:pss \
    -sigopt rsa_pss_saltlen:20 -out rsa2048.pss-sha256-salt20.sig message
openssl pkeyutl -sign -inkey ed25519.p8 -keyform DER -rawin -in message -out ed25519.ed25519.sig

# RSAES-PKCS1-v1_5 of the same nine bytes.
for name in rsa1024 rsa2048 rsa2056 rsa4096; do
    openssl pkeyutl -encrypt -pubin -inkey "$name.spki" -keyform DER -in message \
        -pkeyopt rsa_padding_mode:pkcs1 -out "$name.cipher"
done

# Self-signed certificates: their algorithm identifiers and signatures are what webpki hands over.
cert() { # name, key, then the arguments of req
    name=$1 key=$2
    shift 2
    openssl pkey -in "$key.p8" -inform DER -out key.pem
    openssl req -x509 -config /dev/null -subj /CN=t -days 3650 -set_serial 1 -key key.pem \
        -outform DER -out "$name.cert" "$@"
}
salt='-sigopt rsa_pss_saltlen:digest'
for hash in sha1 sha256 sha384 sha512; do
    cert "rsa2048.pkcs1-$hash" rsa2048 -$hash
    for curve in p256 p384 p521; do cert "$curve.ecdsa-$hash" $curve -$hash; done
done
for hash in sha256 sha384 sha512; do
    # shellcheck disable=SC2086
    cert "rsa2048.pss-$hash" rsa2048 -$hash -sigopt rsa_padding_mode:pss $salt
    # shellcheck disable=SC2086
    cert "pss.pss-$hash" pss -$hash $salt
done
for hash in sha256 sha512; do
    # shellcheck disable=SC2086
    cert "pss-$hash.pss-$hash" pss-$hash -$hash $salt
done
cert ed25519.ed25519 ed25519

rm message key.pem
