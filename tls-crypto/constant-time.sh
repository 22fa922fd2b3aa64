#!/bin/sh
# Opens CBC records under valgrind with the decrypted bytes marked as undefined, so that every branch
# and every address that depends on them is reported. Needs valgrind and x86-64; takes some minutes
# at first, since optimised code is what matters.
set -eu
cd "$(dirname "$0")"

binary=$(CARGO_PROFILE_DEV_OPT_LEVEL=3 CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-../target}/constant-time" \
    cargo test -p tls-crypto --lib --no-run --message-format=json |
    sed -n 's/.*"executable":"\([^"]*\)".*/\1/p' | tail -n 1)

check() {
    valgrind --quiet --error-exitcode=99 "$binary" --test-threads=1 --exact "cbc::unpad::tests::$1"
}

if check valgrind_sees_a_leak 2>/dev/null; then
    echo "constant-time: valgrind does not see the leak that it should see" >&2
    exit 1
fi
check valgrind_sees_no_leak
echo "constant-time: no branch and no address depends on a decrypted byte"
