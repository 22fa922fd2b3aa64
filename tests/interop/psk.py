"""Pre-shared keys with openssl and gnutls: every suite, both directions, hints and wrong keys."""

import pathlib
import tempfile

import peers
from harness import PKI, Runner, Shared, expect, run
from matrix import GNUTLS_CONNECT, GNUTLS_SERVE, OPENSSL_CONNECT, OPENSSL_SERVE, check
from tables import Suite

IDENTITY = "device"
KEY = "6b" * 32
WRONG = "6c" * 32
OURS = ("--policy", "legacy", "--psk", f"{IDENTITY}:{KEY}")
OPENSSL = ("-psk", KEY, "-psk_identity", IDENTITY)
GNUTLS_KX = "+PSK:+ECDHE-PSK:+DHE-PSK:+RSA-PSK"

AES = (("AES-128-CBC", "SHA1"), ("AES-256-CBC", "SHA1"), ("AES-128-CBC", "SHA256"), ("AES-256-CBC", "SHA384"))
AEADS = tuple((name, "AEAD") for name in ("AES-128-GCM", "AES-256-GCM", "CHACHA20-POLY1305"))
CCM = tuple((name, "AEAD") for name in ("AES-128-CCM", "AES-256-CCM", "AES-128-CCM-8", "AES-256-CCM-8"))
CODES = {
    "PSK": (*AES, *AEADS, *CCM, "008c 008d 00ae 00af 00a8 00a9 ccab c0a4 c0a5 c0a8 c0a9"),
    "DHE-PSK": (*AES, *AEADS, *CCM, "0090 0091 00b2 00b3 00aa 00ab ccad c0a6 c0a7 c0aa c0ab"),
    "RSA-PSK": (*AES, *AEADS, "0094 0095 00b6 00b7 00ac 00ad ccae"),
    # Neither peer has GCM or CCM with ECDHE_PSK (RFC 8442).
    "ECDHE-PSK": (*AES, AEADS[2], "c035 c036 c037 c038 ccac"),
}


def name_of(kx, cipher, mac):
    """OpenSSL's: `PSK-AES128-CBC-SHA`, `PSK-AES128-GCM-SHA256`, `PSK-AES128-CCM8`."""
    text = f"{kx}-{cipher}".replace("AES-128", "AES128").replace("AES-256", "AES256").replace("CCM-8", "CCM8")
    if cipher.endswith("CBC"):
        return f"{text}-{mac}".replace("SHA1", "SHA")
    return f"{text}-{'SHA256' if '128' in cipher else 'SHA384'}" if cipher.endswith("GCM") else text


SUITES = [
    Suite(code, name_of(kx, cipher, mac), "server-rsa", (cipher, mac, kx))
    for kx, (*rows, codes) in CODES.items()
    for (cipher, mac), code in zip(rows, codes.split())
]


def certs(suite):
    return ("server-rsa",) if suite.gnutls[2] == "RSA-PSK" else ()


def password_file():
    path = pathlib.Path(tempfile.mkdtemp()) / "psk"
    path.write_text(f"{IDENTITY}:{KEY}\n")
    return str(path)


def gnutls_priority(suite):
    cipher, mac, kx = suite.gnutls
    return peers.priority(f"+{cipher}", f"+{mac}", f"+{kx}")


def add_all(runner: Runner, shared: Shared):
    add = runner.add
    for suite in SUITES:
        row = f"{suite.code} {suite.name}"
        add("psk", row, OPENSSL_CONNECT, lambda s=suite: to_openssl(shared, s))
        add("psk", row, OPENSSL_SERVE, lambda s=suite: from_openssl(shared, s))
        add("psk", row, GNUTLS_CONNECT, lambda s=suite: to_gnutls(shared, s))
        add("psk", row, GNUTLS_SERVE, lambda s=suite: from_gnutls(shared, s))
    for kx in CODES:
        add("psk", f"{kx}, a hint", OPENSSL_CONNECT, lambda k=kx: hint_from_openssl(k))
        add("psk", f"{kx}, a hint", OPENSSL_SERVE, lambda k=kx: hint_to_openssl(k))
        # s_server has one key, whatever the identity.
        add("psk", f"{kx}, a wrong key", OPENSSL_CONNECT, lambda k=kx: wrong_to_openssl(shared, k))
        for what, psk in (("a wrong key", f"{IDENTITY}:{WRONG}"), ("nobody's identity", f"nobody:{KEY}")):
            add("psk", f"{kx}, {what}", OPENSSL_SERVE, lambda k=kx, p=psk: wrong_from_openssl(k, p))


def facts_fit(facts, suite):
    verified = "yes" if certs(suite) else "no"
    check(facts, suite=suite.name, version="TLSv1.2", psk=IDENTITY, verified=verified, ems="yes")


def openssl_server(*options):
    """With a certificate for RSA_PSK, and a group of its own: by itself it takes one of 1024 bits."""
    return peers.openssl_serve(*OPENSSL, "-dhparam", str(PKI / "dh2048.pem"), *options)


def connect(port, name, answer):
    return peers.tlscat_connect(port, *OURS, "--ciphers", name, answer=answer)


def to_openssl(shared, suite):
    server = shared.get("openssl-psk", openssl_server)
    facts_fit(connect(server.port, suite.name, peers.openssl_answer()), suite)


def our_server(shared):
    return shared.get("ours-psk", lambda: peers.tlscat_serve(*OURS))


def from_openssl(shared, suite):
    facts = peers.openssl_connect(our_server(shared).port, *OPENSSL, ciphers=f"{suite.name}:@SECLEVEL=0")
    check(facts, suite=suite.name, version="TLSv1.2", ems="yes")


def to_gnutls(shared, suite):
    server = shared.get("gnutls-psk", lambda: peers.gnutls_serve(
        "--pskpasswd", password_file(), prio=peers.priority(kx=GNUTLS_KX)))
    facts_fit(connect(server.port, suite.name, peers.LINE), suite)


def from_gnutls(shared, suite):
    if suite.gnutls[2] in ("DHE-PSK", "ECDHE-PSK"):
        return handshake_from_gnutls(suite)
    facts = peers.gnutls_connect(our_server(shared).port, "--pskusername", IDENTITY, "--pskkey", KEY,
                                 prio=gnutls_priority(suite), trusted=bool(certs(suite)))
    for part in suite.gnutls[0], suite.gnutls[1] if suite.cbc else suite.gnutls[0]:
        expect(f"({part})" in facts.suite, f"{part} is missing in {facts.suite}")
    check(facts, version="TLSv1.2", ems="yes")


def handshake_from_gnutls(suite):
    """gnutls-cli 3.7 dies behind such a handshake, when it prints the group: ours tells of it."""
    with peers.tlscat_serve("--once", *OURS) as server:
        run(["gnutls-cli", "127.0.0.1", "-p", str(server.port), "--priority", gnutls_priority(suite),
             "--pskusername", IDENTITY, "--pskkey", KEY], b"")
        server.process.wait_for(peers.SUMMARY.pattern.replace("^", "(?m:^)"))
        check(peers.parse_summary(server.process.text), suite=suite.name, psk=IDENTITY, ems="yes")


def first_of(kx):
    return next(s for s in SUITES if s.gnutls[2] == kx)


def hint_from_openssl(kx):
    """Our client takes a ServerKeyExchange with a hint, which it need not understand."""
    with openssl_server("-psk_hint", "a hint") as server:
        facts_fit(connect(server.port, first_of(kx).name, peers.openssl_answer()), first_of(kx))


def hint_to_openssl(kx):
    with peers.tlscat_serve("--once", *OURS, "--psk-hint", "a hint") as server:
        facts = peers.openssl_connect(server.port, *OPENSSL, ciphers=f"{first_of(kx).name}:@SECLEVEL=0")
        check(facts, suite=first_of(kx).name, psk_hint="a hint")


def wrong_to_openssl(shared, kx):
    server = shared.get("openssl-psk", openssl_server)
    err = peers.tlscat_refused(server.port, "--policy", "legacy", "--psk", f"{IDENTITY}:{WRONG}", "--ciphers",
                               first_of(kx).name)
    expect("bad_record_mac" in err, err)


def wrong_from_openssl(kx, psk):
    identity, key = psk.split(":")
    with peers.tlscat_serve("--once", *OURS) as server:
        command = ["openssl", "s_client", "-connect", f"127.0.0.1:{server.port}", "-tls1_2", "-psk", key]
        _, _, err = run([*command, "-psk_identity", identity, "-cipher", f"{first_of(kx).name}:@SECLEVEL=0"], b"")
        expect("bad record mac" in err, err[-300:])
        server.process.wait_for("BAD_RECORD_MAC")
