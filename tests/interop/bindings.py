"""Exporters, channel bindings and the key log: both ends must have derived the same."""

import contextlib
import hashlib
import re
import socket
import ssl
import tempfile
import threading
from pathlib import Path

import peers
from harness import CA, TIMEOUT, TLSCAT, Runner, Shared, cert, expect, key, run

LABEL = "EXPERIMENTAL-interop"
HEX = r"([0-9a-fA-F]{24,})"


def add_all(runner: Runner, shared: Shared):
    for name in ("server-rsa", "server-p384"):
        row = f"exporter, {name}"
        runner.add("bindings", row, "to openssl", lambda n=name: to_openssl(n))
        runner.add("bindings", row, "from openssl", lambda n=name: from_openssl(n))
        runner.add("bindings", row, "to gnutls", lambda n=name: to_gnutls(n))
        runner.add("bindings", row, "from gnutls", lambda n=name: from_gnutls(n))
    runner.add("bindings", "exporter, no EMS", "from gnutls", lambda: from_gnutls("server-rsa", "%NO_SESSION_HASH"))
    runner.add("bindings", "tls-unique", "to cpython", to_cpython)
    runner.add("bindings", "tls-unique", "from cpython", from_cpython)
    runner.add("bindings", "key log", "to openssl", key_log)


def ours(text):
    """What --export printed: name to hex."""
    found = dict(re.findall(r"^(export|tls-unique|tls-server-end-point|tls-exporter) ([0-9a-f]+|-)$", text, re.M))
    expect(len(found) == 4, f"the secrets are missing: {text[-600:]!r}")
    return found


def connect(port, answer):
    """Our client's secrets, and its error output."""
    command = [TLSCAT, "connect", f"127.0.0.1:{port}", "--ca", CA, "--name", "localhost", "--export", LABEL]
    status, out, err = run(command, peers.LINE + b"\n")
    expect(status == 0 and answer in out, f"tlscat: status {status}: {err}")
    return ours(err)


def same(what, one, other):
    expect(one.lower() == other.lower() and one != "-", f"{what}: {one} and {other}")


def material(text):
    return re.search(rf"Key(?:ing)? material: {HEX}", text, re.I)[1]


def to_openssl(name):
    with peers.openssl_serve("-keymatexport", LABEL, "-keymatexportlen", "32", certs=(name,), mode=None) as server:
        mine = connect(server.port, b"")
        server.process.wait_for(rf"Keying material: {HEX}")
        same("exporter", material(server.process.text), mine["export"])


def from_openssl(name):
    with peers.tlscat_serve("--export", LABEL, certs=(name,)) as server:
        command = ["openssl", "s_client", "-connect", f"127.0.0.1:{server.port}", "-tls1_2", "-CAfile", CA,
                   "-keymatexport", LABEL, "-keymatexportlen", "32"]
        _, out, err = run(command, b"Q\n")
        server.process.wait_for("tls-exporter")
        same("exporter", material(out.decode("utf-8", "replace")), ours(server.process.text)["export"])


def gnutls_bindings(text):
    """What gnutls-cli -V printed of its channel bindings."""
    return dict(re.findall(rf"^ - '(tls-[a-z-]+)': {HEX}", text, re.M))


def to_gnutls(name):
    options = [f"--keymatexport={LABEL}", "--keymatexportsize=32"]
    with peers.gnutls_serve(*options, certs=(name,)) as server:
        mine = connect(server.port, peers.LINE)
        server.process.wait_for(rf"Key material: {HEX}")
        same("exporter", material(server.process.text), mine["export"])


def from_gnutls(name, more=""):
    with peers.tlscat_serve("--export", LABEL, certs=(name,)) as server:
        command = ["gnutls-cli", "127.0.0.1", "-p", server.port, "--x509cafile", CA, "-V",
                   "--verify-hostname", "localhost", "--priority", peers.priority(more=more),
                   f"--keymatexport={LABEL}", "--keymatexportsize=32"]
        status, out, err = run(command, peers.LINE + b"\n")
        text = out.decode("utf-8", "replace")
        expect(status == 0, f"gnutls-cli: status {status}: {err}")
        server.process.wait_for("tls-exporter")
        mine, theirs = ours(server.process.text), gnutls_bindings(text)
        same("exporter", material(text), mine["export"])
        if more:
            expect(mine["tls-unique"] == mine["tls-exporter"] == "-", "a binding that is not unique")
            return
        expect(len(theirs) == 3, f"gnutls-cli shows the bindings {list(theirs)}")
        for binding, value in theirs.items():
            same(binding, value, mine[binding])


def context(purpose):
    made = ssl.SSLContext(purpose)
    made.minimum_version = made.maximum_version = ssl.TLSVersion.TLSv1_2
    return made


def to_cpython():
    theirs = context(ssl.PROTOCOL_TLS_SERVER)
    theirs.load_cert_chain(cert("server-rsa"), key("server-rsa"))
    bound = []

    def serve(listener):
        with contextlib.suppress(OSError):
            raw, _ = listener.accept()
            raw.settimeout(TIMEOUT)
            with theirs.wrap_socket(raw, server_side=True) as conn:
                bound.append(conn.get_channel_binding("tls-unique"))
                conn.sendall(conn.recv(65536))
                conn.unwrap()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(TIMEOUT)
        thread = threading.Thread(target=serve, args=(listener,))
        thread.start()
        mine = connect(listener.getsockname()[1], b"")
        thread.join()
    same("tls-unique", bound[0].hex(), mine["tls-unique"])


def from_cpython():
    """A full handshake, and one that resumes where we do."""
    client = context(ssl.PROTOCOL_TLS_CLIENT)
    client.load_verify_locations(CA)
    session = None
    with peers.tlscat_serve("--export", LABEL) as server:
        for _ in range(2):
            before = len(server.process.text)
            with socket.create_connection(("127.0.0.1", server.port), TIMEOUT) as raw:
                with client.wrap_socket(raw, server_hostname="localhost", session=session) as conn:
                    conn.sendall(peers.LINE)
                    bound = conn.get_channel_binding("tls-unique").hex()
                    leaf = hashlib.sha256(conn.getpeercert(True)).hexdigest()
                    received = b""
                    while len(received) < len(peers.LINE):
                        received += conn.recv(65536)
                    session = conn.session
            server.process.wait_for(rf"(?s).{{{before}}}.*tls-exporter")
            mine = ours(server.process.text[before:])
            same("tls-unique", bound, mine["tls-unique"])
            same("tls-server-end-point", leaf, mine["tls-server-end-point"])


def key_log():
    """openssl and we write the same line."""
    with tempfile.TemporaryDirectory() as home:
        theirs, mine = Path(home) / "theirs", Path(home) / "ours"
        with peers.openssl_serve("-keylogfile", theirs) as server:
            peers.tlscat_connect(server.port, "--keylog", mine, answer=peers.openssl_answer())
            server.stop()
        lines = [line for line in theirs.read_text().splitlines() if not line.startswith("#")]
        expect(len(lines) == 1 and mine.read_text().splitlines() == lines,
               f"{mine.read_text()!r} and {theirs.read_text()!r}")
