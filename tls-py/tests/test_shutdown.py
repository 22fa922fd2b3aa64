"""An interpreter that ends while a daemon thread is inside of a callback: CPython before 3.14 ends the thread there, with the
callers of the callback on its stack. The process must end well."""

from __future__ import annotations

import pytest
from conftest import PKI, in_new_interpreter

# The thread sleeps in its callback when the program ends; it wakes up, and wants the interpreter, while that is being
# taken down, which lasts as long as `Slow` sleeps.
BEGIN = """
import ssl, sys, threading, time, types
import tlscore
from tlscore import compat

inside = threading.Event()

def callback(*_, sleep=time.sleep):
    inside.set()
    sleep(0.2)

class Slow:
    def __del__(self, sleep=time.sleep):
        sleep(0.5)

sys.modules["slow"] = types.ModuleType("slow")
sys.modules["slow"].slow = Slow()
server, client = tlscore.Context(tlscore.SERVER), tlscore.Context()
server.add_keypair_file(PKI + "/server-p256.pem", PKI + "/server-p256.key")
client.add_ca_file(PKI + "/ca.pem")
incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()

def shake():
    a = tlscore.Connection(client, "example.test", bio=(incoming, outgoing))
    b = tlscore.Connection(server, server_side=True, bio=(outgoing, incoming))
    while not (a.established and b.established):
        for end in a, b:
            try:
                end.handshake()
            except tlscore.WantRead:
                pass
    b.read()

work = shake
"""

END = """
threading.Thread(target=work, daemon=True).start()
assert inside.wait(10)
"""

KINDS = {
    "hello": "server.set_hello_callback(callback)",
    "trace": "client.set_trace(callback)",
    "key log": "client.danger_set_key_log(callback)",
    "verify": "client.set_verify_callback(callback)",
    "key": """
import pathlib
server.clear_keypairs()
server.add_keypair_external(pathlib.Path(PKI, "server-p256.pem").read_text(), callback)
""",
    "store": "server.set_session_store(lambda *_: None, callback); client.set_tickets(False)",
    "psk": """
server.set_psk_callbacks(server=callback)
client.set_psk(b"me", bytes(32))
for context in server, client:
    context.set_policy("legacy")
    context.set_cipher_list("PSK")
""",
    "password": """
work = lambda: server.add_keypair_file(PKI + "/server-rsa.pem", PKI + "/server-rsa-encrypted.key", callback)
""",
    "sni": """
def work():
    context = compat.SSLContext(compat.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(PKI + "/server-p256.pem", PKI + "/server-p256.key")
    context.sni_callback = callback
    a = tlscore.Connection(client, "example.test", bio=(incoming, outgoing))
    b = context.wrap_bio(outgoing, incoming, server_side=True)
    try:
        a.handshake()
    except tlscore.WantRead:
        b.do_handshake()
""",
    "bio": """
class Bio:
    eof = False
    def read(self, n):
        callback()
        return b""
    def write(self, data):
        return len(data)

incoming = Bio()
""",
    "eof": """
class Bio:
    @property
    def eof(self):
        callback()
        return False
    def read(self, n):
        return b""
    def write(self, data):
        return len(data)

incoming = Bio()
""",
    "gettimeout": """
import socket
near, far = socket.socketpair()

class Socket:
    def fileno(self):
        return near.fileno()
    @property
    def gettimeout(self):
        callback()
        return lambda: None

work = lambda: tlscore.Connection(client, "example.test", sock=Socket()).handshake()
""",
    "unraisable": """
sys.unraisablehook = callback
client.set_trace(lambda line: 1 / 0)
""",
    "fileno": """
class Socket:
    def fileno(self):
        callback()
        return 0

work = lambda: tlscore.Connection(client, "example.test", sock=Socket())
""",
    "wake": """
def work():
    asked = []
    server.set_hello_callback(lambda hello: asked.append(hello.pending) or asked[0])
    a = tlscore.Connection(client, "example.test", bio=(incoming, outgoing))
    b = tlscore.Connection(server, server_side=True, bio=(outgoing, incoming))
    try:
        a.handshake()
    except tlscore.WantRead:
        pass
    try:
        b.handshake()
    except tlscore.WantApp:
        b.set_wake(callback)
        asked[0].answer(None)
""",
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_thread_in_a_callback_is_not_unwound(kind: str) -> None:
    in_new_interpreter(BEGIN + KINDS[kind] + END)


def test_a_connection_whose_callback_never_ended_is_refused() -> None:
    """Its lock is held for ever by then: whoever cleans up must not wait for it."""
    in_new_interpreter(
        BEGIN
        + """
client.set_trace(callback)
sys.modules["slow"].conn = conn = tlscore.Connection(client, "example.test", bio=(incoming, outgoing))

class Late(Slow):
    def __init__(self, conn, wrong_order=tlscore.UsageError):
        self.conn, self.wrong_order = conn, wrong_order

    def __del__(self, sleep=time.sleep):
        sleep(0.5)
        try:
            self.conn.read()
        except self.wrong_order as error:
            assert error.name == "WRONG_ORDER" and "interpreter ends" in error.text
        else:
            assert False

sys.modules["slow"].slow = Late(conn)

def work():
    conn.handshake()
"""
        + END
    )


@pytest.mark.parametrize("listener", ["client.set_trace(lambda line: None)", "client.danger_set_key_log(print)", ""])
def test_destructors_use_connections(listener: str) -> None:
    """The last of them run when CPython calls itself not initialized any more."""
    in_new_interpreter(
        BEGIN
        + f"""
near, far = __import__("socket").socketpair()
{listener}

class Late:
    def __init__(self):
        self.over = [
            tlscore.Connection(client, "example.test", bio=(incoming, outgoing)),
            tlscore.Connection(client, "example.test", sock=near),
            compat.create_default_context().wrap_bio(incoming, outgoing, server_hostname="example.test"),
        ]
        self.near, self.far = near, far
        near.setblocking(False)

    def __del__(self, want=ssl.SSLWantReadError, write=__import__("os").write):
        for conn in self.over:
            try:
                conn.handshake() if hasattr(conn, "handshake") else conn.do_handshake()
            except want:
                write(1, b"wants")
        self.near.close(), self.far.close()

sys.modules["slow"].slow = Late()
del near, far
""",
        "wants" * 3,
    )
