#!/usr/bin/env bash
# The header as every dialect of C and C++ that it promises, without a warning.
set -euo pipefail
cd "$(dirname "$0")/../.."
warnings=(-Wall -Wextra -Wpedantic -Werror -fsyntax-only -Iinclude)
source=$(mktemp -d)
trap 'rm -rf "$source"' EXIT
# Included twice, and used: an unused declaration proves little.
cat >"$source/use.c" <<'C'
#include <tlscore/tls.h>
#include <tlscore/tls.h>
int use(tls_ctx *ctx);
int use(tls_ctx *ctx)
{
    tls_error_info error;
    tls_conn *conn = tls_conn_new(ctx, "localhost");
    int rc = tls_handshake(conn);
    if (rc == TLS_ERR_TLS)
        rc = tls_conn_error(conn, &error);
    tls_conn_free(conn);
    return rc;
}
C
cp "$source/use.c" "$source/use.cpp"
passed=0 failed=0
try() { # compiler, standard, file
  if "$1" "-std=$2" "${warnings[@]}" "$3"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "failed as $2"
  fi
}
for std in c99 gnu99 c11 gnu11 c17 c2x; do try "${CC:-cc}" $std "$source/use.c"; done
for std in c++98 c++11 c++14 c++17 c++20; do try "${CXX:-c++}" $std "$source/use.cpp"; done
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
