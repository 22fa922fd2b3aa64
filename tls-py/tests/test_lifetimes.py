"""What is left of connections: memory, references, processes that fork or end while some are open."""

from __future__ import annotations

import gc
import os
import resource
import ssl
import weakref
from typing import Any

import pytest
from compat_peers import client_ctx, server_ctx, shaken
from conftest import NAME, Pair, client_context, in_new_interpreter, server_context

import tlscore
from tlscore import compat


def shake(client: compat.SSLContext, server: compat.SSLContext) -> None:
    left, right = shaken(client, server)
    left.write(b"x")
    assert right.read(1) == b"x"


@pytest.mark.parametrize("kind", ["native", "compat"])
def test_many_connections_leave_nothing(kind: str) -> None:
    if kind == "native":
        native = client_context(), server_context()
        connect = lambda: Pair(*native)  # noqa: E731
    else:
        both = client_ctx(), server_ctx()
        connect = lambda: shake(*both)  # type: ignore[assignment, return-value]  # noqa: E731
    for _ in range(300):
        connect()
    gc.collect()
    before, objects = memory(), len(gc.get_objects())
    for _ in range(1000):
        connect()
    gc.collect()
    assert len(gc.get_objects()) - objects < 100
    assert memory() - before < 2 << 20


def memory() -> int:
    """Bytes of the process that are resident."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


def test_failed_connections_leave_nothing() -> None:
    client, server = compat.create_default_context(), server_ctx()

    def connect() -> None:
        with pytest.raises(ssl.SSLError):
            shake(client, server)

    for _ in range(20):
        connect()
    gc.collect()
    objects = len(gc.get_objects())
    for _ in range(100):
        connect()
    gc.collect()
    assert len(gc.get_objects()) - objects < 100


def test_an_interpreter_ends_with_connections_open() -> None:
    in_new_interpreter(
        """
        import socket, threading
        from tlscore import compat
        server = compat.SSLContext(compat.PROTOCOL_TLS_SERVER)
        server.load_cert_chain(PKI + "/server-p256.pem", PKI + "/server-p256.key")
        server.sni_callback = lambda *_: None
        client = compat.create_default_context(cafile=PKI + "/ca.pem")
        a, b = socket.socketpair()
        thread = threading.Thread(target=lambda: kept.append(server.wrap_socket(b, server_side=True)))
        kept = []
        thread.start()
        kept.append(client.wrap_socket(a, server_hostname="localhost"))
        thread.join()
        kept[0].sendall(b"x")
        for tls in kept:
            tls.detach()
        kept.append(kept)
        """
    )


def test_an_interpreter_ends_while_a_thread_waits() -> None:
    in_new_interpreter(
        """
        import socket, threading, time
        from tlscore import compat
        a, b = socket.socketpair()
        client = compat.create_default_context(cafile=PKI + "/ca.pem")
        wait = lambda: client.wrap_socket(a, server_hostname="localhost")
        threading.Thread(target=wait, daemon=True).start()
        time.sleep(0.2)
        """
    )


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_fork_has_randomness_of_its_own() -> None:
    client, server = client_context(), server_context()
    read, write = os.pipe()
    hellos = []
    server.set_hello_callback(lambda hello: hellos.append(hello.random))  # type: ignore[arg-type, return-value, func-returns-value]
    Pair(client, server)
    child = os.fork()
    if not child:
        Pair(client, server)
        os.write(write, hellos[-1])
        os._exit(0)
    os.close(write)
    Pair(client, server)
    assert os.waitpid(child, 0)[1] == 0
    theirs = os.read(read, 32)
    os.close(read)
    assert len(theirs) == 32 and theirs not in hellos


class Owner:
    """Like a program's own transport, which holds its connection."""

    eof = False

    def read(self, n: int = -1, /) -> bytes:
        return b""

    def write(self, data: bytes, /) -> int:
        return len(data)

    def fileno(self) -> int:
        return 0

    def convert(self, error: Exception) -> Exception:
        return error


@pytest.mark.parametrize("by", ["bio", "raising", "sock"])
def test_who_holds_a_connection_that_refers_to_it_is_collected(by: str) -> None:
    owner: Any = Owner()
    held = {"bio": {"bio": (owner, owner)}, "raising": {"raising": owner.convert}, "sock": {"sock": owner}}[by]
    owner.conn = tlscore.Connection(client_context(), NAME, **held)
    gone = weakref.ref(owner)
    del owner, held
    gc.collect()
    assert gone() is None


def test_a_class_in_the_place_of_memory_bio_gets_bytes_that_it_may_keep(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[Any] = []

    class Keeping(Owner):
        def write(self, data: bytes, /) -> int:
            kept.append(data)
            return len(data)

    monkeypatch.setattr(ssl, "MemoryBIO", Keeping)
    bio = Keeping()
    with pytest.raises(tlscore.WantRead):
        tlscore.Connection(client_context(), NAME, bio=(bio, bio)).handshake()
    assert [type(data) for data in kept] == [bytes]
