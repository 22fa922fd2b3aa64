#!/usr/bin/env bash
# Names with what has to be escaped, several attributes in one place, and other alphabets.
set -euo pipefail
cd "$(dirname "$0")"
make() { # file, subject
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout /dev/null -out "$1" -days 20000 -utf8 -subj "$2" -multivalue-rdn
}
make name-escaped.pem '/C=DE/O= a#b, c;d=e<f>\\g"h/OU=one+OU=two/CN= lead'
make name-international.pem '/C=DE/O=#Zoë \/ é/OU=a+OU=b/2.5.4.65=pseudo/DC=x/CN= 日本 '
