"""tlscat --starttls against scripted servers: what it says, what it refuses, and TLS behind it."""

import contextlib
import socket
import ssl
import threading

import peers
from harness import CA, TIMEOUT, TLSCAT, Runner, Shared, cert, expect, key, run

# What the server says, and what it must hear behind each: b"" ends the plain text.
GOOD = {
    "smtp": [(b"220-mx.test\r\n220 ready\r\n", b"EHLO tlscat.invalid\r\n"),
             (b"250-mx.test\r\n250-SIZE 1000\r\n250-StartTLS\r\n250 HELP\r\n", b"STARTTLS\r\n"),
             (b"220 go\r\n", b"")],
    "imap": [(b"* OK [CAPABILITY IMAP4rev2 STARTTLS] ready\r\n", b"a1 STARTTLS\r\n"),
             (b"* CAPABILITY IMAP4rev2\r\na1 OK begin\r\n", b"")],
    "pop3": [(b"+OK ready\r\n", b"STLS\r\n"), (b"+OK begin\r\n", b"")],
    "ftp": [(b"220 ftp\r\n", b"AUTH TLS\r\n"), (b"234 begin\r\n", b"")],
    "postgres": [(b"", b"\0\0\0\x08\x04\xd2\x16\x2f"), (b"S", b"")],
}

# Protocol, script, and what tlscat says.
BAD = {
    "refused": [("smtp", GOOD["smtp"][:2] + [(b"454 not now\r\n", b"")], "refuses: 454 not now"),
                ("imap", GOOD["imap"][:1] + [(b"a1 BAD no\r\n", b"")], "refuses: a1 BAD no"),
                ("pop3", GOOD["pop3"][:1] + [(b"-ERR no\r\n", b"")], "refuses: -ERR no"),
                ("ftp", GOOD["ftp"][:1] + [(b"500 what\r\n", b"")], "refuses: 500 what"),
                ("postgres", GOOD["postgres"][:1] + [(b"N", b"")], "refuses")],
    "injected": [(name, script[:-1] + [(script[-1][0] + b"250 injected\r\n", b"")], "in the clear")
                 for name, script in GOOD.items()],
    "not offered": [("smtp", GOOD["smtp"][:1] + [(b"250-mx\r\n250 XSTARTTLS\r\n", b"")], "does not offer"),
                    ("imap", [(b"* PREAUTH ready\r\n", b"")], "refuses: * PREAUTH")],
    "no end": [("smtp", [(b"220-again\r\n" * 200, b"")], "does not end"),
               ("pop3", [(b"+OK" + b"x" * 5000 + b"\r\n", b"")], "too long"),
               ("imap", GOOD["imap"][:1] + [(b"* NOOP\r\n" * 200, b"")], "does not end"),
               ("ftp", [(b"22\x000\r\n", b"")], "no text")],
    "closed": [(name, script[:1] and [(b"", None)], "") for name, script in GOOD.items()],
    "control characters": [("pop3", [(b"\x1b[2J-ERR\r\n", b"")], "refuses: ?[2J-ERR")],
}


def add_all(runner: Runner, shared: Shared):
    for name in GOOD:
        runner.add("starttls", "TLS behind it", name, lambda n=name: converse(n))
    for row, cases in BAD.items():
        for name, script, says in cases:
            runner.add("starttls", row, name, lambda n=name, s=script, w=says: refuses(n, s, w))


def exactly(conn, wanted):
    got = b""
    while len(got) < len(wanted):
        chunk = conn.recv(len(wanted) - len(got))
        if not chunk:
            break
        got += chunk
    expect(got == wanted, f"the client said {got!r}, not {wanted!r}")


@contextlib.contextmanager
def scripted(script, behind):
    """A server for one connection; `behind` gets the socket when the plain text is over."""
    failures = []

    def serve(listener):
        try:
            raw, _ = listener.accept()
            with raw:
                raw.settimeout(TIMEOUT)
                for say, hear in script:
                    raw.sendall(say)
                    if hear is None:
                        return
                    exactly(raw, hear)
                behind(raw)
        except Exception as failure:  # told to the test's own thread
            failures.append(failure)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(TIMEOUT)
        thread = threading.Thread(target=serve, args=(listener,))
        thread.start()
        yield listener.getsockname()[1], failures
        thread.join()


def connect(port, name):
    command = [TLSCAT, "connect", f"127.0.0.1:{port}", "--ca", CA, "--name", "localhost", "--starttls", name]
    return run(command, peers.LINE + b"\n")


def converse(name):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(cert("server-rsa"), key("server-rsa"))

    def echo(raw):
        with context.wrap_socket(raw, server_side=True) as conn:
            exactly(conn, peers.LINE + b"\n")
            conn.sendall(peers.LINE)
            conn.unwrap()

    with scripted(GOOD[name], echo) as (port, failures):
        status, out, err = connect(port, name)
    expect(not failures, f"{failures}: {err}")
    expect(status == 0 and peers.LINE in out, f"status {status}: {err}")


def refuses(name, script, says):
    """tlscat ends with an error, without a word of TLS."""
    heard = []
    with scripted(script, lambda raw: heard.append(raw.recv(1))) as (port, _):
        status, out, err = connect(port, name)
    expect(status == 1 and out == b"" and "STARTTLS: " in err and says in err, f"status {status}: {err!r}")
    expect(heard in ([], [b""]), f"the client went on with {heard}")
