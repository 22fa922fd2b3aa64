"""What the tests of tlscore.compat share: contexts of either module, and servers in threads."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import pytest
from conftest import PKI

from tlscore import compat

HOST = "localhost"


def server_ctx(module: Any = compat, keypair: str = "server-p256") -> Any:
    """A server's context of the module."""
    ctx = module.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ctx.maximum_version = ssl.TLSVersion.TLSv1_2
    ctx.load_cert_chain(PKI / f"{keypair}.pem", PKI / f"{keypair}.key")
    return ctx


def client_ctx(module: Any = compat) -> Any:
    """A client's context of the module."""
    ctx = module.create_default_context(cafile=PKI / "ca.pem")
    ctx.maximum_version = ssl.TLSVersion.TLSv1_2
    return ctx


BOTH = [pytest.param(compat, id="compat"), pytest.param(ssl, id="ssl")]
"""For what has to be as it is in the ssl module."""


def ends(client: Any, server: Any, name: str | None = HOST) -> tuple[Any, Any]:
    """In memory, before the handshake."""
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    return client.wrap_bio(down, up, server_hostname=name), server.wrap_bio(up, down, server_side=True)


def handshake(client: Any, server: Any) -> None:
    """Of both ends; the error of the one that fails."""
    waiting = [client, server]
    for _ in range(6):
        for end in list(waiting):
            try:
                end.do_handshake()
                waiting.remove(end)
            except ssl.SSLWantReadError:
                pass
        if not waiting:
            return
    pytest.fail("the handshake does not end")


def shaken(client: Any, server: Any, name: str | None = HOST) -> tuple[Any, Any]:
    """The ends of two contexts, with their handshake done."""
    pair = ends(client, server, name)
    handshake(*pair)
    return pair


@contextmanager
def serving(handle: Callable[[socket.socket], None], *, count: int = 1) -> Iterator[int]:
    """A port of localhost whose connections `handle` gets, each behind the other."""
    failures: list[BaseException] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(20)

        def run() -> None:
            try:
                for _ in range(count):
                    sock, _address = listener.accept()
                    with sock:
                        sock.settimeout(20)
                        handle(sock)
            except BaseException as error:
                failures.append(error)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        thread.join(20)
        assert not thread.is_alive(), "the server hangs"
    if failures:
        raise failures[0]


def echoing(ctx: Any) -> Callable[[socket.socket], None]:
    """Echoes until the client closes."""

    def handle(sock: socket.socket) -> None:
        with ctx.wrap_socket(sock, server_side=True, suppress_ragged_eofs=False) as tls:
            while data := tls.recv(65536):
                tls.sendall(data)
            tls.unwrap()

    return handle


def connected(ctx: Any, port: int, **more: Any) -> Any:
    """A client's socket with its handshake done."""
    sock = socket.create_connection(("127.0.0.1", port), timeout=20)
    return ctx.wrap_socket(sock, server_hostname=HOST, **more)


MODULES: list[tuple[ModuleType, ModuleType]] = [(compat, ssl), (ssl, compat), (compat, compat)]
"""Client, server."""
