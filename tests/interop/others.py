"""Stacks without a command line that fits: each is a small program on the library (others/), and all of
them have the same command line:

    PEER serve cert=FILE key=FILE [ca=FILE] [alpn=a,b] [tickets=no] [psk=ID:HEX]     echoes; ca= asks for a certificate
    PEER connect PORT name=NAME ca=FILE [cert=FILE key=FILE] [alpn=a,b] [tickets=no] [psk=ID:HEX] [times=N]

`serve` prints `listening PORT`; `connect` sends what stands on its standard input, as a line, waits for its
return and closes cleanly, N times, resuming what it can. Both print a line for each handshake:

    facts version=TLSv1.2 suite=NAME alpn=NAME|- resumed=yes|no|? peer=yes|no     peer: it has a certificate
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import peers
from harness import BUILD, CA, Failure, Process, Server, Shared, Runner, cert, expect, key, run

HERE = Path(__file__).resolve().parent / "others"
BUILT = BUILD / "test" / "peers"


def missing_programs(needs):
    return [need for need in needs if not (shutil.which(need) or Path(need).exists())]


class Peer:
    """A library, how its program is built, and what it cannot do."""

    def __init__(self, name, needs, build, command, cannot=()):
        self.name, self.needs, self.command, self.cannot = name, needs, command, cannot
        self._build = build

    def build(self):
        BUILT.mkdir(parents=True, exist_ok=True)
        for command in self._build:
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            expect(done.returncode == 0, f"{' '.join(map(str, command))}: {done.stderr[-800:]}")

    def serve(self, *options, certs="server-rsa"):
        process = Process([*self.command, "serve", f"cert={cert(certs)}", f"key={key(certs)}", *options])
        try:
            return Server(process, int(process.wait_for(r"listening (\d+)")[1]))
        except Failure:
            process.kill()
            raise

    def connect(self, port, *options):
        """The facts of each conversation that the peer's client held."""
        words = [*self.command, "connect", port, "name=localhost", f"ca={CA}", *options]
        status, out, err = run(words, peers.LINE)
        expect(status == 0, f"{self.name}: status {status}: {err.strip()[-400:]} {out[-200:]!r}")
        return facts(out.decode())


def facts(text):
    return [dict(word.split("=", 1) for word in line.split()[1:]) for line in re.findall(r"^facts .*", text, re.M)]


def c_peer(name, header, libraries, **more):
    source, program = HERE / f"{name}.c", BUILT / name
    compiler = os.environ.get("CC", "cc")
    return Peer(name, [header], [[compiler, "-O1", "-Wall", "-Wextra", source, "-o", program, *libraries]], [program],
                **more)


def venv_peer():
    python = BUILT / "tlslite" / "bin" / "python"
    steps = [] if python.exists() else [
        [sys.executable, "-m", "venv", BUILT / "tlslite"],
        [python, "-m", "pip", "install", "--quiet", "tlslite-ng==0.8.2"],
    ]
    return Peer("tlslite", [], steps, [python, HERE / "tlslite_peer.py"])


def go_cannot():
    """Go has the extended master secret from 1.21 on; without it the default policy resumes nothing."""
    if missing_programs(["go"]):
        return []
    version = re.search(rb"go(\d+)\.(\d+)", run(["go", "version"])[1])
    if version and (int(version[1]), int(version[2])) < (1, 21):
        return [f"resumed by {how} {way}" for how in ("ticket", "ID") for way in ("to", "from")]
    return []


def all_peers():
    """Small ones from Debian and PyPI; `make interop` has them all."""
    return [
        venv_peer(),
        c_peer("mbedtls", "/usr/include/mbedtls/ssl.h", ["-lmbedtls", "-lmbedx509", "-lmbedcrypto"]),
        c_peer("wolfssl", "/usr/include/wolfssl/ssl.h", ["-lwolfssl"],
               # Its server asks for certificates of its own kind alone.
               cannot=["client certificate, p256 to", "DHE-PSK-AES128-GCM-SHA256 to"]),
        Peer("go", ["go"], [["go", "build", "-o", BUILT / "go", HERE / "peer.go"]], [BUILT / "go"],
             cannot=go_cannot()),
        Peer("java", ["javac"], [["javac", "-d", BUILT / "java", HERE / "Peer.java"]],
             ["java", "-cp", BUILT / "java", "Peer"]),
    ]


def add_all(runner: Runner, shared: Shared):
    for_each(runner, shared, "others", add_rows)


def for_each(runner, shared, table, fill):
    """Calls `fill(peer, add)` for each peer that is here; `add(row, direction, action)` adds a case."""
    for peer in all_peers():
        if missing := missing_programs(peer.needs):
            print(f"{table}: {peer.name} is left out, {', '.join(missing)} is not here (make interop installs it)")
            continue
        fill(peer, adder(runner, shared, table, peer))


def adder(runner, shared, table, peer):
    def built():
        shared.get(f"built {peer.name}", lambda: peer.build() or Server(Process(["true"]), 0))

    def add(row, direction, action):
        if f"{row} {direction}" in peer.cannot:
            return
        runner.add(table, row, f"{direction} {peer.name}", lambda: (built(), action(peer)))

    return add


def add_rows(peer, add):
    for name in ("rsa", "p256"):
        add(f"full, {name}", "to", lambda p, n=name: full_to(p, f"server-{n}"))
        add(f"full, {name}", "from", lambda p, n=name: full_from(p, f"server-{n}"))
    add("ALPN", "to", alpn_to)
    add("ALPN", "from", alpn_from)
    for name in ("rsa", "p256"):
        add(f"client certificate, {name}", "to", lambda p, n=name: client_certificate_to(p, f"client-{n}"))
        add(f"client certificate, {name}", "from", lambda p, n=name: client_certificate_from(p, f"client-{n}"))
    for suite in PSK.get(peer.name, ()):
        add(suite, "to", lambda p, s=suite: psk_to(p, s))
        add(suite, "from", lambda p, s=suite: psk_from(p, s))


# What the libraries have of PSK as they are built by Debian.
PSK = {
    "mbedtls": ("PSK-AES128-GCM-SHA256", "PSK-AES128-CCM8", "PSK-CHACHA20-POLY1305", "ECDHE-PSK-AES128-CBC-SHA256",
                "ECDHE-PSK-CHACHA20-POLY1305", "DHE-PSK-AES256-GCM-SHA384", "RSA-PSK-AES128-GCM-SHA256"),
    # Without plain PSK; its server has no group for DHE.
    "wolfssl": ("ECDHE-PSK-AES128-GCM-SHA256", "ECDHE-PSK-AES128-CBC-SHA256", "ECDHE-PSK-CHACHA20-POLY1305",
                "DHE-PSK-AES128-GCM-SHA256"),
}
PSK_OPTION = f"device:{'6b' * 32}"


def psk_to(peer, suite):
    with peer.serve(f"psk={PSK_OPTION}") as server:
        ours = peers.tlscat_connect(server.port, "--policy", "legacy", "--psk", PSK_OPTION, "--ciphers", suite,
                                    answer=peers.LINE)
        expect(ours.suite == suite and ours.psk == "device", str(ours))


def psk_from(peer, suite):
    with peers.tlscat_serve("--policy", "legacy", "--psk", PSK_OPTION, "--ciphers", suite,
                            # wolfSSL 5.5 reads no x25519 in ECDHE_PSK.
                            "--groups", "P-256:ffdhe2048") as server:
        theirs = peer.connect(server.port, f"psk={PSK_OPTION}")
        expect(theirs[0]["version"] == "TLSv1.2", str(theirs))
        server.process.wait_for(rf"TLSv1\.2 {suite} .*psk=device")


def full_to(peer, name):
    with peer.serve(certs=name) as server:
        ours = peers.tlscat_connect(server.port, answer=peers.LINE)
        expect(ours.version == "TLSv1.2" and ours.verified == "yes", str(ours))
        server.process.wait_for(r"facts version=TLSv1\.2 .*peer=no")


def full_from(peer, name):
    with peers.tlscat_serve(certs=(name,)) as server:
        for theirs in peer.connect(server.port):
            expect(theirs["version"] == "TLSv1.2" and theirs["resumed"] != "yes", str(theirs))


def alpn_to(peer):
    with peer.serve("alpn=http/1.1,h2") as server:
        ours = peers.tlscat_connect(server.port, "--alpn", "h2,http/1.1", answer=peers.LINE)
        expect(ours.alpn in ("h2", "http/1.1"), str(ours))
        server.process.wait_for(rf"facts .*alpn={ours.alpn}")


def alpn_from(peer):
    with peers.tlscat_serve("--alpn", "h2,http/1.1") as server:
        theirs = peer.connect(server.port, "alpn=http/1.1,h2")
        expect(theirs[0]["alpn"] == "h2", str(theirs))


def client_certificate_to(peer, name):
    with peer.serve(f"ca={CA}") as server:
        peers.tlscat_connect(server.port, "--cert", cert(name), "--key", key(name), answer=peers.LINE)
        server.process.wait_for(r"facts .*peer=yes")


def client_certificate_from(peer, name):
    with peers.tlscat_serve("--verify", "require", "--ca", CA) as server:
        theirs = peer.connect(server.port, f"cert={cert(name)}", f"key={key(name)}")
        expect(theirs[0]["version"] == "TLSv1.2", str(theirs))
        server.process.wait_for(r"TLSv1\.2 .* verified=yes")
