#!/usr/bin/env bash
# Secrets are marked as undefined, so that valgrind reports every branch and every address that depends on
# them: the decrypted bytes of CBC records; key and text of ChaCha20-Poly1305 (with AVX2: valgrind does not
# know AVX-512); a private RSA exponent, in a model of the IFMA instructions that runs the same code. Needs
# valgrind and x86-64; takes some minutes at first, since code as it is released is what matters: optimised,
# without the branches that look for overflow.
set -euo pipefail
cd "$(dirname "$0")"
. ../tests/parallel.sh

binary=$(CARGO_PROFILE_DEV_OPT_LEVEL=3 CARGO_PROFILE_DEV_OVERFLOW_CHECKS=false \
    cargo test -p tls-crypto --lib --no-run --message-format=json |
    sed -n 's/.*"executable":"\([^"]*\)".*/\1/p' | tail -n 1)

check() {
    valgrind --quiet --error-exitcode=99 "$binary" --test-threads=1 --exact "$1"
}

if check cbc::unpad::tests::valgrind_sees_a_leak 2>/dev/null; then
    echo "constant-time: valgrind does not see the leak that it should see" >&2
    exit 1
fi
printf '%s::tests::valgrind_sees_no_leak\n' pk::ifma aead::chacha cbc::unpad | for_each check
echo "constant-time: no branch and no address depends on a decrypted byte, a key of ChaCha20-Poly1305 or an RSA key"
