#!/usr/bin/env bash
# OpenSSL's interface: the headers are what the sources say, in each dialect; what is exported; the same C program
# against OpenSSL and against ours.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=${BUILD:-build}
python=${PYTHON:-python3}
"$python" tools/openssl-header.py check
tools/openssl-lib.sh

. tests/verdicts.sh

# Every header, in every dialect, without a warning.
compat=include/tlscore/openssl-compat
for header in "$compat"/openssl/*.h; do echo "#include <openssl/$(basename "$header")>"; done >"$work/all.c"
echo 'int use(SSL *ssl); int use(SSL *ssl) { return SSL_connect(ssl); }' >>"$work/all.c"
cp "$work/all.c" "$work/all.cpp"
for std in c89 gnu99 c11 c17; do
  succeeds "headers as $std" "${CC:-cc}" -std=$std -Wall -Wextra -Werror -fsyntax-only "-I$compat" "$work/all.c"
done
for std in c++98 c++11 c++17; do
  succeeds "headers as $std" "${CXX:-c++}" -std=$std -Wall -Wextra -Werror -fsyntax-only "-I$compat" "$work/all.cpp"
done

# A name that is not there is an error that says what there is, or where to look; both kinds of compilers.
refuses() { # compiler, statement, what the error says, header
  printf '#include <openssl/%s.h>\nint main(void) { return %s != 0; }\n' "${4:-ssl}" "$2" >"$work/not.c"
  ! "$1" "-I$compat" -c "$work/not.c" -o "$work/not.o" 2>"$work/said" && grep -q "$3" "$work/said"
}
for compiler in gcc clang; do
  command -v $compiler >/dev/null || continue
  succeeds "an unsupported name with $compiler" refuses $compiler 'SSL_set_psk_use_session_callback()' 'is not in tlscore'
  succeeds "a name of libcrypto's for our objects with $compiler" refuses $compiler 'X509_sign()' 'X509_sign is not in tlscore'
  succeeds "a header without anything with $compiler" refuses $compiler 'BN_new()' 'BN_new is not in tlscore: tls-portcheck' bn
done

# The library exports the functions of the header, versioned, and nothing else, and uses public ones alone.
sed -n 's/^#define [A-Za-z0-9_]* \(tlscore_.*\)/\1/p' "$compat/names.h" | sort >"$work/header"
nm -D --defined-only "$build/libtlscore_openssl.so.1" | awk '$2 != "A" { print $3 }' | sort >"$work/exported"
sed 's/@@TLSCORE_OPENSSL_1$//' "$work/exported" | sort >"$work/names"
succeeds "exports what the header has" diff "$work/header" "$work/names"
grep -oE '^    pub fn tls_[a-z0-9_]+' tls-openssl/src/sys.rs | sed 's/.* //' | sort >"$work/used"
sed -n 's/^function .*\(tls_[a-z0-9_]*\)(.*/\1/p' packaging/abi.txt | sort >"$work/public"
none() { [ -z "$(comm -23 "$work/used" "$work/public")" ]; }
succeeds "uses public functions alone" none
needed() { ! readelf -d "$build/libtlscore_openssl.so.1" | grep NEEDED | grep -E 'libssl|libcrypto'; }
succeeds "needs no OpenSSL" needed

# A program that knows where this library is needs to know no more.
printf '#include <openssl/ssl.h>\nint main(void) { return SSL_CTX_new(TLS_method()) == NULL; }\n' >"$work/alone.c"
"${CC:-cc}" "-I$compat" "$work/alone.c" -o "$work/alone" -Wl,--as-needed -L"$build" -ltlscore_openssl -ltlscore \
  "-Wl,-rpath,$(realpath "$build")"
succeeds "a run path to this library is enough" "$work/alone"

# sys.rs says of libtlscore what its header says; the check sees a difference.
"$python" tests/openssl/sys.py >"$work/sys.c"
sed 's/^int tls_cert_is_ca(/long tls_cert_is_ca(/' "$work/sys.c" >"$work/wrong.c"
agrees() { "${CC:-cc}" -std=gnu11 -Wall -Werror -fsyntax-only -Iinclude "$1"; }
succeeds "sys.rs agrees with the header" agrees "$work/sys.c"
differs() { ! agrees "$work/wrong.c"; }
succeeds "a wrong type is seen" differs

# tls-portcheck, by its status and by what it says of a program of ours.
portcheck=$build/tls-portcheck
status_of() {
  local wanted=$1 status=0
  "${@:2}" >"$work/out" 2>&1 || status=$?
  [ $status -eq "$wanted" ]
}
echo 'int SSL_read(void); int use(void) { return SSL_read(); }' >"$work/good.c"
echo 'int SSL_read_early_data(void); int use(void) { return SSL_read_early_data(); }' >"$work/bad.c"
"${CC:-cc}" -w -c "$work/bad.c" -o "$work/bad.o"
succeeds "tls-portcheck: nothing unsupported" status_of 0 "$portcheck" "$work/good.c"
succeeds "tls-portcheck: something unsupported" status_of 1 "$portcheck" "$work/good.c" "$work/bad.o"
names_it() { { "$portcheck" --json "$work/bad.o" || true; } | grep -q '"name": "SSL_read_early_data", "library": "libssl", "verdict": "unsupported"'; }
succeeds "tls-portcheck: names it" names_it
for wrong in --no-such-option "$work/not-there" "$work" /dev/null; do
  succeeds "tls-portcheck: ${wrong/$work/directory} is refused" status_of 2 "$portcheck" "$wrong" "$([ "$wrong" != "$work" ] && echo "$work/good.c" || echo "$work/not-there")"
done
valid_json() { { "$portcheck" --json "$work/good.c" "$work/bad.o" "$work/not-there" 2>/dev/null || true; } | "$python" -c 'import json, sys; d = json.load(sys.stdin); assert len(d["files"]) == 2 and len(d["unreadable"]) == 1'; }
succeeds "tls-portcheck: JSON" valid_json
if command -v mandoc >/dev/null; then
  mandoc -T lint packaging/openssl/tls-portcheck.1 2>&1 | grep -vE 'referenced manual not found|mandoc\.db' >"$work/said" || true
  empty "tls-portcheck's manual page" "$work/said"
fi

status=0
count || status=1
"$python" tests/openssl/run.py || status=1
exit $status
