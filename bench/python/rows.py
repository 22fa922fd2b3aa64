"""What is measured: each row's work for one implementation, tlscore.compat or ssl, both ends in this process."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

PKI = Path(__file__).resolve().parents[2] / "tests" / "pki"
HOST = "localhost"
RSA, ECDSA = "server-rsa", "server-p256"
SUITES = "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES128-GCM-SHA256"

Work = Callable[[], object]
"""Done once for each unit of a row."""


def contexts(module: ModuleType, keypair: str) -> tuple[Any, Any]:
    """A client's and a server's: TLS 1.2, one suite for each kind of key, x25519 as both prefer it."""
    server = module.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(PKI / f"{keypair}.pem", PKI / f"{keypair}.key")
    client = module.create_default_context(cafile=PKI / "ca.pem")
    for context in (client, server):
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers(SUITES)
    return client, server


def shaken(ends: list[Any]) -> None:
    """Runs the handshake of both, each as far as it comes, in turn."""
    while ends:
        for end in list(ends):
            try:
                end.do_handshake()
                ends.remove(end)
            except ssl.SSLWantReadError:
                pass


class Loopback:
    """Pairs of TCP connections on 127.0.0.1, of one implementation."""

    def __init__(self, module: ModuleType, keypair: str = ECDSA) -> None:
        self.client, self.server = contexts(module, keypair)
        self.listener = socket.create_server(("127.0.0.1", 0))

    def sockets(self) -> tuple[socket.socket, socket.socket]:
        """Connected, non-blocking, without Nagle's algorithm: a reply must not wait for an acknowledgement."""
        left = socket.create_connection(self.listener.getsockname())
        right, _address = self.listener.accept()
        for sock in (left, right):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.setblocking(False)
        return left, right

    def handshake(self, left: Any, right: Any, session: Any = None) -> tuple[Any, Any]:
        """Both ends over these sockets."""
        client = self.client.wrap_socket(
            left, server_hostname=HOST, do_handshake_on_connect=False, session=session
        )
        server = self.server.wrap_socket(right, server_side=True, do_handshake_on_connect=False)
        shaken([client, server])
        return client, server

    def connected(self) -> tuple[Any, Any]:
        """Both ends with their handshake done; blocking, as most programs have them."""
        ends = self.handshake(*self.sockets())
        for end in ends:
            end.setblocking(True)
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 << 20)
            end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        return ends


@contextmanager
def full(module: ModuleType, keypair: str) -> Iterator[Work]:
    """Connections that are there, then a full handshake with verification over them; closed again."""
    over = Loopback(module, keypair)

    def work() -> None:
        for end in over.handshake(*over.sockets()):
            end.close()

    yield work


@contextmanager
def resumed(module: ModuleType) -> Iterator[Work]:
    """The same with a session of a connection before."""
    over = Loopback(module)
    before, _server = over.connected()
    before.settimeout(0)
    session = before.session

    def work() -> None:
        client, server = over.handshake(*over.sockets(), session)
        assert client.session_reused
        client.close()
        server.close()

    yield work


@contextmanager
def bulk(module: ModuleType, size: int) -> Iterator[Work]:
    """A write of so many bytes and what it takes to read them, by recv_into as large as a record allows."""
    client, server = Loopback(module).connected()
    data, room = bytes(size), bytearray(1 << 16)

    def work() -> None:
        client.sendall(data)
        left = size
        while left:
            left -= server.recv_into(room)

    yield work


@contextmanager
def ping(module: ModuleType, size: int) -> Iterator[Work]:
    """So many bytes to the server and back."""
    client, server = Loopback(module).connected()
    data = bytes(size)

    def work() -> None:
        client.sendall(data)
        server.sendall(server.recv(1024))
        client.recv(1024)

    yield work


@contextmanager
def memory(module: ModuleType, size: int) -> Iterator[Work]:
    """A write into memory and what it takes to read it on the other side."""
    client_ctx, server_ctx = contexts(module, ECDSA)
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = client_ctx.wrap_bio(down, up, server_hostname=HOST)
    server = server_ctx.wrap_bio(up, down, server_side=True)
    shaken([client, server])
    data, room = bytes(size), bytearray(1 << 16)

    def work() -> None:
        client.write(data)
        left = size
        while left:
            left -= server.read(len(room), room)

    yield work


@contextmanager
def streams(module: ModuleType, size: int, window: int) -> Iterator[Work]:
    """asyncio's streams: messages of `size` bytes, `window` of them to the server before all are awaited back."""
    client_ctx, server_ctx = contexts(module, ECDSA)
    loop = asyncio.new_event_loop()
    data = bytes(size)

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while message := await reader.read(1 << 16):
            writer.write(message)
            await writer.drain()

    async def start() -> tuple[Any, Any, Any]:
        server = await asyncio.start_server(echo, "127.0.0.1", 0, ssl=server_ctx)
        port = server.sockets[0].getsockname()[1]
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=client_ctx, server_hostname=HOST)
        return server, reader, writer

    server, reader, writer = loop.run_until_complete(start())

    async def turns(count: int) -> None:
        for _ in range(count):
            for _ in range(window):
                writer.write(data)
            await reader.readexactly(size * window)

    # One entry into the loop for many turns: entering it is not what is measured.
    yield lambda: loop.run_until_complete(turns(TURNS))
    writer.transport.abort()
    server.close()
    loop.run_until_complete(asyncio.sleep(0.01))
    loop.close()


TURNS = 20
"""Turns of one unit of work of `streams`."""
