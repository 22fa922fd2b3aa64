"""Botan and NSS, by the programs that Debian ships with them."""

import re
import tempfile
from pathlib import Path

import peers
from harness import CA, TLSCAT, Process, Runner, Shared, cert, expect, key, on_a_free_port, run
from others import missing_programs


def add_all(runner: Runner, shared: Shared):
    for library, programs, cases in (
        ("botan", ["botan"], botan_cases()),
        ("nss", ["selfserv", "tstclnt", "certutil", "pk12util"], nss_cases()),
    ):
        if missing := missing_programs(programs):
            print(f"others: {library} is left out, {', '.join(missing)} is not here (make interop installs it)")
            continue
        for row, direction, action in cases:
            runner.add("others", row, f"{direction} {library}", action)


# --- Botan: its server does not answer, so the clean end is all that comes back.

def botan_cases():
    for name in ("rsa", "p256"):
        yield f"full, {name}", "to", lambda n=name: to_botan(n)
        yield f"full, {name}", "from", lambda n=name: from_botan(n)
    yield "ALPN", "from", lambda: from_botan("rsa", "h2")


def to_botan(name):
    command = ["botan", "tls_server", cert(f"server-{name}"), key(f"server-{name}")]
    with on_a_free_port(lambda port: [*command, f"--port={port}"], r"Listening for new connections") as server:
        ours = peers.tlscat_connect(server.port)
        expect(ours.verified == "yes" and ours.version == "TLSv1.2", str(ours))
        server.process.wait_for(r"Handshake complete, TLS v1\.2")
        server.process.wait_for(r"Alert: close_notify")


def botan_connect(port, *options):
    # Its lines would stay in its buffer until its end.
    words = ["stdbuf", "-oL", "botan", "tls_client", "localhost", f"--port={port}", f"--trusted-cas={CA}", "--skip-system-cert-store"]
    with Process([*words, "--tls1.2", *options]) as client:
        client.wait_for(r"Handshake complete, TLS v1\.2")
        client.send(b"hello\n")
        client.wait_for(r"(?m)^hello$")
        client.close_stdin()
        client.finish()
        expect("Certificate validation status: Verified" in client.text, client.tail())
        return client.text


def from_botan(name, alpn=None):
    with peers.tlscat_serve("--alpn", "h2,http/1.1", certs=(f"server-{name}",)) as server:
        text = botan_connect(server.port, *([f"--next-protocols=http/1.1,{alpn}"] if alpn else []))
        expect(not alpn or f"Server choose protocol: {alpn}" in text, text)


# --- NSS: keys live in a database; selfserv speaks HTTP.

def nss_cases():
    for name in ("rsa", "p256"):
        yield f"full, {name}", "to", lambda n=name: to_nss(n)
        yield f"full, {name}", "from", lambda n=name: from_nss(n)


def database(folder, keypair=None):
    """A database that trusts the test CA, with a keypair under the nickname `ours`."""
    place = f"sql:{folder}"
    commands = [["certutil", "-N", "-d", place, "--empty-password"],
                ["certutil", "-A", "-d", place, "-n", "ca", "-t", "CT,C,C", "-i", CA]]
    if keypair:
        bundle = Path(folder) / "bundle"
        commands += [["openssl", "pkcs12", "-export", "-in", cert(keypair), "-inkey", key(keypair), "-name", "ours",
                      "-passout", "pass:none", "-out", bundle],
                     ["pk12util", "-i", bundle, "-d", place, "-W", "none", "-K", ""]]
    for command in commands:
        status, out, err = run(command)
        expect(status == 0, f"{command[0]}: {err.strip()} {out.decode('utf-8', 'replace').strip()}")
    return place


def to_nss(name):
    with tempfile.TemporaryDirectory() as folder:
        place = database(folder, f"server-{name}")
        words = ["selfserv", "-d", place, "-n", "ours", "-V", "tls1.2:tls1.2", "-G", "-v"]
        with on_a_free_port(lambda port: [*words, "-p", port], r"About to call accept") as server:
            status, out, err = run(
                [TLSCAT, "connect", f"127.0.0.1:{server.port}", "--ca", CA, "--name", "localhost", "--get", "/"])
            expect(b"HTTP/1.0 200 OK" in out, f"{status} {out[:80]!r} {err}")
            expect("verified=yes" in err, err)


def from_nss(name, client=None):
    options = ["--verify", "require", "--ca", CA] if client else []
    with tempfile.TemporaryDirectory() as folder, peers.tlscat_serve(*options, certs=(f"server-{name}",)) as server:
        place = database(folder, client)
        words = ["tstclnt", "-h", "localhost", "-p", server.port, "-d", place, "-V", "tls1.2:tls1.2", "-4"]
        with Process([*words, *(["-n", "ours"] if client else [])]) as nss:
            nss.send(b"hello\n")
            # It would wait for more behind the end of its input.
            nss.wait_for(r"(?m)^hello$")
        found = server.process.wait_for(r"TLSv1\.2 .*verified=(\S+)")
        expect(not client or found[1] == "yes", found[0])
