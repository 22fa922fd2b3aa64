#!/usr/bin/env bash
# OpenSSL's interface: the headers are what the sources say, in each dialect; what is exported; the same C program
# against OpenSSL and against ours.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=${BUILD:-build}
python=${PYTHON:-python3}
"$python" tools/openssl-header.py check
tools/openssl-lib.sh

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0
try() { # description, command...
  if "${@:2}"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAILED: $1"
  fi
}

# Every header, in every dialect, without a warning.
compat=include/tlscore/openssl-compat
for header in "$compat"/openssl/*.h; do echo "#include <openssl/$(basename "$header")>"; done >"$work/all.c"
echo 'int use(SSL *ssl); int use(SSL *ssl) { return SSL_connect(ssl); }' >>"$work/all.c"
cp "$work/all.c" "$work/all.cpp"
for std in gnu99 c11 c17; do
  try "headers as $std" "${CC:-cc}" -std=$std -Wall -Wextra -Werror -fsyntax-only "-I$compat" "$work/all.c"
done
for std in c++11 c++17; do
  try "headers as $std" "${CXX:-c++}" -std=$std -Wall -Wextra -Werror -fsyntax-only "-I$compat" "$work/all.cpp"
done

# A name that is not there is an error that says what there is; both kinds of compilers.
echo '#include <openssl/ssl.h>
int use(SSL_CTX *ctx); int use(SSL_CTX *ctx) { return ctx != NULL && SSL_CTX_set_psk_client_callback() != 0; }' >"$work/not.c"
for compiler in gcc clang; do
  command -v $compiler >/dev/null || continue
  says() { ! "$compiler" "-I$compat" -c "$work/not.c" -o "$work/not.o" 2>"$work/said" && grep -q 'tls_ctx_set_psk_callback' "$work/said"; }
  try "an unsupported name with $compiler" says
done

# The library exports the functions of the header, versioned, and nothing else, and uses public ones alone.
sed -n 's/^#define [A-Za-z0-9_]* \(tlscore_.*\)/\1/p' "$compat/names.h" | sort >"$work/header"
nm -D --defined-only "$build/libtlscore_openssl.so.1" | awk '$2 != "A" { print $3 }' | sort >"$work/exported"
sed 's/@@TLSCORE_OPENSSL_1$//' "$work/exported" | sort >"$work/names"
try "exports what the header has" diff "$work/header" "$work/names"
grep -oE '^    pub fn tls_[a-z0-9_]+' tls-openssl/src/sys.rs | sed 's/.* //' | sort >"$work/used"
sed -n 's/^function .*\(tls_[a-z0-9_]*\)(.*/\1/p' packaging/abi.txt | sort >"$work/public"
none() { [ -z "$(comm -23 "$work/used" "$work/public")" ]; }
try "uses public functions alone" none
needed() { ! readelf -d "$build/libtlscore_openssl.so.1" | grep NEEDED | grep -E 'libssl|libcrypto'; }
try "needs no OpenSSL" needed

echo "$passed passed, $failed failed"
"$python" tests/openssl/run.py || failed=$((failed + 1))
[ $failed -eq 0 ]
