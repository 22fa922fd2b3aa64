#!/usr/bin/env bash
# Interoperation with every peer there is, the large ones too (Go's crypto/tls, Java's SSLSocket), which it
# installs. Arguments: tables of tests/interop/run.py.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/packages.sh
install_packages golang-go:/usr/bin/go default-jdk-headless:/usr/bin/javac
"${PYTHON:-python3}" tests/interop/run.py "$@"
