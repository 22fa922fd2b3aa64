"""Does anything stay behind connections? soak.py [CONNECTIONS]: 100000 of each kind; fails where memory or objects grow.

Kinds: native and compat, full, resumed, refused and given up in the middle, with client certificates, pre-shared keys and
callbacks (also ones that raise), in memory; both over sockets with threads.
"""

from __future__ import annotations

import gc
import os
import resource
import socket
import ssl
import sys
import threading
from collections.abc import Callable

import rows
import tlscore
from tlscore import compat

GROWTH = 2 << 20
"""Bytes of resident memory that may come and go between the first tenth and the end."""
OBJECTS = 50
"""Objects that the collector knows."""
BLOCKS = 1000
"""Blocks of the interpreter's allocator: all other objects too, bytes, text and numbers among them."""


def native(client: tlscore.Context, server: tlscore.Context, *, ends: bool = True) -> None:
    """A connection in memory, with a callback's help; or half of one."""
    left = tlscore.Connection(client, rows.HOST)
    right = tlscore.Connection(server, server_side=True)
    waiting = [left, right] if ends else [left]
    while waiting:
        for conn, peer in ((left, right), (right, left)):
            try:
                conn.handshake()
                if conn in waiting:
                    waiting.remove(conn)
            except (tlscore.WantRead, tlscore.WantWrite):
                pass
            peer.feed(conn.drain())
            if not ends:
                return
    left.write(b"x")
    right.feed(left.drain())
    assert right.read() == b"x"


def in_memory(client: ssl.SSLContext, server: ssl.SSLContext, session: object = None) -> object:
    """A connection between two MemoryBIOs; its session."""
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    left = client.wrap_bio(down, up, server_hostname=rows.HOST, session=session)  # type: ignore[arg-type]
    rows.shaken([left, server.wrap_bio(up, down, server_side=True)])
    return left.session


def refused(client: ssl.SSLContext, server: ssl.SSLContext) -> None:
    """One that fails."""
    try:
        in_memory(client, server)
    except ssl.SSLError:
        return
    raise AssertionError("it was accepted")


def native_over_sockets(client: tlscore.Context, server: tlscore.Context) -> None:
    """A client here, its server in a thread."""
    left, right = socket.socketpair()
    with left, right:
        there = tlscore.Connection(server, server_side=True, sock=right)
        thread = threading.Thread(target=there.handshake)
        thread.start()
        here = tlscore.Connection(client, rows.HOST, sock=left)
        here.handshake()
        thread.join()
        here.write(b"hello")
        assert there.read() == b"hello"


def mutual() -> tuple[compat.SSLContext, compat.SSLContext]:
    """Contexts with client certificates, and an sni_callback that chooses another one."""
    left, right = rows.contexts(compat, rows.ECDSA)
    left.load_cert_chain(rows.PKI / "client-p256.pem", rows.PKI / "client-p256.key")
    right.load_verify_locations(rows.PKI / "ca.pem")
    right.verify_mode = ssl.CERT_REQUIRED
    base = rows.contexts(compat, rows.ECDSA)[1]
    base.sni_callback = lambda end, name, ctx: setattr(end, "context", right)
    return left, base


def keyed() -> tuple[compat.SSLContext, compat.SSLContext]:
    """Contexts with a pre-shared key alone."""
    pair = rows.contexts(compat, rows.ECDSA)
    for ctx in pair:
        ctx.set_ciphers("ECDHE-PSK-AES128-GCM-SHA256")
    pair[0].set_psk_client_callback(lambda hint: ("client", bytes(range(32))))
    pair[1].set_psk_server_callback(lambda identity: bytes(range(32)))
    return pair


def failing() -> tuple[compat.SSLContext, compat.SSLContext]:
    """Contexts whose callback raises, and a hook that listens."""
    sys.unraisablehook = lambda told: None
    left, right = rows.contexts(compat, rows.ECDSA)
    right.sni_callback = lambda end, name, ctx: {}[name]
    return left, right


def over_sockets(client: ssl.SSLContext, server: ssl.SSLContext) -> None:
    """A client here, its server in a thread."""
    left, right = socket.socketpair()

    def echo() -> None:
        with server.wrap_socket(right, server_side=True) as tls:
            tls.sendall(tls.recv(16))

    thread = threading.Thread(target=echo)
    thread.start()
    with client.wrap_socket(left, server_hostname=rows.HOST) as tls:
        tls.sendall(b"hello")
        assert tls.recv(16) == b"hello"
    thread.join()


def kinds() -> dict[str, Callable[[], object]]:
    """What is repeated."""
    server, client = tlscore.Context(tlscore.SERVER), tlscore.Context()
    server.add_keypair_file(rows.PKI / "server-p256.pem", rows.PKI / "server-p256.key")
    client.add_ca_file(rows.PKI / "ca.pem")
    server.set_hello_callback(lambda hello: None)
    client.set_verify_callback(lambda review: review.pending.answer(None))
    client.set_client_session_cache(0)
    left, right = rows.contexts(compat, rows.ECDSA)
    session = in_memory(left, right)
    asked, unlucky, secret = mutual(), failing(), keyed()
    strangers = compat.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return {
        "native": lambda: native(client, server),
        "native, given up": lambda: native(client, server, ends=False),
        "native, sockets": lambda: native_over_sockets(client, server),
        "compat": lambda: in_memory(left, right),
        "compat, resumed": lambda: in_memory(left, right, session),
        "compat, refused": lambda: refused(strangers, right),
        "compat, sockets": lambda: over_sockets(left, right),
        "compat, mutual": lambda: in_memory(*asked),
        "compat, psk": lambda: in_memory(*secret),
        "compat, raising": lambda: refused(*unlucky),
    }


def resident() -> int:
    """Bytes of the process that are resident."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    failed = 0
    for name, once in kinds().items():
        for _ in range(max(200, count // 10)):
            once()
        gc.collect()
        before, objects, files = resident(), len(gc.get_objects()), descriptors()
        blocks = sys.getallocatedblocks()
        for _ in range(count):
            once()
        gc.collect()
        grown, more = resident() - before, len(gc.get_objects()) - objects
        allocated = sys.getallocatedblocks() - blocks
        good = grown < GROWTH and more < OBJECTS and allocated < BLOCKS and descriptors() == files
        failed += not good
        verdict = "flat" if good else "GROWS"
        print(f"{name:18} {count} connections: {grown / 1024:+8.0f} KiB resident, {more:+d} objects, {allocated:+d} blocks: {verdict}", flush=True)
    sys.exit(failed > 0)


def descriptors() -> int:
    """Descriptors that are open."""
    return len(os.listdir("/proc/self/fd"))


if __name__ == "__main__":
    main()
