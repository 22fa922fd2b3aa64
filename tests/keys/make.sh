#!/bin/sh
# Makes every file of this directory anew out of the keys of tests/pki: tests/keys/make.sh
# The results are committed: tests need none of these programs. README.md says what is what.
# Needs OpenSSL 3 with its legacy provider, certtool (GnuTLS), pk12util and certutil (NSS), keytool (Java)
# and Python's cryptography.
set -eu
cd "$(dirname "$0")"
rm -f ./*.key ./*.p12 ./*.der
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
quiet() { "$@" >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }; }
P256=../pki/server-p256 RSA=../pki/server-rsa
LEGACY="-provider default -provider legacy"

# Encrypted PKCS #8: every PRF and cipher, scrypt, the algorithms of PKCS #12.
p8() { # FILE KEY OPTIONS...
  file=$1 key=$2; shift 2
  quiet openssl pkcs8 -topk8 -in "$key" -out "$file" -passout pass:secret "$@"
}
for cipher in aes-128-cbc aes-192-cbc aes-256-cbc des-ede3-cbc; do
  p8 "pbes2-$cipher.key" $P256.key -v2 $cipher
done
for prf in hmacWithSHA1 hmacWithSHA224 hmacWithSHA256 hmacWithSHA384 hmacWithSHA512; do
  p8 "pbes2-$prf.key" $P256.key -v2 aes-256-cbc -v2prf $prf -iter 1000
done
p8 scrypt.key $P256.key -scrypt -scrypt_N 1024 -scrypt_r 8 -scrypt_p 2
p8 pbe-3des.key $P256.key -v1 PBE-SHA1-3DES
p8 pbe-2des.key $P256.key -v1 PBE-SHA1-2DES
# shellcheck disable=SC2086
{
  p8 pbe-rc2-128.key $P256.key $LEGACY -v1 PBE-SHA1-RC2-128
  p8 pbe-rc2-40.key $P256.key $LEGACY -v1 PBE-SHA1-RC2-40
  p8 bad-rc4.key $P256.key $LEGACY -v1 PBE-SHA1-RC4-128
  p8 bad-md5-des.key $P256.key $LEGACY -v1 PBE-MD5-DES
  p8 bad-pbes2-rc2.key $P256.key $LEGACY -v2 rc2-cbc
}
p8 bad-camellia.key $P256.key -v2 camellia-128-cbc
p8 encrypted.der $P256.key -v2 aes-256-cbc -outform DER
p8 utf8.key $P256.key -v2 aes-256-cbc -passout "pass:geheim-ß€😀"
p8 empty-password.key $P256.key -v2 aes-256-cbc -passout pass:
p8 rsa.key $RSA.key -v2 aes-256-cbc

# The old form.
for cipher in aes128 aes192 aes256 des3; do
  quiet openssl ec -in $P256.key -$cipher -out old-$cipher.key -passout pass:secret
done
quiet openssl rsa -traditional -in $RSA.key -aes256 -out old-rsa.key -passout pass:secret
# shellcheck disable=SC2086
quiet openssl ec $LEGACY -in $P256.key -des -out bad-old-des.key -passout pass:secret

# PKCS #12 by OpenSSL.
openssl x509 -in $P256.pem -out "$work/leaf.pem"
sed 1,/END/d $P256.pem >"$work/chain.pem"
cat ../pki/ca.pem >>"$work/chain.pem"
p12() { # FILE OPTIONS...
  file=$1; shift
  quiet openssl pkcs12 -export -in "$work/leaf.pem" -inkey $P256.key -certfile "$work/chain.pem" -passout pass:secret \
    -out "$file" "$@"
}
p12 openssl.p12
p12 openssl-sha512.p12 -keypbe AES-128-CBC -certpbe AES-192-CBC -macalg sha512 -iter 3000
p12 openssl-3des.p12 -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1
p12 openssl-plain-certs.p12 -certpbe NONE
p12 openssl-plain-key.p12 -keypbe NONE
p12 openssl-all-plain.p12 -keypbe NONE -certpbe NONE -nomac
p12 openssl-nomac.p12 -nomac
p12 openssl-utf8.p12 -passout "pass:geheim-ß€😀"
p12 openssl-empty.p12 -passout pass:
# shellcheck disable=SC2086
p12 openssl-legacy.p12 $LEGACY -legacy
quiet openssl pkcs12 -export -nokeys -in $P256.pem -passout pass:secret -out bad-no-key.p12
quiet openssl pkcs12 -export -nocerts -inkey $P256.key -passout pass:secret -out bad-no-cert.p12

# By others.
quiet certtool --to-p12 --load-privkey $P256.key --load-certificate $P256.pem --p12-name server --password secret --outder \
  --outfile gnutls.p12
quiet certtool --to-p12 --load-privkey $P256.key --load-certificate $P256.pem --p12-name server --password secret --outder \
  --pkcs-cipher 3des-pkcs12 --outfile gnutls-3des.p12
quiet certtool --to-p8 --load-privkey $P256.key --password secret --pkcs-cipher aes-256 --outfile gnutls.key
quiet certtool --to-p8 --load-privkey $P256.key --password secret --pkcs-cipher 3des-pkcs12 --outfile gnutls-3des.key
mkdir "$work/nss"
quiet certutil -N -d "sql:$work/nss" --empty-password
quiet pk12util -i openssl.p12 -d "sql:$work/nss" -W secret
nick=$(certutil -L -d "sql:$work/nss" | sed -n 's/ *u,u,u$//p' | head -1)
quiet pk12util -o nss.p12 -n "$nick" -d "sql:$work/nss" -W secret
quiet pk12util -o nss-old.p12 -n "$nick" -d "sql:$work/nss" -W secret -c "PKCS #12 V2 PBE With SHA-1 And 3KEY Triple DES-CBC" \
  -C "PKCS #12 V2 PBE With SHA-1 And 40 Bit RC2 CBC"
quiet keytool -importkeystore -srckeystore openssl.p12 -srcstoretype PKCS12 -srcstorepass secret -destkeystore java.p12 \
  -deststoretype PKCS12 -deststorepass secret
quiet keytool -J-Dkeystore.pkcs12.legacy -importkeystore -srckeystore openssl.p12 -srcstoretype PKCS12 -srcstorepass secret \
  -destkeystore java-old.p12 -deststoretype PKCS12 -deststorepass secret
# Two entries.
openssl x509 -in $RSA.pem -out "$work/leaf2.pem"
quiet openssl pkcs12 -export -in "$work/leaf2.pem" -inkey $RSA.key -name rsa -passout pass:secret -out "$work/two.p12"
cp java.p12 java-two.p12
quiet keytool -importkeystore -srckeystore "$work/two.p12" -srcstoretype PKCS12 -srcstorepass secret -destkeystore java-two.p12 \
  -deststoretype PKCS12 -deststorepass secret
python3 - <<'PY'
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization as s
from cryptography.hazmat.primitives.serialization import pkcs12
key = s.load_pem_private_key(open("../pki/server-p256.key", "rb").read(), None)
leaf, inter = x509.load_pem_x509_certificates(open("../pki/server-p256.pem", "rb").read())
def write(name, enc):
    open(name, "wb").write(pkcs12.serialize_key_and_certificates(b"server", key, leaf, [inter], enc))
write("python.p12", s.BestAvailableEncryption(b"secret"))
write("python-plain.p12", s.NoEncryption())
b = s.PrivateFormat.PKCS12.encryption_builder().kdf_rounds(500)
write("python-3des.p12", b.key_cert_algorithm(pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC).hmac_hash(hashes.SHA1()).build(b"secret"))
write("python-sha384.p12", b.key_cert_algorithm(pkcs12.PBES.PBESv2SHA256AndAES256CBC).hmac_hash(hashes.SHA384()).build(b"secret"))
for name, fmt in (("python.key", s.PrivateFormat.PKCS8), ("python-old.key", s.PrivateFormat.TraditionalOpenSSL)):
    open(name, "wb").write(key.private_bytes(s.Encoding.PEM, fmt, s.BestAvailableEncryption(b"secret")))
PY

# PBMAC1 (RFC 9579), which few programs write so far: a MacData behind what has none.
python3 - <<'PY'
import hashlib, hmac, os
def tlv(tag, *parts):
    body = b"".join(parts)
    n = len(body)
    head = bytes([n]) if n < 128 else bytes([0x80 | (n.bit_length() + 7) // 8]) + n.to_bytes((n.bit_length() + 7) // 8, "big")
    return bytes([tag]) + head + body
def integer(n): return tlv(2, n.to_bytes(n.bit_length() // 8 + 1, "big"))
def oid(text): return tlv(6, bytes.fromhex(text))
def content(der):
    n = der[1] & 0x7f if der[1] & 0x80 else 0
    size = int.from_bytes(der[2:2 + n], "big") if n else der[1]
    return der[2 + n:2 + n + size], der[2 + n + size:]
PBMAC1, PBKDF2 = oid("2a864886f70d01050e"), oid("2a864886f70d01050c")
HMAC = {"sha256": oid("2a864886f70d0209"), "sha512": oid("2a864886f70d020b")}
pfx, _ = content(open("openssl-nomac.p12", "rb").read())
_, info = content(pfx)
inner, _ = content(info)
_, explicit = content(inner)
safe, _ = content(content(explicit)[0])
for name, prf, mac in (("pbmac1-sha256.p12", "sha256", "sha256"), ("pbmac1-mixed.p12", "sha256", "sha512")):
    salt, size = os.urandom(8), hashlib.new(mac).digest_size
    key = hashlib.pbkdf2_hmac(prf, b"secret", salt, 2048, size)
    null = b"\x05\0"
    kdf = tlv(0x30, PBKDF2, tlv(0x30, tlv(4, salt), integer(2048), integer(size), tlv(0x30, HMAC[prf], null)))
    algorithm = tlv(0x30, PBMAC1, tlv(0x30, kdf, tlv(0x30, HMAC[mac], null)))
    digest = tlv(0x30, algorithm, tlv(4, hmac.new(key, safe, mac).digest()))
    open(name, "wb").write(tlv(0x30, pfx, tlv(0x30, digest, tlv(4, b"NOT USED"), integer(1))))
PY

# A certificate with names of every kind.
cat >"$work/names.conf" <<'CONF'
[req]
distinguished_name = dn
prompt = no
x509_extensions = ext
[dn]
O = tlscore tests
CN = all names
[ext]
subjectAltName = DNS:a.test, email:b@c.test, URI:https://d.test/, IP:192.0.2.1, IP:2001:db8::1, RID:1.2.3.4, otherName:1.3.6.1.5.5.7.8.5;UTF8:x@y.test, dirName:dir
keyUsage = critical, digitalSignature, keyEncipherment
extendedKeyUsage = serverAuth, 1.2.3.4.5
[dir]
CN = in a name
O = tlscore
CONF
quiet openssl req -x509 -new -key $RSA.key -config "$work/names.conf" -set_serial 0x00ff01 -days 36500 -sha384 -out all-names.pem

# What takes longest to verify: the longest modulus, and the longest public exponent, almost all ones.
quiet openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:8192 -pkeyopt rsa_keygen_pubexp:8589934583 -out rsa8192-long-exponent.pem
