"""What is left of connections: memory, references, processes that fork or end while some are open."""

from __future__ import annotations

import gc
import os
import resource
import ssl

import pytest
from compat_peers import client_ctx, server_ctx, shaken
from conftest import Pair, client_context, in_new_interpreter, server_context

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
