#!/bin/sh
# Makes every key and certificate of this directory anew: tests/pki/make.sh
# The results are committed, so tests need no OpenSSL and never expire; README.md says what is what.
# Needs OpenSSL 3. Keys are drawn at random: nothing here protects anything.
set -eu
cd "$(dirname "$0")"
rm -f ./*.pem ./*.key
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
quiet() { "$@" 2>"$work/log" || { cat "$work/log" >&2; exit 1; }; }

FROM=20200101000000Z
TO=21200101000000Z
SAN="DNS:localhost, DNS:example.test, DNS:*.wild.test, IP:127.0.0.1, IP:::1"

key() { # NAME TYPE
  case $2 in
    rsa*) quiet openssl genpkey -algorithm RSA -pkeyopt "rsa_keygen_bits:${2#rsa}" -out "$1.key" ;;
    pss) quiet openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -out "$1.key" ;;
    p*) quiet openssl genpkey -algorithm EC -pkeyopt "ec_paramgen_curve:P-${2#p}" -out "$1.key" ;;
    ed25519) quiet openssl genpkey -algorithm ED25519 -out "$1.key" ;;
  esac
}

# The extensions come on standard input. OPTIONS: FROM= TO= MD= for this one certificate.
sign() { # NAME SUBJECT ISSUER ("self" for its own key) [VAR=VALUE]...
  name=$1 subject=$2 issuer=$3 from=$FROM to=$TO md=sha256
  shift 3
  for option in "$@"; do
    case $option in
      FROM=*) from=${option#*=} ;;
      TO=*) to=${option#*=} ;;
      MD=*) md=${option#*=} ;;
    esac
  done
  {
    echo "[ca]"
    echo "default_ca = c"
    echo "[c]"
    echo "database = $work/index"
    echo "new_certs_dir = $work"
    echo "policy = any"
    echo "unique_subject = no"
    echo "email_in_dn = no"
    echo "rand_serial = yes"
    echo "[any]"
    for field in countryName organizationName commonName; do echo "$field = optional"; done
    echo "[req]"
    echo "distinguished_name = dn"
    echo "[dn]"
    echo "[ext]"
    cat
  } >"$work/conf"
  : >"$work/index"
  quiet openssl req -new -config "$work/conf" -utf8 -key "$name.key" -subj "$subject" -out "$work/csr"
  case $issuer in
    self) by="-selfsign -keyfile $name.key" ;;
    *) by="-cert $issuer.pem -keyfile $issuer.key" ;;
  esac
  key_by=$name
  [ "$issuer" = self ] || key_by=$issuer
  if openssl pkey -in "$key_by.key" -noout -text 2>/dev/null | head -1 | grep -q ED25519; then
    md=default
  fi
  # shellcheck disable=SC2086
  quiet openssl ca -batch -notext -utf8 -preserveDN -config "$work/conf" -extensions ext $by -md "$md" \
    -startdate "$from" -enddate "$to" -in "$work/csr" -out "$name.pem"
}

ca() { # NAME TYPE SUBJECT ISSUER [EXTRA EXTENSION LINE]
  key "$1" "$2"
  sign "$1" "$3" "$4" <<EXT
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
${5-}
EXT
}

leaf() { # NAME TYPE SUBJECT ISSUER KEYUSAGE EKU SAN [VAR=VALUE]...
  leaf_name=$1 leaf_type=$2 leaf_subject=$3 leaf_issuer=$4 ku=$5 eku=$6 san=$7
  shift 7
  key "$leaf_name" "$leaf_type"
  {
    echo "basicConstraints = CA:FALSE"
    echo "subjectKeyIdentifier = hash"
    [ -z "$ku" ] || echo "keyUsage = critical, $ku"
    [ -z "$eku" ] || echo "extendedKeyUsage = $eku"
    [ -z "$san" ] || echo "subjectAltName = $san"
  } | sign "$leaf_name" "$leaf_subject" "$leaf_issuer" "$@"
}

behind() { # NAME ISSUER...: appends the issuers, so that NAME.pem is the chain as a server sends it
  chain=$1
  shift
  for issuer in "$@"; do cat "$issuer.one" >>"$chain.pem"; done
}
# CA files stay single certificates; a copy serves `behind`.
single() { for n in "$@"; do cp "$n.pem" "$n.one"; done; }
trap 'rm -rf "$work"; rm -f ./*.one' EXIT

# --- authorities
ca ca rsa2048 "/O=tlscore tests/CN=Test Root" self
ca int rsa2048 "/O=tlscore tests/CN=Test Intermediate" ca "authorityKeyIdentifier = keyid"
ca other-ca p256 "/O=somebody else/CN=Other Root" self
for kind in p256 p384 p521 ed25519; do
  ca "ca-$kind" "$kind" "/O=tlscore tests/CN=Test Root $kind" self
done
single ca int

# --- good servers and clients
leaf server-rsa rsa2048 "/CN=server-rsa" int "digitalSignature, keyEncipherment" serverAuth "$SAN"
leaf server-rsa4096 rsa4096 "/CN=server-rsa4096" int "digitalSignature, keyEncipherment" serverAuth "$SAN"
leaf server-rsapss pss "/CN=server-rsapss" int digitalSignature serverAuth "$SAN"
for kind in p256 p384 p521 ed25519; do
  leaf "server-$kind" "$kind" "/CN=server-$kind" int digitalSignature serverAuth "$SAN"
done
leaf server-rsa1024 rsa1024 "/CN=server-rsa1024" int "digitalSignature, keyEncipherment" serverAuth "$SAN"
leaf client-rsa rsa2048 "/CN=client-rsa" int digitalSignature clientAuth "email:client@example.test"
leaf client-p256 p256 "/CN=client-p256" int digitalSignature clientAuth "email:client@example.test"
leaf client-ed25519 ed25519 "/CN=client-ed25519" int digitalSignature clientAuth "email:client@example.test"
leaf client-rsapss pss "/CN=client-rsapss" int digitalSignature clientAuth "email:client@example.test"
leaf client-p384 p384 "/CN=client-p384" int digitalSignature clientAuth "email:client@example.test"
leaf client-p521 p521 "/CN=client-p521" int digitalSignature clientAuth "email:client@example.test"
for name in server-rsa server-rsa4096 server-rsapss server-p256 server-p384 server-p521 server-ed25519 server-rsa1024 \
  client-rsa client-p256 client-ed25519 client-rsapss client-p384 client-p521; do
  behind $name int
done
for kind in p256 p384 p521 ed25519; do
  leaf "by-ca-$kind" "$kind" "/CN=by-ca-$kind" "ca-$kind" digitalSignature serverAuth "$SAN"
done
# The same keys in other containers.
quiet openssl pkey -in server-rsa.key -traditional -out server-rsa-pkcs1.key
quiet openssl pkey -in server-p256.key -traditional -out server-p256-sec1.key
quiet openssl pkey -in server-rsa.key -aes-256-cbc -passout pass:secret -out server-rsa-encrypted.key

# --- acceptable, but unusual
leaf no-usage p256 "/CN=no-usage" int "" "" "$SAN"
leaf both-eku p256 "/CN=both-eku" int digitalSignature "clientAuth, serverAuth" "$SAN"
leaf name-cn p256 "/CN=cn.example.test" int digitalSignature serverAuth ""
leaf name-cn-ip p256 "/CN=192.0.2.9" int digitalSignature serverAuth ""
leaf name-ip p256 "/CN=name-ip" int digitalSignature serverAuth "IP:192.0.2.1, IP:2001:db8::1"
leaf name-wildcard p256 "/CN=name-wildcard" int digitalSignature serverAuth "DNS:*.example.test"
leaf name-cn-and-san p256 "/CN=cn.example.test" int digitalSignature serverAuth "DNS:san.example.test"
leaf name-email-only p256 "/CN=cn.example.test" int digitalSignature serverAuth "email:someone@example.test"
leaf name-many p256 "/CN=name-many" int digitalSignature serverAuth \
  "DNS:a.many.test, DNS:b.many.test, DNS:c.many.test, DNS:d.many.test, DNS:e.many.test, DNS:f.many.test, DNS:g.many.test, DNS:h.many.test"
leaf name-utf8 p256 "/O=Zo, \"Käse\" \\+ Söhne/CN=name-utf8" int digitalSignature serverAuth "DNS:xn--kse-qla.test, URI:https://example.test/, email:a@example.test"
for name in no-usage both-eku name-cn name-cn-ip name-ip name-wildcard name-cn-and-san name-email-only name-many name-utf8; do
  behind $name int
done
key self-ca p256
sign self-ca "/CN=self-ca.test" self <<EXT
basicConstraints = critical, CA:TRUE
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = $SAN
EXT
leaf self-leaf p256 "/CN=self-leaf.test" self digitalSignature serverAuth "$SAN"
leaf self-expired p256 "/CN=self-expired.test" self digitalSignature serverAuth "$SAN" TO=20210101000000Z
leaf self-client p256 "/CN=self-client.test" self digitalSignature clientAuth "$SAN"
ca deep1 p256 "/CN=Deep 1" ca
ca deep2 p256 "/CN=Deep 2" deep1
ca deep3 p256 "/CN=Deep 3" deep2
ca deep4 p256 "/CN=Deep 4" deep3
leaf deep p256 "/CN=deep" deep4 digitalSignature serverAuth "$SAN"
ca deep5 p256 "/CN=Deep 5" deep4
ca deep6 p256 "/CN=Deep 6" deep5
ca deep7 p256 "/CN=Deep 7" deep6
leaf too-deep p256 "/CN=too-deep" deep7 digitalSignature serverAuth "$SAN"
single deep1 deep2 deep3 deep4 deep5 deep6 deep7
behind deep deep4 deep3 deep2 deep1
behind too-deep deep7 deep6 deep5 deep4 deep3 deep2 deep1
cp deep.pem deep-unordered.pem
{ openssl x509 -in deep.pem; cat deep2.one deep1.one int.one deep4.one deep3.one; } >deep-unordered.pem

# The root under the same name and key, but ended 2021; and an intermediate that was issued twice,
# without and with keyCertSign.
cp ca.key ca-old.key
sign ca-old "/O=tlscore tests/CN=Test Root" self TO=20210101000000Z <<EXT
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
EXT
ca int-twice p256 "/CN=Issued Twice" ca
cp int-twice.key int-twice-bad.key
sign int-twice-bad "/CN=Issued Twice" ca <<EXT
basicConstraints = critical, CA:TRUE
keyUsage = critical, cRLSign
EXT
single int-twice int-twice-bad
leaf by-int-twice p256 "/CN=by-int-twice" int-twice digitalSignature serverAuth "$SAN"
behind by-int-twice int-twice-bad int-twice
leaf no-subject p256 "/" int digitalSignature serverAuth "$SAN"
behind no-subject int

# --- bad leaves
leaf bad-expired p256 "/CN=bad-expired" int digitalSignature serverAuth "$SAN" TO=20210203040506Z
leaf bad-not-yet p256 "/CN=bad-not-yet" int digitalSignature serverAuth "$SAN" FROM=21100203040506Z
leaf bad-name p256 "/CN=bad-name" int digitalSignature serverAuth "DNS:a.other.test, DNS:b.other.test"
leaf bad-eku p256 "/CN=bad-eku" int digitalSignature clientAuth "$SAN"
leaf bad-any-eku p256 "/CN=bad-any-eku" int digitalSignature anyExtendedKeyUsage "$SAN"
leaf bad-no-sign rsa2048 "/CN=bad-no-sign" int keyEncipherment serverAuth "$SAN"
leaf bad-no-encrypt rsa2048 "/CN=bad-no-encrypt" int digitalSignature serverAuth "$SAN"
leaf bad-client-no-sign rsa2048 "/CN=bad-client-no-sign" int keyEncipherment clientAuth "email:client@example.test"
leaf bad-client-expired p256 "/CN=bad-client-expired" int digitalSignature clientAuth "email:client@example.test" TO=20210203040506Z
leaf bad-sha1 rsa2048 "/CN=bad-sha1" int "digitalSignature, keyEncipherment" serverAuth "$SAN" MD=sha1
leaf bad-signature p256 "/CN=bad-signature" int digitalSignature serverAuth "$SAN"
leaf bad-missing-int p256 "/CN=bad-missing-int" int digitalSignature serverAuth "$SAN"
leaf bad-untrusted p256 "/CN=bad-untrusted" other-ca digitalSignature serverAuth "$SAN"
for name in bad-expired bad-not-yet bad-name bad-eku bad-any-eku bad-no-sign bad-no-encrypt bad-sha1 \
  bad-client-no-sign bad-client-expired; do
  behind $name int
done
# One bit of the signature, which ends the certificate, is turned over.
openssl x509 -in bad-signature.pem -outform DER -out "$work/der"
python3 -c 'import sys; b = bytearray(open(sys.argv[1], "rb").read()); b[-1] ^= 1; open(sys.argv[1], "wb").write(b)' "$work/der"
openssl x509 -in "$work/der" -inform DER -out bad-signature.pem
behind bad-signature int
key bad-ca-leaf p256
sign bad-ca-leaf "/CN=bad-ca-leaf" int <<EXT
basicConstraints = critical, CA:TRUE
subjectAltName = $SAN
EXT
behind bad-ca-leaf int
quiet openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:secp256k1 -out bad-curve.key
sign bad-curve "/CN=bad-curve" int <<EXT
basicConstraints = CA:FALSE
subjectAltName = $SAN
EXT
behind bad-curve int
quiet openssl ecparam -name prime256v1 -param_enc explicit -genkey -noout -out bad-explicit.key
sign bad-explicit "/CN=bad-explicit" int <<EXT
basicConstraints = CA:FALSE
subjectAltName = $SAN
EXT
behind bad-explicit int
# Version 1, as `openssl x509 -req` without an extension file makes it.
key bad-v1 p256
quiet openssl req -new -utf8 -key bad-v1.key -subj "/CN=example.test" -out "$work/csr"
quiet openssl x509 -req -in "$work/csr" -CA int.pem -CAkey int.key -days 36500 -out bad-v1.pem
behind bad-v1 int
key bad-critical p256
sign bad-critical "/CN=bad-critical" int <<EXT
basicConstraints = CA:FALSE
subjectAltName = $SAN
1.2.3.4.5 = critical, DER:0500
EXT
behind bad-critical int

# --- bad issuers
key int-no-cert-sign p256
sign int-no-cert-sign "/CN=Issuer without keyCertSign" ca <<EXT
basicConstraints = critical, CA:TRUE
keyUsage = critical, digitalSignature
subjectKeyIdentifier = hash
EXT
key int-not-ca p256
sign int-not-ca "/CN=Issuer that is no CA" ca <<EXT
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
subjectKeyIdentifier = hash
EXT
key int-expired p256
sign int-expired "/CN=Expired Issuer" ca TO=20210203040506Z <<EXT
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
EXT
key ca-no-cert-sign p256
sign ca-no-cert-sign "/CN=Root without keyCertSign" self <<EXT
basicConstraints = critical, CA:TRUE
keyUsage = critical, digitalSignature
subjectKeyIdentifier = hash
EXT
ca int-rsa1024 rsa1024 "/CN=Issuer with 1024 bits" ca
ca ca-rsa1024 rsa1024 "/CN=Root with 1024 bits" self
ca int-eku p256 "/CN=Issuer for clients" ca "extendedKeyUsage = clientAuth"
ca int-constrained p256 "/CN=Constrained Issuer" ca \
  "nameConstraints = critical, permitted;DNS:inside.test, permitted;IP:10.0.0.0/255.0.0.0"
ca int-pathlen0 p256 "/CN=Issuer with path length 0" ca
sign int-pathlen0 "/CN=Issuer with path length 0" ca <<EXT
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign
EXT
ca int-below-pathlen0 p256 "/CN=Issuer below path length 0" int-pathlen0
issuers="int-no-cert-sign int-not-ca int-expired int-rsa1024 int-eku int-constrained"
# shellcheck disable=SC2086
single $issuers int-pathlen0 int-below-pathlen0
for issuer in $issuers; do
  leaf "bad-by-$issuer" p256 "/CN=bad-by-$issuer" "$issuer" digitalSignature serverAuth "$SAN"
  behind "bad-by-$issuer" "$issuer"
done
leaf inside-constraint p256 "/CN=inside" int-constrained digitalSignature serverAuth "DNS:host.inside.test, IP:10.1.2.3"
behind inside-constraint int-constrained
leaf bad-cn-constrained p256 "/CN=cn.inside.test" int-constrained digitalSignature serverAuth ""
behind bad-cn-constrained int-constrained
leaf bad-by-pathlen0 p256 "/CN=bad-by-pathlen0" int-below-pathlen0 digitalSignature serverAuth "$SAN"
behind bad-by-pathlen0 int-below-pathlen0 int-pathlen0
leaf bad-by-ca-no-cert-sign p256 "/CN=bad-by-ca-no-cert-sign" ca-no-cert-sign digitalSignature serverAuth "$SAN"
leaf bad-by-ca-rsa1024 p256 "/CN=bad-by-ca-rsa1024" ca-rsa1024 digitalSignature serverAuth "$SAN"

openssl dhparam -out dh1024.pem 1024
openssl dhparam -out dh2048.pem 2048

# What the intermediate says about revocation.
cargo run --quiet -p tls-core --example make-revocation

# Keys that no test needs.
for n in deep[0-9].pem too-deep int-* ca-old ca-no-* ca-rsa1024 bad-by-*; do rm -f "${n%%.*}.key"; done
echo "made $(ls ./*.pem | wc -l) certificates and chains, $(ls ./*.key | wc -l) keys"
