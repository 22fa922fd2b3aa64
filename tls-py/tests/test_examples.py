"""The other examples, run as a reader would."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from compat_peers import HOST, client_ctx, connected
from conftest import PKI, ROOT

EXAMPLES = ROOT / "examples/python"


@contextmanager
def running(name: str) -> Iterator[int]:
    arguments = [sys.executable, EXAMPLES / name, "0", PKI / "server-p256.pem", PKI / "server-p256.key"]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield int(process.stdout.readline().split()[-1])
        process.kill()


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
