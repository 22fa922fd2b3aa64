"""What the tests share: the test PKI, and two connections that talk through memory."""

from __future__ import annotations

import socket
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import tlscore

ROOT = Path(__file__).resolve().parents[2]
PKI = ROOT / "tests" / "pki"
NAME = "example.test"


def server_context(keypair: str = "server-p256") -> tlscore.Context:
    ctx = tlscore.Context(tlscore.SERVER)
    ctx.add_keypair_file(PKI / f"{keypair}.pem", PKI / f"{keypair}.key")
    return ctx


def client_context(ca: str = "ca") -> tlscore.Context:
    ctx = tlscore.Context()
    ctx.add_ca_file(PKI / f"{ca}.pem")
    return ctx


def move(source: tlscore.Connection, target: tlscore.Connection) -> int:
    """Carries what `source` has sealed to `target`; bytes moved."""
    data = source.drain()
    fed = target.feed(data)
    assert fed == len(data), "what a connection drains at once fits the peer's buffer"
    return fed


def shake(client: tlscore.Connection, server: tlscore.Connection) -> None:
    """Runs the handshake of both sides through memory; the error of the side that fails is raised."""
    pending = [client, server]
    for _ in range(20):
        for conn, peer in ((client, server), (server, client)):
            if conn in pending:
                try:
                    conn.handshake()
                    pending.remove(conn)
                except (tlscore.WantRead, tlscore.WantWrite):
                    pass
            move(conn, peer)
        if not pending:
            return
    pytest.fail("the handshake does not end")


def finish(*conns: tlscore.Connection) -> None:
    """Runs the handshake of connections that have transports to each other."""
    pending = list(conns)
    for _ in range(8):
        for conn in list(pending):
            try:
                conn.handshake()
                pending.remove(conn)
            except tlscore.WantRead:
                pass
        if not pending:
            return
    pytest.fail("the handshake does not end")


class Pair:
    """An established client and server."""

    def __init__(
        self,
        client_ctx: tlscore.Context | None = None,
        server_ctx: tlscore.Context | None = None,
        name: str = NAME,
    ) -> None:
        self.client = tlscore.Connection(client_ctx or client_context(), name)
        self.server = tlscore.Connection(server_ctx or server_context(), server_side=True)
        shake(self.client, self.server)


@pytest.fixture
def pair() -> Pair:
    return Pair()


@pytest.fixture
def sockets() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Two connected sockets with a timeout, so that a failing test ends."""
    a, b = socket.socketpair()
    with a, b:
        a.settimeout(20)
        b.settimeout(20)
        yield a, b


class Peer:
    """Runs `body` in a thread; `join` gives its result or raises its exception."""

    def __init__(self, body: Callable[[], Any]) -> None:
        self._body = body
        self._result: Any = None
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._result = self._body()
        except BaseException:
            self._error = sys.exc_info()[1]

    def join(self) -> Any:
        self._thread.join(30)
        assert not self._thread.is_alive(), "the peer hangs"
        if self._error is not None:
            raise self._error
        return self._result


def in_new_interpreter(code: str, said: str = "") -> None:
    """Runs it strictly; it must end well and say that and nothing else."""
    program = f"PKI = {str(PKI)!r}\n" + textwrap.dedent(code)
    strict = [sys.executable, "-X", "dev", "-X", "faulthandler", "-W", "error", "-c", program]
    done = subprocess.run(strict, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0 and not done.stderr, done.stderr
    assert done.stdout == said
