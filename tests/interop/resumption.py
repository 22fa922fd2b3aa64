"""Sessions are resumed, by ticket and by session ID, in both directions; and where they must not be, nothing
fails: the handshake is a full one."""

import base64
import os
import re
import tempfile
from contextlib import ExitStack
from pathlib import Path

import others
import peers
from harness import CA, Runner, Shared, cert, expect, key, run

TICKET, ID = "resumed by ticket", "resumed by ID"
ROWS = (TICKET, ID)


def add_all(runner: Runner, shared: Shared):
    for row in ROWS:
        for name, to, back in (("openssl", to_openssl, from_openssl), ("gnutls", to_gnutls, from_gnutls)):
            runner.add("resumption", row, f"to {name}", lambda r=row, f=to: f(r))
            runner.add("resumption", row, f"from {name}", lambda r=row, f=back: f(r))
        runner.add("resumption", f"{row}, five times", "from openssl", lambda r=row: reconnect(r))
        runner.add("resumption", f"{row}, client certificate", "to openssl", lambda r=row: to_openssl(r, certified=True))
        runner.add("resumption", row, "ourselves", lambda r=row: ourselves(r))
    for form in ("48 bytes", "80 bytes", "haproxy"):
        runner.add("resumption", f"another host, key file: {form}", "from openssl", lambda f=form: from_openssl_to_two(f))
    runner.add("resumption", "another host, other keys", "from openssl", other_keys)
    runner.add("resumption", "a broken session file", "ourselves", broken_file)
    others.for_each(runner, shared, "resumption", add_peer)


class Sessions:
    """Our client with a session file: connects to a port, and says whether it resumed."""

    def __init__(self, stack, row):
        self.file = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "session"
        self.options = ["--session", self.file, *(["--no-tickets"] if row == ID else [])]

    def connect(self, port, *options, **more):
        return peers.tlscat_connect(port, *self.options, *options, **more).resumed


def to_twice(row, server, *options, **more):
    """The first connection of our client makes the session, the others resume it."""
    with ExitStack() as stack:
        stack.enter_context(server)
        client = Sessions(stack, row)
        found = [client.connect(server.port, *options, **more) for _ in range(3)]
        expect(found == ["no", "yes", "yes"], f"resumed: {found}")
        mode = client.file.stat().st_mode & 0o777
        expect(mode == 0o600, f"the session file has mode {mode:o}")


def to_openssl(row, certified=False):
    options = ["-no_ticket"] if row == ID else []
    ours = []
    if certified:
        # A server that asks for certificates names the purpose of its sessions.
        options += ["-Verify", "1", "-verify_return_error", "-CAfile", CA]
        ours = ["--cert", cert("client-p256"), "--key", key("client-p256")]
    to_twice(row, peers.openssl_serve(*options), *ours, answer=peers.openssl_answer())


def to_gnutls(row):
    options = ["--noticket"] if row == ID else ["--nodb"]
    to_twice(row, peers.gnutls_serve(*options), answer=peers.LINE)


def ourselves(row):
    to_twice(row, peers.tlscat_serve(), answer=peers.LINE)
    # Without tickets and without a cache there is nothing to resume.
    with ExitStack() as stack:
        server = stack.enter_context(peers.tlscat_serve("--no-tickets", "--no-cache"))
        client = Sessions(stack, row)
        found = [client.connect(server.port, answer=peers.LINE) for _ in range(2)]
        expect(found == ["no", "no"], f"resumed: {found}")


def openssl_twice(row, first, second):
    """s_client with a session file, to one port and then to another; whether the second one resumed."""
    options = ["-no_ticket"] if row == ID else []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "session"
        one = peers.openssl_connect(first.port, *options, "-sess_out", file)
        expect(one.resumed == "no" and file.exists(), str(one))
        return peers.openssl_connect(second.port, *options, "-sess_in", file).resumed


def from_openssl(row):
    with peers.tlscat_serve() as server:
        found = openssl_twice(row, server, server)
        expect(found == "yes", f"resumed: {found}")
        server.process.wait_for(r"TLSv1\.2 .*verified=no .*resumed=yes")


def reconnect(row):
    """s_client -reconnect: five more connections with the session of the first."""
    options = ["-no_ticket"] if row == ID else []
    with peers.tlscat_serve() as server:
        command = ["openssl", "s_client", "-connect", f"127.0.0.1:{server.port}", "-tls1_2", "-CAfile", CA]
        status, out, err = run([*command, "-servername", "localhost", "-reconnect", *options])
        text = out.decode("utf-8", "replace")
        expect(status == 0, f"s_client: status {status}: {err[-400:]}")
        counts = len(re.findall(r"^New, TLSv1", text, re.M)), len(re.findall(r"^Reused, TLSv1", text, re.M))
        expect(counts == (1, 5), f"new and reused: {counts}")


def from_gnutls(row):
    options = ["--noticket"] if row == ID else []
    with peers.tlscat_serve() as server:
        peers.gnutls_connect(server.port, "--resume", *options, resumes=True)
        server.process.wait_for(r"TLSv1\.2 .*resumed=yes")


def key_file(folder, form):
    """Ticket keys as nginx (one raw key) and haproxy (lines of base64) have them."""
    file = Path(folder) / "keys"
    if form == "haproxy":
        file.write_bytes(b"".join(base64.b64encode(os.urandom(48)) + b"\n" for _ in range(4)))
    else:
        file.write_bytes(os.urandom(int(form.split()[0])))
    return file


def from_openssl_to_two(form):
    """A session of one host is resumed on another one with the same key file."""
    with tempfile.TemporaryDirectory() as folder:
        keys = ["--ticket-keys", key_file(folder, form)]
        with peers.tlscat_serve(*keys) as one, peers.tlscat_serve(*keys) as two:
            found = openssl_twice(TICKET, one, two)
            expect(found == "yes", f"resumed: {found}")


def other_keys():
    with tempfile.TemporaryDirectory() as folder:
        keys = ["--ticket-keys", key_file(folder, "80 bytes")]
        with peers.tlscat_serve(*keys) as one, peers.tlscat_serve() as two:
            found = openssl_twice(TICKET, one, two)
            expect(found == "no", f"resumed: {found}")


def broken_file():
    with ExitStack() as stack:
        server = stack.enter_context(peers.tlscat_serve())
        client = Sessions(stack, TICKET)
        for rubbish in (b"", b"no session", os.urandom(3000)):
            client.file.write_bytes(rubbish)
            found = client.connect(server.port, answer=peers.LINE)
            expect(found == "no", f"resumed: {found}")
        found = client.connect(server.port, answer=peers.LINE)
        expect(found == "yes", f"the file that took its place: {found}")


def add_peer(_peer, add):
    for row in ROWS:
        options = ["tickets=no"] if row == ID else []
        add(row, "to", lambda p, r=row, o=options: to_twice(r, p.serve(*o), answer=peers.LINE))
        add(row, "from", lambda p, o=options: from_peer(p, o))


def from_peer(peer, options):
    with peers.tlscat_serve() as server:
        found = [facts["resumed"] for facts in peer.connect(server.port, *options, "times=3")]
        expect(found == ["no", "yes", "yes"], f"resumed: {found}")
