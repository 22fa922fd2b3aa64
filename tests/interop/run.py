#!/usr/bin/env python3
"""Interoperation with openssl, gnutls, curl, nginx and others, in both directions.

run.py [TABLE...]: suites, psk, groups, schemes, certificates, extensions, client_auth, small_extensions,
refusals, bindings, resumption, renegotiation, web, others, bulk,
cipher_strings, credentials (all of them without an argument). Prints a table of what was tried
with whom, and `N passed, N failed`.
"""

import shutil
import signal
import sys
import time

import bindings
import bulk
import cipher_strings
import credentials
import client_auth
import matrix
import others
import psk
import refusals
import starttls
import small_extensions
import renegotiation
import resumption
import tools_of_others
import web
from harness import TLSCAT, Runner, Shared

TABLES = {
    "suites": matrix.suites,
    "psk": psk.add_all,
    "groups": matrix.groups,
    "schemes": matrix.schemes,
    "certificates": matrix.certificates,
    "extensions": matrix.extensions,
    "client_auth": client_auth.add_all,
    "small_extensions": small_extensions.add_all,
    "refusals": refusals.add_all,
    "bindings": bindings.add_all,
    "resumption": resumption.add_all,
    "renegotiation": renegotiation.add_all,
    "starttls": starttls.add_all,
    "web": web.add_all,
    "others": lambda *given: (others.add_all(*given), tools_of_others.add_all(*given)),
    "bulk": bulk.add_all,
    "cipher_strings": cipher_strings.add_all,
    "credentials": credentials.add_all,
}


def main(names):
    unknown = [name for name in names if name not in TABLES]
    if unknown:
        print(f"unknown: {', '.join(unknown)}; there are {', '.join(TABLES)}", file=sys.stderr)
        return 2
    path = "/usr/sbin"
    missing = [p for p in (TLSCAT, "openssl", "gnutls-cli", "gnutls-serv", "curl", "nginx")
               if not (shutil.which(p) or shutil.which(p, path=path))]
    if missing:
        print(f"missing: {', '.join(missing)} (make bootstrap, make examples)", file=sys.stderr)
        return 1
    # So that servers are stopped when we are.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    start = time.monotonic()
    runner, shared = Runner(), Shared()
    for name in names or TABLES:
        TABLES[name](runner, shared)
    try:
        runner.run()
    finally:
        shared.stop()
    print(f"\n{len(runner.cases)} conversations in {time.monotonic() - start:.0f} s")
    print("to X: our client, X serves; from X: X connects to us; -: X does not have it")
    return 0 if runner.print() else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
