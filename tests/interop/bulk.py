"""Much data through `tlscat serve --echo` and back, with checksums, by a small program on libssl."""

import os
import re
import subprocess

import peers
from harness import BUILD, CA, ROOT, Runner, Shared, expect, run

MIB = 1 << 20
PROGRAM = BUILD / "test" / "libssl_echo"


def build():
    PROGRAM.parent.mkdir(parents=True, exist_ok=True)
    flags = ["-std=c11", "-O2", "-Wall", "-Wextra", "-Wpedantic", "-Werror"]
    subprocess.run([os.environ.get("CC", "cc"), *flags, ROOT / "tests" / "c" / "libssl_echo.c", "-o", PROGRAM,
                    "-lssl", "-lcrypto"], check=True)


def add_all(runner: Runner, shared: Shared):
    build()
    server = lambda: shared.get("bulk", lambda: peers.tlscat_serve("--policy", "legacy"))  # noqa: E731
    for cipher, mib in (
        ("ECDHE-RSA-AES128-GCM-SHA256", 100),
        ("ECDHE-RSA-CHACHA20-POLY1305", 100),
        ("ECDHE-RSA-AES128-SHA", 20),
        ("ECDHE-RSA-AES256-SHA384", 20),
    ):
        runner.add("bulk", f"{mib} MiB and back, {cipher}", "libssl", lambda c=cipher, m=mib: echo(server(), c, m))


def echo(server, cipher, mib):
    status, out, err = run(
        [PROGRAM, "127.0.0.1", str(server.port), CA, cipher, str(mib * MIB)], timeout=150
    )
    expect(status == 0, f"libssl_echo: status {status}: {err}{out.decode()}")
    found = re.search(r"sent (\d+) (\w+) received (\d+) (\w+)", out.decode())
    expect(found, out.decode())
    expect(int(found[1]) == int(found[3]) == mib * MIB, out.decode())
    expect(found[2] == found[4], f"checksums differ: {out.decode()}")
