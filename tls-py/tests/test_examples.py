"""The other examples, run as a reader would."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from compat_peers import HOST, client_ctx, connected
from conftest import PKI, ROOT

EXAMPLES = ROOT / "examples/python"


@contextmanager
def running(name: str, *more: Any, said: list[str] | None = None) -> Iterator[int]:
    """A server's port; what it prints behind that is in `said` at the end."""
    arguments = [sys.executable, EXAMPLES / name, "0", PKI / "server-p256.pem", PKI / "server-p256.key", *more]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline().split()[-1])
        finally:
            process.kill()
            if said is not None:
                said += process.stdout.read().splitlines()


@pytest.mark.parametrize("server", ["poll_server.py", "echo_server.py"])
def test_servers_echo(server: str) -> None:
    with running(server) as port:
        data = bytes(range(256)) * 4096
        clients = [connected(client_ctx(), port) for _ in range(3)]
        for tls in clients:
            sender = threading.Thread(target=tls.sendall, args=(data,))
            sender.start()
            got = bytearray()
            while len(got) < len(data):
                got += tls.recv(65536)
            sender.join(20)
            assert got == data
        for tls in clients:
            tls.unwrap().close()


@contextmanager
def redis(directory: Path) -> Iterator[str]:
    """The URL of a Redis of our own."""
    pytest.importorskip("redis")
    program = shutil.which("redis-server") or pytest.skip("there is no redis-server")
    path = directory / "redis.socket"
    arguments = [program, "--port", "0", "--unixsocket", path, "--save", "", "--dir", directory]
    with subprocess.Popen(arguments, stdout=subprocess.DEVNULL) as process:
        for _ in range(200):
            if path.exists():
                break
            time.sleep(0.05)
        try:
            yield f"unix://{path}"
        finally:
            process.kill()


def session_through(port: int, session: Any = None) -> Any:
    """A connection that echoes, with that session; the session it ends with."""
    ctx = client_ctx() if session is None else session._context
    with connected(ctx, port, session=session) as tls:
        tls.sendall(b"hello")
        assert tls.recv(16) == b"hello"
        return tls.session


def test_two_servers_share_sessions_in_redis(tmp_path: Path) -> None:
    key, said = tmp_path / "ticket.key", list[str]()
    key.write_bytes(bytes(range(80)))
    with redis(tmp_path) as url:
        with running("shared_sessions.py", key, url, said=said) as one, running("shared_sessions.py", key, url, said=said) as two:
            session = session_through(one)
            session_through(two, session)
    assert sorted(said) == ["full handshake", "resumed"]


def test_a_redis_that_is_gone_costs_full_handshakes(tmp_path: Path) -> None:
    pytest.importorskip("redis")
    key, said = tmp_path / "ticket.key", list[str]()
    key.write_bytes(bytes(range(80)))
    with running("shared_sessions.py", key, f"unix://{tmp_path}/nobody", said=said) as port:
        session_through(port, session_through(port))
    assert said == ["full handshake", "full handshake"]


def test_recipes() -> None:
    for module in ("requests", "httpx", "aiohttp"):
        pytest.importorskip(module)
    from http.server import ThreadingHTTPServer

    from compat_peers import server_ctx
    from test_consumers_http import Handler

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.socket = server_ctx().wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        url = f"https://{HOST}:{server.server_port}"
        arguments: list[Any] = [sys.executable, EXAMPLES / "recipes.py", url, PKI / "ca.pem"]
        done = subprocess.run(arguments, capture_output=True, text=True, timeout=60)
        server.shutdown()
        thread.join(20)
    assert done.stdout == "requests 200\nhttpx 200 HTTP/1.1\naiohttp 200\n", done.stderr
